#!/usr/bin/env python3
"""The SOFA files beside this script, and what is in them: written by sofar, netCDF4 and h5py, which are no part of ablate.

    python3 -m venv venv && venv/bin/pip install sofar h5py 'netCDF4<1.7.4' && venv/bin/python make_sofa.py

expected.json says of each file what a reader must find, worked out here from angles and places, not read back.
`hostile` has files that must be refused.
"""
import json
import os
import warnings

import h5py
import netCDF4
import numpy as np
import sofar

warnings.simplefilter("ignore")
FOLDER = os.path.dirname(os.path.abspath(__file__))
expected = {}


def path(name):
    return os.path.join(FOLDER, name)


def direction(offset):
    """Azimuth and elevation in degrees, distance in metres."""
    return [float(np.degrees(np.arctan2(offset[1], offset[0]))),
            float(np.degrees(np.arctan2(offset[2], np.hypot(offset[0], offset[1])))), float(np.linalg.norm(offset))]


def write(sofa, name, **facts):
    sofa.GLOBAL_DateCreated = sofa.GLOBAL_DateModified = "2026-01-01 00:00:00"
    sofar.write_sofa(path(name), sofa, 9)
    expected[name] = facts


def head():
    """A head in a free field: an impulse, later at the far ear by parts of a sample (Data.Delay)."""
    azimuths = [*range(0, 360, 30), 45]
    elevations = [0] * 12 + [30]
    sofa = sofar.Sofa("SimpleFreeFieldHRIR")
    sofa.GLOBAL_Title = "An impulse at two ears"
    count = len(azimuths)
    sofa.SourcePosition = np.stack([azimuths, elevations, np.full(count, 1.2)], 1)
    sofa.ReceiverPosition = np.array([[0, 0.09, 0], [0, -0.09, 0]])[:, :, None]
    sofa.Data_SamplingRate = 48000
    ir = np.zeros((count, 2, 32))
    ir[:, :, 4] = 1
    sofa.Data_IR = ir
    side = np.sin(np.radians(azimuths)) * np.cos(np.radians(elevations))
    delay = np.stack([10 - 9 * side, 10 + 9 * side], 1)
    sofa.Data_Delay = delay
    write(sofa, "head.sofa", rate=48000, microphones=[[0, 0.09, 0], [0, -0.09, 0]],
          directions=[[(a + 180) % 360 - 180 if a != 180 else 180, e, 1.2] for a, e in zip(azimuths, elevations)],
          impulses=(4 + delay).tolist())


def room():
    """An array in a room: listener and sources anywhere, the listener looks along y, impulses where sound arrives."""
    listener = np.array([2.0, 1.5, 1.2])
    # Looking along y: x of the array is y of the room, y of the array is -x of the room.
    circle = np.array([[0.05, 0, 0], [0, 0.05, 0], [-0.05, 0, 0], [0, -0.05, 0]])
    in_room = np.stack([-circle[:, 1], circle[:, 0], circle[:, 2]], 1)
    sources = np.array([[2.0, 3.0, 1.2], [3.0, 1.5, 1.2], [1.0, 1.5, 1.7], [2.0, 0.5, 1.0], [3.0, 2.5, 1.2],
                        [0.5, 3.0, 1.2], [1.2, 0.4, 1.4], [3.5, 0.5, 0.8], [2.2, 2.9, 2.0], [0.6, 1.9, 1.2]])
    sofa = sofar.Sofa("SingleRoomSRIR")
    sofa.GLOBAL_Title = "Impulses at a circle"
    count = len(sources)
    sofa.ListenerPosition = np.tile(listener, (count, 1))
    sofa.ListenerView = np.tile([0.0, 1, 0], (count, 1))
    sofa.ListenerUp = np.tile([0.0, 0, 1], (count, 1))
    # The circle in polar coordinates.
    sofa.ReceiverPosition = np.array([[0, 0, 0.05], [90, 0, 0.05], [180, 0, 0.05], [270, 0, 0.05]])[:, :, None]
    sofa.ReceiverPosition_Type, sofa.ReceiverPosition_Units = "spherical", "degree, degree, metre"
    sofa.ReceiverDescriptions = np.array([str(index) for index in range(4)])
    sofa.ReceiverView = np.tile([1.0, 0, 0], (4, 1))[:, :, None]
    sofa.ReceiverUp = np.tile([0.0, 0, 1], (4, 1))[:, :, None]
    sofa.SourcePosition = sources
    sofa.SourcePosition_Type, sofa.SourcePosition_Units = "cartesian", "metre"
    sofa.SourceView = np.tile([1.0, 0, 0], (count, 1))
    sofa.SourceUp = np.tile([0.0, 0, 1], (count, 1))
    sofa.EmitterPosition = np.zeros((1, 3, 1))
    sofa.EmitterPosition_Type, sofa.EmitterPosition_Units = "cartesian", "metre"
    sofa.EmitterDescriptions = np.array(["0"])
    sofa.EmitterView = np.array([[1.0, 0, 0]])[:, :, None]
    sofa.EmitterUp = np.array([[0.0, 0, 1]])[:, :, None]
    sofa.MeasurementDate = np.zeros(count)
    sofa.Data_SamplingRate = 16000
    ir = np.zeros((count, 4, 256))
    impulses = np.zeros((count, 4), int)
    for m, source in enumerate(sources):
        for r in range(4):
            distance = np.linalg.norm(source - listener - in_room[r])
            impulses[m, r] = round(distance / 343 * 16000)
            ir[m, r, impulses[m, r]] = 1
    sofa.Data_IR = ir
    sofa.Data_Delay = np.zeros((count, 4))
    offsets = sources - listener
    seen = np.stack([offsets[:, 1], -offsets[:, 0], offsets[:, 2]], 1)
    write(sofa, "room.sofa", rate=16000, microphones=circle.tolist(), directions=[direction(o) for o in seen],
          impulses=impulses.tolist())


