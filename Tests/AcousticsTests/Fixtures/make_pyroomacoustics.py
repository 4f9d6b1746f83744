#!/usr/bin/env python3
"""Reference impulse responses from pyroomacoustics 0.10.1, for ImpulseResponseTests.

    python3 -m venv venv && venv/bin/pip install pyroomacoustics==0.10.1
    venv/bin/python make_pyroomacoustics.py

Writes pyroomacoustics.json (the scenes) and pyroomacoustics.f32 (the responses, 32-bit floats, one
after another: scene by scene, microphone by microphone).  The high-pass filter of pyroomacoustics
is off, everything else as it comes: 81 taps, c = 343 m/s, all images up to max_order.
"""
import json
import os

import numpy as np
import pyroomacoustics as pra

FS = 16000
pra.constants.set("rir_hpf_enable", False)
here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(2026)
scenes, responses = [], []
for rt60 in (0.2, 0.3, 0.5):
    size = np.array([rng.uniform(3, 8), rng.uniform(3, 8), rng.uniform(2.5, 3.5)])
    absorption, order = pra.inverse_sabine(rt60, size)
    centre = np.array([rng.uniform(1, size[0] - 1), rng.uniform(1, size[1] - 1), rng.uniform(1.0, 1.6)])
    source = rng.uniform(0.5, size - 0.5)
    while np.linalg.norm(source - centre) < 0.5:
        source = rng.uniform(0.5, size - 0.5)
    angles = rng.uniform(0, 2 * np.pi) + np.arange(2) * np.pi / 2
    mics = centre[:, None] + 0.05 * np.stack([np.cos(angles), np.sin(angles), np.zeros(2)])
    room = pra.ShoeBox(size, fs=FS, materials=pra.Material(absorption), max_order=order)
    room.add_source(source)
    room.add_microphone_array(mics)
    room.compute_rir()
    count = int(rt60 * FS)
    scenes.append(
        dict(reverberationTime=rt60, size=size.tolist(), absorption=absorption, order=order,
             source=source.tolist(), centre=centre.tolist(), microphones=mics.T.tolist(),
             images=int(room.sources[0].images.shape[1]), samples=count))
    for m in range(2):
        responses.append(np.asarray(room.rir[m][0][:count], np.float32))
with open(os.path.join(here, "pyroomacoustics.json"), "w") as f:
    json.dump(scenes, f, indent=1)
np.concatenate(responses).astype("<f4").tofile(os.path.join(here, "pyroomacoustics.f32"))
