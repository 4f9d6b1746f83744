"""The recordings that `ablate export bank --format npy` wrote, and their log-mel and GCC-PHAT maps."""
import csv
import hashlib
import itertools
import json
import math
import os

import numpy as np
import torch

# A transform's length, from one frame to the next, mel bands and lags: the defaults of the built-in study.
LENGTH, HOP, BANDS, LOWEST = 512, 320, 64, 50.0


def mel_filters(rate):
    """Triangles of unit area, equally spaced on Slaney's mel scale. Shape: [frequencies, bands]."""
    step = math.log(6.4) / 27

    def mel(hertz):
        return hertz * 3 / 200 if hertz < 1000 else 15 + math.log(hertz / 1000) / step

    def hertz(mel):
        return mel * 200 / 3 if mel < 15 else 1000 * math.exp((mel - 15) * step)

    ends = np.linspace(mel(LOWEST), mel(rate / 2), BANDS + 2)
    edges = np.array([hertz(point) for point in ends])
    frequencies = np.arange(LENGTH // 2 + 1)[:, None] * rate / LENGTH
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    shape = np.minimum((frequencies - low) / (centre - low), (high - frequencies) / (high - centre))
    return torch.from_numpy((np.maximum(shape, 0) * 2 / (high - low)).astype(np.float32))


class Features:
    """Waveforms [N, M, S] -> maps [N, M + M (M - 1) / 2, T, F], averaged over blocks of pooling x pooling."""

    def __init__(self, positions, rate, pooling):
        positions = np.asarray(positions)
        count = len(positions)
        self.pairs = list(itertools.combinations(range(count), 2))
        self.first, self.second = map(list, zip(*self.pairs))
        self.pooling = pooling
        self.mel = mel_filters(rate)
        self.window = torch.hann_window(LENGTH)
        aperture = max(np.linalg.norm(positions[i] - positions[j]) for i, j in self.pairs)
        # A fifth more than sound takes across the array, and two samples, in steps of 1/32.
        reach = 1.2 * aperture / 343 * rate + 2
        spacing = math.ceil(reach / ((BANDS - 1) / 2) * 32) / 32
        lags = (np.arange(BANDS) - (BANDS - 1) / 2) * spacing
        k = np.arange(LENGTH // 2 + 1)
        weight = np.where((k == 0) | (k == LENGTH // 2), 1.0, 2.0)[:, None] / LENGTH
        angle = 2 * np.pi * np.outer(k, lags) / LENGTH
        # The inverse transform at these lags alone, as a matrix product.
        self.inverse = torch.from_numpy(
            np.stack([weight * np.cos(angle), -weight * np.sin(angle)], 1)
            .reshape(-1, BANDS).astype(np.float32))

    def samples(self, frames):
        """The fewest samples that give so many (pooled) frames."""
        return (frames * self.pooling - 1) * HOP + LENGTH

    def frames(self, samples):
        return (1 + (samples - LENGTH) // HOP) // self.pooling

    @torch.inference_mode()
    def __call__(self, waves):
        count, microphones, samples = waves.shape
        frames = self.frames(samples) * self.pooling
        pieces = waves.unfold(-1, LENGTH, HOP)[:, :, :frames] * self.window
        spectrum = torch.fft.rfft(pieces)
        parts = torch.view_as_real(spectrum)
        power = parts.square().sum(-1)
        mel = (power @ self.mel).clamp_(min=1e-10).log10_().mul_(10)
        unit = spectrum * power.clamp(min=1e-20).rsqrt()
        cross = unit[:, self.first] * unit[:, self.second].conj()
        gcc = torch.view_as_real(cross.resolve_conj()).flatten(-2) @ self.inverse
        maps = torch.cat((mel, gcc), 1)
        return torch.nn.functional.avg_pool2d(maps, self.pooling) if self.pooling > 1 else maps


class Bank:
    """The recordings, what is known of them, and their maps (made once, kept in the folder)."""

    def __init__(self, folder, pooling):
        self.folder = folder
        with open(os.path.join(folder, "bank.json")) as file:
            facts = json.load(file)
        with open(os.path.join(folder, "index.csv"), newline="") as file:
            self.rows = list(csv.DictReader(file))
        if any(row["source"] != "0" for row in self.rows) or "azimuth_path" in self.rows[0]:
            raise SystemExit("bank.py: this example takes recordings of one source that stays")
        self.microphones = len(facts["microphones"])
        self.classes = facts["classes"]
        self.labels = np.array([self.classes.index(row["label"]) for row in self.rows])
        self.azimuths = np.radians([float(row["azimuth"]) for row in self.rows])
        self.features = Features(facts["microphones"], facts["sample_rate"], pooling)
        self.symmetries = symmetries(np.asarray(facts["microphones"]))
        self.waves = [np.load(os.path.join(folder, row["file"]), mmap_mode="r") for row in self.rows]
        self.maps, self.levels = self._kept("maps", pooling), self._kept("levels", pooling)

    def of(self, *splits):
        """Numbers of the recordings of the first of these splits that has any."""
        for split in splits:
            found = [n for n, row in enumerate(self.rows) if row["split"] == split]
            if found:
                return found
        raise SystemExit(f"bank.py: {self.folder} has no recordings for {splits[-1]}")

    def wave(self, number, start, count):
        return torch.from_numpy(np.array(self.waves[number][:, start:start + count]))

    def _kept(self, what, pooling):
        """Maps [recordings, channels, frames, bins], or mean powers over all samples in dB [recordings]: made
        by whichever process is first, kept in the folder."""
        with open(__file__, "rb") as code, open(os.path.join(self.folder, "index.csv"), "rb") as index:
            name = hashlib.sha256(code.read() + index.read() + bytes([pooling])).hexdigest()[:16]
        path = os.path.join(self.folder, f"{what}-{name}.npy")
        if not os.path.exists(path):
            if any(wave.shape != self.waves[0].shape for wave in self.waves):
                raise SystemExit("bank.py: this example takes recordings of one length")
            frames = self.features.frames(self.waves[0].shape[1])
            shape = (self.microphones * (self.microphones + 1) // 2, frames, BANDS // pooling)
            part = f"{path}.{os.getpid()}.part"
            kept = np.lib.format.open_memmap(part, mode="w+", dtype=np.float32, shape=(
                len(self.rows), *(shape if what == "maps" else ())))
            for number, wave in enumerate(self.waves):
                wave = torch.from_numpy(np.array(wave))
                kept[number] = (self.features(wave[None])[0] if what == "maps"
                                else 10 * wave.double().square().mean().log10()).numpy()
            kept.flush()
            os.replace(part, path)
        return np.load(path, mmap_mode="r")


def symmetries(positions):
    """Orders of the microphones that keep all distances: rotations and reflections of the array."""
    distance = np.linalg.norm(positions[:, None] - positions[None], axis=-1)
    return [
        order for order in itertools.permutations(range(len(positions)))
        if np.allclose(distance[np.ix_(order, order)], distance, atol=1e-6)
    ]


class Normalisation:
    """Mean 0 and deviation 1 of the mel channels (gcc_weight of the others), over the training split."""

    def __init__(self, mean, scale, level):
        self.mean, self.scale, self.level = mean, scale, level

    @classmethod
    def of(cls, bank, gcc_weight):
        chosen = bank.of("pretraining", "training")
        # At most 2,000 recordings, evenly spaced.
        chosen = chosen[::max(1, len(chosen) // 2000)]
        mean, square = 0, 0
        for number in chosen:
            maps = bank.maps[number].astype(np.float64)
            mean = mean + maps.mean((1, 2)) / len(chosen)
            square = square + (maps ** 2).mean((1, 2)) / len(chosen)
        weight = np.where(np.arange(len(mean)) < bank.microphones, 1, gcc_weight)
        scale = weight / np.sqrt(square - mean ** 2)
        level = float(np.mean(bank.levels[chosen]))
        return cls(torch.tensor(mean, dtype=torch.float32), torch.tensor(scale, dtype=torch.float32), level)

    def __call__(self, maps, gains=None, microphones=0):
        """Shape: [N, C, T, F]; gains raise the mel maps of each by so many dB."""
        mean = self.mean.repeat(len(maps), 1)
        if gains is not None:
            mean[:, :microphones] -= torch.as_tensor(gains, dtype=torch.float32)[:, None]
        return (maps - mean[:, :, None, None]) * self.scale[:, None, None]
