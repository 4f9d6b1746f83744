"""Batches of two augmented views of each recording: ChannelSwap, Mixup, RandomResizedCrop, ChannelDrop."""
import itertools

import numpy as np
import torch

from bank import HOP


class Views:
    """Draws batches: a function of settings, seed and step alone, so that a run can be gone on with."""

    def __init__(self, bank, normalisation, settings, seed):
        self.bank, self.normalisation, self.settings, self.seed = bank, normalisation, settings, seed
        self.enabled = set(settings["augmentations"])
        self.pooling = settings["feature_pooling"]
        self.frames = settings["patch_frames"] // self.pooling
        self.recordings = bank.of("pretraining", "training")
        clips = {}
        for number in self.recordings:
            clips.setdefault(bank.rows[number]["clip"], []).append(number)
        self.clips = list(clips.values())
        self.all_frames, self.bins = bank.maps.shape[2:]

    def random(self, *name):
        return np.random.default_rng([self.seed, *name])

    def drawn(self, step):
        """The recordings of a step: clips in a new order each epoch, one spatialisation of each."""
        chosen, size = [], self.settings["batch_size"]
        position = step * size
        while len(chosen) < size:
            epoch, place = divmod(position, len(self.clips))
            random = self.random(1, epoch)
            order = random.permutation(len(self.clips))
            picks = random.random(len(self.clips))
            for index in order[place:place + size - len(chosen)]:
                chosen.append(self.clips[index][int(picks[index] * len(self.clips[index]))])
                position += 1
        return chosen

    def batch(self, step):
        """Rows 0 ..< B are first views, B ..< 2B second ones. Shape: [2B, channels, frames, bins]."""
        random = self.random(2, step)
        recordings = self.drawn(step)
        orders = [self.bank.symmetries[random.integers(len(self.bank.symmetries))] for _ in recordings]
        if "channel_swap" not in self.enabled:
            orders = [tuple(range(self.bank.microphones))] * len(recordings)
        numbers, orders = recordings * 2, orders * 2
        starts = random.integers(0, self.all_frames - self.frames + 1, len(numbers))
        crops = self.crops(random, len(numbers)) if "random_resized_crop" in self.enabled else None
        if "mixup" in self.enabled:
            maps = self.mixed(random, numbers, starts, orders, crops)
        else:
            maps = torch.stack([
                reordered(torch.from_numpy(np.array(self.bank.maps[n][:, s:s + self.frames])), order)
                for n, s, order in zip(numbers, starts, orders)])
        views = self.normalisation(maps)
        if crops is not None:
            views = self.cropped(views, crops)
        if "channel_drop" in self.enabled:
            share = self.settings["channel_drop_probability"]
            dropped = torch.from_numpy(random.random(views.shape[:2]) < share)
            views[dropped] = 0
        return views

    def crops(self, random, count):
        """Start and length in time and in frequency of each view. Shape: [count, 4]."""
        result = []
        for key, size in (("crop_time", self.frames), ("crop_frequency", self.bins)):
            low, high = self.settings[key]
            length = np.maximum(1, size * random.uniform(low, high, count))
            result += [random.uniform(0, 1, count) * (size - length), length]
        return np.stack(result, 1)

    def mixed(self, random, numbers, starts, orders, crops):
        """Adds a quieter other recording to each waveform; the level holds over what the view shows."""
        step, count = self.pooling * HOP, self.bank.features.samples(self.frames)
        waves = []
        for place, (number, start, order) in enumerate(zip(numbers, starts, orders)):
            other = number
            while other == number:
                other = self.recordings[random.integers(len(self.recordings))]
            other_start = random.integers(0, self.all_frames - self.frames + 1)
            low, high = self.settings["mixup_level"]
            level = random.uniform(low, high)
            wave = self.bank.wave(number, start * step, count)[list(order)]
            background = self.bank.wave(other, other_start * step, count)
            shown = slice(None)
            if crops is not None:
                lower, upper, _ = stretch(crops[place, 0], crops[place, 1], self.frames)
                first, frames = lower[0], upper[-1] + 1 - lower[0]
                shown = slice(first * step, first * step + self.bank.features.samples(frames))
            loudness = background[:, shown].square().mean()
            if loudness > 0:
                wanted = wave[:, shown].square().mean() * 10 ** (-level / 10)
                wave = wave + background * (wanted / loudness).sqrt()
            waves.append(wave)
        # A few at a time stay in the cache: half the time of all at once.
        return torch.cat([
            self.bank.features(torch.stack(waves[place:place + 4])) for place in range(0, len(waves), 4)])

    def cropped(self, views, crops):
        result = torch.empty_like(views)
        microphones = self.bank.microphones
        for place, (time, duration, band, width) in enumerate(crops):
            lower, upper, weight = stretch(time, duration, self.frames)
            view = torch.lerp(views[place][:, lower], views[place][:, upper],
                              torch.from_numpy(weight)[:, None])
            lower, upper, weight = stretch(band, width, self.bins)
            # The lags of the GCC maps stay: a direction is no pitch.
            view[:microphones] = torch.lerp(view[:microphones, :, lower], view[:microphones, :, upper],
                                            torch.from_numpy(weight))
            result[place] = view
        return result


def stretch(start, length, count):
    """Positions and weights of a linear interpolation that stretches a window over so many points."""
    centre = start + (np.arange(count) + 0.5) * length / count - 0.5
    last = min(start + length, count) - 1
    position = np.maximum(start, np.minimum(centre, max(last, start)))
    lower = np.minimum(position.astype(int), count - 1)
    return lower, np.minimum(lower + 1, count - 1), (position - lower).astype(np.float32)


def reordered(maps, order):
    """The maps [channels, frames, bins] with microphone m in the place of order[m]."""
    count = len(order)
    pairs = list(itertools.combinations(range(count), 2))
    place = {pair: count + index for index, pair in enumerate(pairs)}
    result = maps.clone()
    for microphone, source in enumerate(order):
        result[microphone] = maps[source]
    for (i, j), target in place.items():
        a, b = order[i], order[j]
        source = maps[place[min(a, b), max(a, b)]]
        # The other way round, a lag is its negative: the axis is symmetric about zero.
        result[target] = source.flip(-1) if a > b else source
    return result
