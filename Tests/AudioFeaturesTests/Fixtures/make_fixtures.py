#!/usr/bin/env python3
"""Makes the reference maps of FeatureReferenceTests: log-mel by librosa 0.11, GCC-PHAT as the plain
double-precision sum over frequencies.  Run in this folder: python3 make_fixtures.py"""
import itertools

import librosa
import numpy as np

RATE, LAGS, SPACING = 16000, 64, 0.25
rng = np.random.default_rng(20261123)
CASES = {"default": (512, 320, "slaney"), "htk": (1024, 480, "htk")}


def recording(samples):
    """Four microphones: one noise source at fractional delays, a tone, and noise of their own."""
    noise = np.fft.rfft(rng.standard_normal(8192))
    frequency = np.arange(noise.size) / 8192
    rows = []
    for delay in (0.0, 1.3, -2.6, 4.1):
        delayed = np.fft.irfft(noise * np.exp(-2j * np.pi * frequency * delay))[:samples]
        tone = 0.3 * np.sin(2 * np.pi * 440 / RATE * (np.arange(samples) - delay))
        rows.append(0.1 * delayed + tone + 0.01 * rng.standard_normal(samples))
    return np.stack(rows).astype(np.float32)


def maps(samples, length, hop, scale):
    x = samples.astype(np.float64)
    spectra = [librosa.stft(row, n_fft=length, hop_length=hop, window="hann", center=False, dtype=np.complex128)
               for row in x]
    mel = librosa.filters.mel(sr=RATE, n_fft=length, n_mels=64, fmin=50, fmax=8000, htk=scale == "htk",
                              dtype=np.float64)
    result = [librosa.power_to_db(mel @ np.abs(s) ** 2, ref=1.0, amin=1e-10, top_db=None).T for s in spectra]
    bins = np.arange(length // 2 + 1)
    weight = np.where((bins == 0) | (bins == length // 2), 1.0, 2.0) / length
    lags = (np.arange(LAGS) - (LAGS - 1) / 2) * SPACING
    for i, j in itertools.combinations(range(4), 2):
        cross = spectra[i] * np.conj(spectra[j])
        cross /= np.abs(cross)
        phase = 2 * np.pi * np.outer(bins, lags) / length
        result.append((cross.real.T * weight) @ np.cos(phase) - (cross.imag.T * weight) @ np.sin(phase))
    return np.stack(result).astype("<f4")


for name, (length, hop, scale) in CASES.items():
    x = recording(length + 2 * hop)
    np.save(f"{name}-samples.npy", x)
    np.save(f"{name}-maps.npy", maps(x, length, hop, scale))