def speakers():
    """A head that turns among loudspeakers; the place of each impulse names measurement, emitter and ear."""
    views = [0, 30, -30]
    places = [(30, 0, 2.0), (-30, 0, 2.0), (110, 0, 2.0), (0, 45, 1.5)]
    ir = np.zeros((3, 2, 4, 32))
    directions, impulses = [], []
    for m in range(3):
        for e, (azimuth, elevation, distance) in enumerate(places):
            seen = (azimuth - views[m] + 180) % 360 - 180
            directions.append([seen, elevation, distance])
            impulses.append([1 + (m * 4 + e) * 2 + r for r in range(2)])
            for r in range(2):
                ir[m, r, e, impulses[-1][r]] = 1
    # A convention of the first edition, which sofar does not write any more.
    with netCDF4.Dataset(path("speakers.sofa"), "w", format="NETCDF4") as file:
        file.setncatts(dict(Conventions="SOFA", Version="1.0", SOFAConventions="MultiSpeakerBRIR",
                            SOFAConventionsVersion="0.3", DataType="FIRE", RoomType="reverberant",
                            Title="A head among loudspeakers"))
        for name, size in dict(M=3, R=2, E=4, N=32, C=3, I=1).items():
            file.createDimension(name, size)

        def variable(name, dimensions, values, **attributes):
            made = file.createVariable(name, "f8", tuple(dimensions), zlib=True)
            made[:] = values
            made.setncatts(attributes)

        metres, angles = dict(Type="cartesian", Units="metre"), dict(Type="spherical", Units="degree, degree, metre")
        variable("ListenerPosition", "IC", np.zeros((1, 3)), **metres)
        variable("ListenerView", "MC", [[np.cos(np.radians(v)), np.sin(np.radians(v)), 0] for v in views], **metres)
        variable("ListenerUp", "IC", [[0, 0, 1]])
        variable("ReceiverPosition", "RCI", np.array([[0, 0.09, 0], [0, -0.09, 0]])[:, :, None], **metres)
        variable("SourcePosition", "IC", np.zeros((1, 3)), **metres)
        variable("EmitterPosition", "ECI", np.array(places)[:, :, None], **angles)
        variable("Data.SamplingRate", "I", [44100], Units="hertz")
        variable("Data.Delay", "IRE", np.zeros((1, 2, 4)))
        variable("Data.IR", "MREN", ir)
    facts = dict(rate=44100, microphones=[[0, 0.09, 0], [0, -0.09, 0]], directions=directions, impulses=impulses)
    expected["speakers.sofa"] = facts
    # The other order of dimensions: FIR-E has emitters last.
    with h5py.File(path("speakers.sofa")) as old, h5py.File(path("speakers-last.sofa"), "w") as new:
        copy(old, new, leave={"Data.IR"})
        new.attrs["DataType"] = "FIR-E"
        new.create_dataset("Data.IR", data=ir.transpose(0, 1, 3, 2), compression="gzip", shuffle=True)
    expected["speakers-last.sofa"] = facts


