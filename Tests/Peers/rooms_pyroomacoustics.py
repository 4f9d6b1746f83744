#!/usr/bin/env python3
"""Writes SOFA files of rooms that pyroomacoustics simulates: rooms by another program, not measured ones.

    rooms_pyroomacoustics.py FOLDER [--rooms 20] [--sources 8] [--seconds 0.6] [--seed 0]

A file a room (SingleRoomSRIR): a circle of four microphones 10 cm across, turned at random, and sources all around. Walls
are of its own materials, which absorb by frequency and differ from wall to wall, and air absorbs too: nothing of which ablate's
own rooms have. Images up to twelve reflections. `ablate data info sofa --path FOLDER` shows what came of it.
"""
import argparse
import os

import numpy as np
import pyroomacoustics as pra
import sofar

FS = 16000
WALLS = ["brickwork", "wood_1.6cm", "plasterboard", "gypsum_board", "curtains_cotton_0.33", "curtains_fabric",
         "mineral_wool_50mm_70kgm3", "panel_fabric_covered_8pcf"]
FLOORS = ["linoleum_on_concrete", "carpet_thin", "carpet_cotton", "carpet_tufted_9.5mm"]
CEILINGS = ["ceiling_plasterboard", "ceiling_fissured_tile", "ceiling_perforated_gypsum_board", "ceiling_metal_panel"]


def room(rng, sources, seconds):
    size = np.array([rng.uniform(3, 10), rng.uniform(3, 10), rng.uniform(2.5, 4)])
    names = dict(zip(["east", "west", "north", "south"], rng.choice(WALLS, 4)), floor=rng.choice(FLOORS),
                 ceiling=rng.choice(CEILINGS))
    shoebox = pra.ShoeBox(size, fs=FS, materials=pra.make_materials(**{k: str(v) for k, v in names.items()}),
                          max_order=12, air_absorption=True)
    centre = np.array([rng.uniform(0.6, size[0] - 0.6), rng.uniform(0.6, size[1] - 0.6),
                       rng.uniform(1, min(2, size[2] - 0.6))])
    turn = rng.uniform(-np.pi, np.pi)
    angles = turn + np.arange(4) * np.pi / 2
    shoebox.add_microphone_array(centre[:, None] + 0.05 * np.stack([np.cos(angles), np.sin(angles), np.zeros(4)]))
    places = []
    while len(places) < sources:
        place = rng.uniform(0.5, size - 0.5)
        if 0.5 <= np.linalg.norm(place - centre) <= 3:
            places.append(place)
            shoebox.add_source(place)
    shoebox.compute_rir()
    count = int(seconds * FS)
    responses = np.zeros((sources, 4, count))
    for microphone in range(4):
        for source in range(sources):
            response = shoebox.rir[microphone][source][:count]
            responses[source, microphone, :len(response)] = response
    return size, names, centre, turn, np.array(places), responses


def write(path, size, names, centre, turn, places, responses, title):
    sofa = sofar.Sofa("SingleRoomSRIR")
    count = len(places)
    sofa.GLOBAL_Title = title
    sofa.GLOBAL_RoomType = "shoebox"
    sofa.GLOBAL_RoomDescription = "simulated by pyroomacoustics " + pra.__version__ + "; " + ", ".join(
        f"{wall} {name}" for wall, name in names.items())
    sofa.GLOBAL_DateCreated = sofa.GLOBAL_DateModified = "2026-01-01 00:00:00"
    sofa.RoomCornerA, sofa.RoomCornerB = np.zeros((1, 3)), size[None]
    sofa.ListenerPosition = np.tile(centre, (count, 1))
    sofa.ListenerView = np.tile([np.cos(turn), np.sin(turn), 0], (count, 1))
    sofa.ListenerUp = np.tile([0.0, 0, 1], (count, 1))
    sofa.ReceiverPosition = np.array([[0, 0, 0.05], [90, 0, 0.05], [180, 0, 0.05], [270, 0, 0.05]])[:, :, None]
    sofa.ReceiverDescriptions = np.array([str(index) for index in range(4)])
    sofa.ReceiverView = np.tile([1.0, 0, 0], (4, 1))[:, :, None]
    sofa.ReceiverUp = np.tile([0.0, 0, 1], (4, 1))[:, :, None]
    sofa.SourcePosition = places
    sofa.SourceView = np.tile([1.0, 0, 0], (count, 1))
    sofa.SourceUp = np.tile([0.0, 0, 1], (count, 1))
    sofa.EmitterPosition = np.zeros((1, 3, 1))
    sofa.EmitterPosition_Type, sofa.EmitterPosition_Units = "cartesian", "metre"
    sofa.EmitterDescriptions = np.array(["0"])
    sofa.EmitterView = np.array([[1.0, 0, 0]])[:, :, None]
    sofa.EmitterUp = np.array([[0.0, 0, 1]])[:, :, None]
    sofa.MeasurementDate = np.zeros(count)
    sofa.Data_SamplingRate = FS
    sofa.Data_IR = responses.astype(np.float32)
    sofa.Data_Delay = np.zeros((count, 4))
    sofar.write_sofa(path, sofa, 6)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--rooms", type=int, default=20)
    parser.add_argument("--sources", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=0.6)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    os.makedirs(arguments.folder, exist_ok=True)
    for index in range(arguments.rooms):
        rng = np.random.default_rng([arguments.seed, index])
        found = room(rng, arguments.sources, arguments.seconds)
        name = f"room-{index:02d}.sofa"
        write(os.path.join(arguments.folder, name), *found, title=f"Room {index} of pyroomacoustics")
    print(f"{arguments.folder}: {arguments.rooms} rooms of {arguments.sources} sources, simulated by pyroomacoustics "
          f"{pra.__version__}")


if __name__ == "__main__":
    main()
