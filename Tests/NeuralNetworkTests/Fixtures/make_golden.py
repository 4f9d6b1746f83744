#!/usr/bin/env python3
"""Makes the golden files beside it: PyTorch's numbers, in double precision, for two networks.

    pip install torch numpy safetensors
    python make_golden.py [--peer shared/peers/mcsimclr_torch.py]

Weights and inputs are not stored: both sides compute them by `numbers` below. Inputs are drawn anew until
no pooling window has two largest numbers that are equal up to rounding, and no rectifier is at its kink:
there, single and double precision may send a gradient to different places, both rightly. Of each large
tensor only every n-th value is stored (n in the metadata), so that the files stay small. With --peer the reference
model is also compared with that program's, parameter by parameter.
"""
import argparse
import importlib.util
import math
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.numpy import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
KEPT = 3000
# Of normalised values; single precision errs by some 5e-6 here.
MARGIN = 1e-5


def numbers(count, seed):
    """`count` float32 numbers in [-1, 1), the same in Swift: SplitMix64 of (seed << 32) + index."""
    with np.errstate(over="ignore"):
        z = np.arange(count, dtype=np.uint64) + (np.uint64(seed) << np.uint64(32))
        z = z * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1


class Block(nn.Module):
    def __init__(self, cin, cout, kernel, pool):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, kernel, padding=kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(cout)
        self.pool = pool

    def forward(self, x):
        return F.max_pool2d(F.relu(self.bn(self.conv(x))), self.pool)


class Model(nn.Module):
    def __init__(self, cin, bins, channels, kernel, pools, units, projection):
        super().__init__()
        sizes = [cin] + channels
        self.blocks = nn.Sequential(
            *[Block(a, b, kernel, p) for a, b, p in zip(sizes, channels, pools)])
        for p in pools:
            bins //= p[1]
        self.gru = nn.GRU(channels[-1] * bins, units, bidirectional=True)
        self.proj = nn.Sequential(
            nn.Linear(2 * units, projection[0]), nn.ReLU(), nn.Linear(*projection))

    def embed(self, x):
        x = self.blocks(x)
        n, c, t, f = x.shape
        y, _ = self.gru(x.permute(2, 0, 1, 3).reshape(t, n, c * f))
        return y.mean(0)


def margin(model, x):
    """The smallest gap between the two largest of a window, and between any of them and zero."""
    smallest = math.inf
    with torch.no_grad():
        for block in model.blocks:
            running = {k: v.clone() for k, v in block.bn.state_dict().items()}
            y = block.bn(block.conv(x))
            block.bn.load_state_dict(running)
            x = F.max_pool2d(F.relu(y), block.pool)
            h, w = x.shape[2] * block.pool[0], x.shape[3] * block.pool[1]
            windows = F.unfold(
                y[:, :, :h, :w].reshape(-1, 1, h, w), block.pool, stride=block.pool)
            top = windows.topk(min(2, windows.shape[1]), dim=1).values
            smallest = min(smallest, top[:, 0].abs().min().item())
            if top.shape[1] > 1:
                gap = torch.where(top[:, 0] > 0, top[:, 0] - top[:, 1], torch.inf)
                smallest = min(smallest, gap.min().item())
    return smallest


def nt_xent(z, temperature=0.1):
    n2 = z.shape[0]
    z = F.normalize(z, dim=1)
    logits = z @ z.t() / temperature
    logits.fill_diagonal_(float("-inf"))
    return F.cross_entropy(logits, torch.arange(n2).roll(n2 // 2))


def initialise(model):
    """Every parameter from `numbers`, in the order of named_parameters."""
    with torch.no_grad():
        for index, (name, p) in enumerate(model.named_parameters()):
            values = numbers(p.numel(), 100 + index)
            if ".bn.weight" in name:
                values = 1 + 0.5 * values
            elif ".bn.bias" in name:
                values = 0.3 * values
            else:
                fan = p[0].numel() if p.dim() > 1 else 64
                values = values / math.sqrt(fan)
            p.copy_(torch.from_numpy(values.astype(np.float32).astype(np.float64)).view(p.shape))


def run(name, shape, channels, kernel, pools, units, projection, peer=None):
    views, cin, frames, bins = shape
    model = Model(cin, bins, channels, kernel, pools, units, projection).double()
    initialise(model)
    if peer is not None:
        other = peer.MCSimCLR().double()
        other.load_state_dict(model.state_dict())
        assert [k for k, _ in other.named_parameters()] == [k for k, _ in model.named_parameters()]
    opt = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-3)
    out, strides = {}, {}

    def keep(key, tensor):
        flat = tensor.detach().numpy().astype(np.float32).reshape(-1)
        stride = max(1, -(-flat.size // KEPT))
        strides[key] = str(stride)
        out[key] = np.ascontiguousarray(flat[::stride])

    losses = []
    for step in range(3):
        for seed in range(1000 * step, 1000 * (step + 1)):
            values = numbers(views * cin * frames * bins, seed).astype(np.float32)
            x = torch.from_numpy(values.astype(np.float64)).view(shape) * 1.5
            if margin(model, x) > MARGIN:
                break
        else:
            raise SystemExit(f"no input of step {step} is far enough from ties")
        strides[f"seed.{step}"] = str(seed)
        opt.zero_grad()
        e = model.embed(x)
        z = model.proj(e)
        loss = nt_xent(z)
        if peer is not None:
            state = {k: v.clone() for k, v in other.state_dict().items()}
            theirs = peer.nt_xent(other(x))
            assert abs(theirs.item() - loss.item()) < 1e-12 * abs(loss.item()), (theirs, loss)
            other.load_state_dict(state)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            keep("embedding", e)
            keep("projection", z)
            for k, p in model.named_parameters():
                keep(f"gradient/{k}", p.grad)
            for k, b in model.named_buffers():
                if "running" in k:
                    keep(f"buffer/{k}", b)
        opt.step()
        if peer is not None:
            other.load_state_dict(model.state_dict())
    for k, p in model.named_parameters():
        keep(f"trained/{k}", p)
    model.eval()
    with torch.inference_mode():
        keep("evaluation", model.embed(x))
    keep("losses", torch.tensor(losses, dtype=torch.float64))
    save_file(out, os.path.join(HERE, f"{name}.safetensors"), metadata=strides)
    print(name, losses, {k: v for k, v in strides.items() if "seed" in k}, sum(v.nbytes for v in out.values()), "bytes")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--peer")
    a = p.parse_args()
    peer = None
    if a.peer:
        spec = importlib.util.spec_from_file_location("peer", a.peer)
        peer = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(peer)
    torch.set_num_threads(1)
    pools = [(2, 4), (2, 4), (2, 2)]
    run("reference", (4, 10, 64, 64), [64, 64, 64], 3, pools, 128, (256, 128), peer)
    run("odd", (6, 3, 37, 42), [32, 96, 20], 5, [(2, 4), (3, 2), (1, 2)], 24, (32, 16))


if __name__ == "__main__":
    main()
