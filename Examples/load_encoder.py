"""What `ablate embed` makes of recordings, in PyTorch and librosa: load_encoder.py ENCODER.safetensors RECORDING...

Prints an embedding a line; docs/features.md says what each step is."""
import itertools, json, struct, sys
import librosa, numpy as np, torch

with open(sys.argv[1], "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    data = file.read()
meta = header.pop("__metadata__")
net, f, norm, target = (json.loads(meta[key]) for key in ("encoder", "features", "normalisation", "level"))
state = {name: torch.from_numpy(np.frombuffer(data[slice(*one["data_offsets"])], "<f4").reshape(one["shape"]).copy())
         for name, one in header.items()}
length, hop, rate, pool = f["fftLength"], f["hopLength"], f["sampleRate"], f["pooling"]
mel = librosa.filters.mel(sr=rate, n_fft=length, n_mels=f["melBands"], fmin=f["melRange"][0], fmax=f["melRange"][1],
                          htk=f["melScale"] == "htk", norm="slaney")
k = np.arange(length // 2 + 1)[:, None]
angle = 2 * np.pi / length * k * (np.arange(f["lags"]) - (f["lags"] - 1) / 2) * f["lagSpacing"]
weight = np.where((k == 0) | (k == length // 2), 1, 2) / length
gru = torch.nn.GRU(state["gru.weight_ih_l0"].shape[1], net["recurrentUnits"], bidirectional=True)
gru.load_state_dict({name[4:]: value for name, value in state.items() if name.startswith("gru.")})


def maps(samples):
    """[microphones, samples] -> log-mel and GCC-PHAT maps [channels, frames, bins]."""
    spectra = librosa.stft(samples, n_fft=length, hop_length=hop, window="hann", center=False).transpose(0, 2, 1)
    power = np.abs(spectra) ** 2
    unit = spectra / np.sqrt(np.maximum(power, 1e-20))
    cross = [unit[i] * unit[j].conj() for i, j in itertools.combinations(range(len(samples)), 2)]
    made = [10 * np.log10(np.maximum(one @ mel.T, 1e-10)) for one in power]
    made += [one.real @ (weight * np.cos(angle)) - one.imag @ (weight * np.sin(angle)) for one in cross]
    return torch.nn.functional.avg_pool2d(torch.from_numpy(np.stack(made)).float(), (pool["frames"], pool["bins"]))


@torch.inference_mode()
def embed(samples):
    level = 10 * np.log10(np.mean(samples.astype(float) ** 2))
    if abs(level - target) > 20:  # it would drown in the floor of the decibels
        samples, level = samples * 10 ** ((target - level) / 20), target
    x = maps(samples)
    x[:len(samples)] += target - level
    mean, scale = (torch.tensor(norm[key])[:, None, None] for key in ("mean", "scale"))
    x = (x - mean) * scale
    frames, room = net["frames"], x.shape[1] - net["frames"]  # a recording must have so many frames
    count = min(4, 1 + room // max(1, frames // 2))
    starts = [i * room // (count - 1) for i in range(count)] if count > 1 else [room // 2]
    x = torch.stack([x[:, start:start + frames] for start in starts])
    for index, size in enumerate(net["pools"]):
        b = f"blocks.{index}."
        x = torch.nn.functional.conv2d(x, state[b + "conv.weight"], padding=net["kernelSize"] // 2)
        x = torch.nn.functional.batch_norm(x, state[b + "bn.running_mean"], state[b + "bn.running_var"],
                                           state[b + "bn.weight"], state[b + "bn.bias"])
        x = torch.nn.functional.max_pool2d(torch.relu(x), size)
    return gru(x.permute(2, 0, 1, 3).flatten(2))[0].mean(0).mean(0)


for path in sys.argv[2:]:
    samples, found = librosa.load(path, sr=None, mono=False)
    assert found == rate and samples.ndim == 2, f"{path}: wanted are several channels at {rate} Hz"
    print(*embed(samples).tolist())
