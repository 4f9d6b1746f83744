#!/usr/bin/env python3
"""Rooms, features and directions against physics and other programs; fails where a bound is broken.

    physics.py ABLATE [--scenes N] [--head FILE]

Each line has the value, the bound and what was measured:
- delays between the ears of KEMAR, found by our GCC-PHAT, against Woodworth's curve, from the recording and from a
  SOFA file that sofar makes of it;
- impulse responses against pyroomacoustics, for the same images;
- log-mel maps against librosa;
- reverberation times, SRP-PHAT on our features, the hybrid method against all images.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

KEMAR = "/usr/share/ssr/impulse_responses/hrirs/hrirs_kemar.wav"
FS = 16000


def ablate(program, *arguments):
    return subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def figure(name, value, unit, bound, rule="atMost"):
    return dict(name=name, value=float(value), unit=unit, bound=bound, rule=rule)


def draw_rooms(count):
    """Rooms with their pyroomacoustics responses: two microphones 7 cm apart, 81 taps, no high-pass."""
    import pyroomacoustics as pra
    pra.constants.set("rir_hpf_enable", False)
    rng = np.random.default_rng(7)
    scenes, responses = [], []
    for index in range(count):
        rt60 = (0.2, 0.3, 0.4)[index % 3]
        size = np.array([rng.uniform(3, 8), rng.uniform(3, 8), rng.uniform(2.5, 3.5)])
        absorption, order = pra.inverse_sabine(rt60, size)
        centre = np.array([rng.uniform(1, size[0] - 1), rng.uniform(1, size[1] - 1), rng.uniform(1, 1.6)])
        source = rng.uniform(0.5, size - 0.5)
        while np.linalg.norm(source - centre) < 0.5:
            source = rng.uniform(0.5, size - 0.5)
        angles = rng.uniform(0, 2 * np.pi) + np.arange(2) * np.pi / 2
        microphones = centre[:, None] + 0.05 * np.stack([np.cos(angles), np.sin(angles), np.zeros(2)])
        room = pra.ShoeBox(size, fs=FS, materials=pra.Material(absorption), max_order=order)
        room.add_source(source)
        room.add_microphone_array(microphones)
        room.compute_rir()
        samples = int(rt60 * FS)
        scenes.append(dict(size=size.tolist(), absorption=absorption, order=order, source=source.tolist(),
                           centre=centre.tolist(), microphones=microphones.T.tolist(), samples=samples))
        responses.append([np.asarray(room.rir[m][0][:samples], np.float64) for m in range(2)])
    return scenes, responses


def decay(response):
    energy = np.cumsum(response[::-1] ** 2)[::-1]
    return 10 * np.log10(np.maximum(energy, 1e-300) / energy[0])


def rooms(program, folder, count):
    scenes, theirs = draw_rooms(count)
    given, written = os.path.join(folder, "scenes.json"), os.path.join(folder, "ours.f32")
    with open(given, "w") as file:
        json.dump(scenes, file)
    ablate(program + "-checks", "physics", "responses", given, written)
    ours = np.fromfile(written, "<f4").astype(float)
    start, early, decays = 0, [], []
    for scene, pair in zip(scenes, theirs):
        for reference in pair:
            response = ours[start:start + scene["samples"]]
            start += scene["samples"]
            # The first 50 ms.
            error = np.sum((response[:800] - reference[:800]) ** 2) / np.sum(reference[:800] ** 2)
            early.append(10 * np.log10(error))
            kept = decay(reference) > -30
            decays.append(np.abs(decay(response) - decay(reference))[kept].max())
    what = f"{count} rooms against pyroomacoustics"
    return [figure(f"{what}: difference in the first 50 ms, the worst", max(early), "dB", -47),
            figure(f"{what}: decay down to -30 dB, the worst", max(decays), "dB", 0.02)]


def mel(program, folder):
    import librosa
    import soundfile
    rng = np.random.default_rng(8)
    # Bursts, tones and silence: five seconds of two channels.
    time = np.arange(5 * FS) / FS
    sound = np.stack([rng.standard_normal(len(time)) * (np.sin(3 * time) > 0),
                      np.sin(2 * np.pi * (200 + 500 * time) * time)]) * 0.1
    recording, maps = os.path.join(folder, "sound.wav"), os.path.join(folder, "maps.npy")
    soundfile.write(recording, sound.T.astype(np.float32), FS, subtype="FLOAT")
    ablate(program, "features", recording, "-o", maps)
    ours = np.load(maps)[:2].transpose(0, 2, 1)
    power = librosa.feature.melspectrogram(
        y=sound.astype(np.float32), sr=FS, n_fft=512, hop_length=320, window="hann", center=False,
        power=2, n_mels=64, fmin=50, fmax=8000)
    theirs = 10 * np.log10(np.maximum(power, 1e-10))
    if ours.shape != theirs.shape:
        sys.exit(f"physics.py: our log-mel maps are {ours.shape}, librosa's {theirs.shape}")
    # Where there is sound: near the floor of -100 dB the difference is rounding.
    loud = theirs > -80
    difference = np.abs(ours - theirs)
    return [figure("log-mel against librosa: largest difference above -80 dB", difference[loud].max(), "dB", 0.01),
            figure("log-mel against librosa: mean difference", difference.mean(), "dB", 0.001)]


def head_as_sofa(recording, path):
    """A head's recording, two channels for each degree counter-clockwise, as a SOFA file."""
    import sofar
    import soundfile
    samples, rate = soundfile.read(recording)
    sofa = sofar.Sofa("SimpleFreeFieldHRIR")
    sofa.GLOBAL_DateCreated = sofa.GLOBAL_DateModified = "2026-01-01 00:00:00"
    # KEMAR was measured from three metres (Wierstorf et al. 2011).
    sofa.SourcePosition = np.stack([np.arange(360.0), np.zeros(360), np.full(360, 3.0)], 1)
    sofa.ReceiverPosition = np.array([[0, 0.0875, 0], [0, -0.0875, 0]])[:, :, None]
    sofa.Data_SamplingRate = rate
    sofa.Data_IR = samples.T.reshape(360, 2, -1)
    sofa.Data_Delay = np.zeros((1, 2))
    sofar.write_sofa(path, sofa)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--head", default=KEMAR)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    if not os.path.exists(arguments.head):
        sys.exit(f"physics.py: {arguments.head} is missing; run apt-get install soundscaperenderer-common, "
                 "or name the file with --head")
    with tempfile.TemporaryDirectory() as folder:
        figures = rooms(program, folder, 12) + mel(program, folder)
        sofa = os.path.join(folder, "head.sofa")
        head_as_sofa(arguments.head, sofa)
        figures = json.loads(ablate(program + "-checks", "physics", "measure", "--scenes", str(arguments.scenes),
                                    "--head", arguments.head, "--head-sofa", sofa)) + figures
    broken = 0
    for row in figures:
        value, bound = row["value"], row["bound"]
        kept = value <= bound if row["rule"] == "atMost" else value >= bound
        broken += not kept
        sign = "<=" if row["rule"] == "atMost" else ">="
        print(f"{'ok    ' if kept else 'BROKEN'} {value:9.4g} {sign} {bound:<6g} {row['unit']:7} {row['name']}")
    print(f"{len(figures)} figures, {broken} broken")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