def copy(old, new, leave=()):
    """The variables and texts without what netCDF keeps about its dimensions."""
    for name, value in old.attrs.items():
        if not name.startswith("_"):
            new.attrs[name] = value
    for name, data in old.items():
        if name in leave or len(name) == 1 or data.dtype.kind not in "fiu":
            continue
        made = new.create_dataset(name, data=data[()])
        for attribute in ("Type", "Units"):
            if attribute in data.attrs:
                made.attrs[attribute] = data.attrs[attribute]


class Plain:
    """A small file that is right, to be made wrong in one respect."""

    def __init__(self, name):
        self.file = h5py.File(path(name + ".sofa"), "w")
        self.file.attrs.update(Conventions="SOFA", Version="2.1", SOFAConventions="SingleRoomSRIR", DataType="FIR",
                               Title="plain")
        ir = np.zeros((4, 2, 16), "f4")
        ir[:, :, 3] = 1
        self.set("Data.IR", ir)
        self.set("Data.SamplingRate", np.array([16000.0]), Units="hertz")
        self.set("Data.Delay", np.zeros((1, 2)))
        self.set("ListenerPosition", np.zeros((1, 3)), Type="cartesian", Units="metre")
        self.set("ListenerView", np.array([[1.0, 0, 0]]), Type="cartesian", Units="metre")
        self.set("ListenerUp", np.array([[0.0, 0, 1]]))
        self.set("ReceiverPosition", np.array([[0, 0.05, 0], [0, -0.05, 0]])[:, :, None], Type="cartesian",
                 Units="metre")
        self.set("SourcePosition", np.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]]), Type="cartesian",
                 Units="metre")
        self.set("EmitterPosition", np.zeros((1, 3, 1)), Type="cartesian", Units="metre")

    def set(self, name, values, **attributes):
        if name in self.file:
            attributes = {**dict(self.file[name].attrs), **attributes}
            del self.file[name]
        self.file.create_dataset(name, data=values)
        self.file[name].attrs.update(attributes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()


def behind():
    """Two microphones on a line, all sources behind it."""
    with Plain("behind") as plain:
        plain.set("SourcePosition", np.array([[-1.0, 0.5, 0], [-1, -0.5, 0], [-1, 0, 0], [-2, 0, 1]]))


def hostile():
    def change(name, body):
        with Plain("hostile/" + name) as plain:
            body(plain)

    def unnamed(p):
        del p.file.attrs["SOFAConventions"]

    def without(variable):
        def body(p):
            del p.file[variable]
        return body

    def untyped(variable, attribute):
        def body(p):
            del p.file[variable].attrs[attribute]
        return body

    def given(variable, attribute, value):
        def body(p):
            p.file[variable].attrs[attribute] = value
        return body

    def data(variable, values):
        return lambda p: p.set(variable, values)

    def samples(place, value):
        def body(p):
            p.file["Data.IR"][place] = value
        return body

    def created(variable, **options):
        def body(p):
            del p.file[variable]
            p.file.create_dataset(variable, **options)
        return body

    def linked(link):
        def body(p):
            del p.file["Data.IR"]
            p.file["Data.IR"] = link
        return body

    def virtual(p):
        del p.file["Data.IR"]
        layout = h5py.VirtualLayout(shape=(4, 2, 16), dtype="f4")
        layout[:] = h5py.VirtualSource("/etc/hostname", "x", shape=(4, 2, 16))
        p.file.create_virtual_dataset("Data.IR", layout)

    def filtered(p):
        del p.file["Data.IR"]
        space = h5py.h5s.create_simple((4, 2, 16))
        settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings.set_chunk((4, 2, 16))
        settings.set_filter(32099, h5py.h5z.FLAG_OPTIONAL)
        h5py.h5d.create(p.file.id, b"Data.IR", h5py.h5t.IEEE_F32LE, space, settings)

    def texts(p):
        del p.file["Data.IR"]
        p.file.create_dataset("Data.IR", shape=(4, 2, 16), dtype=h5py.string_dtype())

    change("plain", lambda p: None)
    change("no-conventions", unnamed)
    change("other-conventions", lambda p: p.file.attrs.update(SOFAConventions="GeneralTF"))
    change("no-data-type", lambda p: p.file.attrs.__delitem__("DataType"))
    change("number-for-text", lambda p: p.file.attrs.update(SOFAConventions=7))
    change("rank", data("Data.IR", np.ones((4, 32), "f4")))
    change("rank-5", data("Data.IR", np.ones((1, 2, 2, 2, 2), "f4")))
    change("fire-of-three", lambda p: p.file.attrs.update(DataType="FIRE"))
    change("empty", data("Data.IR", np.zeros((4, 2, 0), "f4")))
    change("huge", created("Data.IR", shape=(50000, 2, 400000), chunks=(1, 2, 64), dtype="f4"))
    change("huge-measurements", created("Data.IR", shape=(1 << 30, 2, 16), chunks=(1, 2, 16), dtype="f4"))
    change("huge-positions", created("SourcePosition", shape=(1 << 30, 3), chunks=(64, 3), dtype="f8"))
    change("huge-chunk", created("Data.IR", shape=(4, 2, 16), maxshape=(None, None, None), chunks=(1024, 1024, 512),
                                 dtype="f4"))
    change("not-a-number", samples((1, 1, 5), np.nan))
    change("infinite", samples((2, 0, 1), np.inf))
    change("silent", samples((3,), 0))
    change("dead-receiver", samples((slice(None), 1), 0))
    change("dead-once", samples((2, 1), 0))
    change("no-samples", without("Data.IR"))
    change("no-rate", without("Data.SamplingRate"))
    change("no-receivers", without("ReceiverPosition"))
    change("no-sources", without("SourcePosition"))
    change("no-listener", without("ListenerPosition"))
    change("no-type", untyped("SourcePosition", "Type"))
    change("no-units", untyped("ReceiverPosition", "Units"))
    change("harmonics", given("ReceiverPosition", "Type", "spherical harmonics"))
    change("feet", given("SourcePosition", "Units", "foot"))
    change("several-rates", data("Data.SamplingRate", np.array([16000.0, 16000, 48000, 16000])))
    change("rate-no-number", data("Data.SamplingRate", np.array([np.nan])))
    change("odd-rate", data("Data.SamplingRate", np.array([16000.5])))
    change("impossible-rate", data("Data.SamplingRate", np.array([-1.0])))
    change("few-sources", data("SourcePosition", np.ones((3, 3))))
    change("receivers-of-others", data("ReceiverPosition", np.ones((5, 3, 1))))
    change("moving-array", data("ReceiverPosition", np.arange(24.0).reshape(2, 3, 4) / 100))
    change("at-the-listener", data("SourcePosition", np.zeros((4, 3))))
    change("place-no-number", data("SourcePosition", np.full((4, 3), np.nan)))
    change("one-line", data("ListenerUp", np.array([[2.0, 0, 0]])))
    change("negative-delay", data("Data.Delay", np.array([[-3.0, 0]])))
    change("endless-delay", data("Data.Delay", np.array([[1e12, 0]])))
    change("external-link", linked(h5py.ExternalLink("/etc/hostname", "/x")))
    change("soft-link", linked(h5py.SoftLink("/SourcePosition")))
    change("external-storage", created("Data.IR", shape=(4, 2, 16), dtype="f4",
                                       external=[("/etc/hostname", 0, 4 * 2 * 16 * 4)]))
    change("virtual", virtual)
    change("plug-in", filtered)
    change("texts", texts)
    change("group", lambda p: (p.file.__delitem__("Data.IR"), p.file.create_group("Data.IR")))
    change("compound", created("Data.IR", shape=(4, 2, 16), dtype=np.dtype([("a", "f4"), ("b", "i4")])))


def main():
    os.makedirs(path("hostile"), exist_ok=True)
    head()
    room()
    speakers()
    behind()
    hostile()
    with open(path("expected.json"), "w") as file:
        json.dump(expected, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
