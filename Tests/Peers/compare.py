#!/usr/bin/env python3
"""Runs ablate and its rivals in turn and prints value, rival and ratio for each measurement.

    compare.py ABLATE-CHECKS RESULT.json [--rounds N] [--only NAME,NAME]

Each round runs ours, then the rival's, in processes of their own; the median over the rounds counts.
The result is a list of {name, value, unit, peer, ratio}; ratio = ours / rival's, of whole sweeps rival's / ours.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def lines(command):
    """Runs a rival that appends JSON lines to the file after --json; returns the parsed lines."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        rival = subprocess.run(command + ["--json", file.name], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
        if rival.returncode != 0:
            sys.exit(f"compare.py: {os.path.basename(command[1])} failed: {rival.stderr.strip()[-2000:]}")
        return [json.loads(line) for line in open(file.name)]


def python(script, *arguments):
    return [sys.executable, os.path.join(HERE, script), *arguments]


def torch(mode, batch, what, field):
    def measure():
        # One variant for both ways: the tuned one, channels_last with jemalloc.
        rows = lines(python("mcsimclr_torch.py", "--bench", "--variants", "cl+je", "--modes", mode,
                            "--batches", str(batch), "--what", what, "--seconds", "4", "--reps", "2"))
        return rows[0][field]
    return measure


def rooms(rt60):
    def measure():
        rows = lines(python("rir_pyroomacoustics.py", "--rt60", str(rt60), "--fs", "16000",
                            "--budget", "6", "--reps", "1"))
        return rows[0]["rir_per_s"]
    return measure


def features():
    rows = lines(python("features_librosa.py", "--seconds", "0.5", "--reps", "3"))
    # The fastest of librosa, NumPy and PyTorch.
    return max(row["clips_per_s"] for row in rows if row["fs"] == 16000)


RIVALS = {
    "train_1t_b128": ("PyTorch", torch("1t", 128, "train", "ex_per_s")),
    "train_2w_b128": ("PyTorch, two processes", torch("2p", 128, "train", "ex_per_s")),
    "train_2t_b128": ("PyTorch, two threads", torch("2t", 128, "train", "ex_per_s")),
    "embed_1t": ("PyTorch", torch("1t", 128, "embed", "ex_per_s")),
    "embed_2t": ("PyTorch, two threads", torch("2t", 128, "embed", "ex_per_s")),
    "memory_b256": ("PyTorch", lambda: torch("1t", 256, "train", "rss_mb")() / 1000),
    "features_16k": ("fastest of librosa, NumPy, PyTorch", features),
    "rir_0.3": ("pyroomacoustics", rooms(0.3)),
    "rir_0.6": ("pyroomacoustics", rooms(0.6)),
    "rir_1.0": ("pyroomacoustics", rooms(1.0)),
    "rir_hybrid_1.0": ("pyroomacoustics, all images", rooms(1.0)),
}


# Measured once: minutes each.
WHOLE = {
    "whole_sweep": "Examples/pytorch under ablate (ratio = rival / ours)",
    "whole_sweep_unshared": "its scripts alone, nothing shared (ratio = rival / ours)",
}


def whole_sweeps(program):
    """The rows of whole_sweep.py, by name. The program beside the checks is ablate itself."""
    ablate = os.path.join(os.path.dirname(os.path.abspath(program)), "ablate")
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        done = subprocess.run(python("whole_sweep.py", ablate, "--json", file.name), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"compare.py: {done.stderr.strip()[-2000:]}")
        return {row["name"]: row for row in json.load(open(file.name))}


def ours(program, name):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([program, "bench", name, "--json", file.name], check=True,
                       stdout=subprocess.DEVNULL)
        row = json.load(open(file.name))[0]
        return row["value"], row["unit"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("result")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join([*RIVALS, *WHOLE]))
    arguments = parser.parse_args()
    results = []
    print(f"{'measurement':22}{'ours':>12}{'rival':>12}{'ratio':>9}  unit, rival", flush=True)
    whole = {}
    for name in arguments.only.split(","):
        if name in WHOLE:
            whole = whole or whole_sweeps(arguments.program)
            rival_name, row = WHOLE[name], whole[name]
            value, unit, peer, ratio = row["value"], row["unit"], row["peer"], row["ratio"]
        else:
            rival_name, rival = RIVALS[name]
            values, peers = [], []
            for _ in range(arguments.rounds):
                value, unit = ours(arguments.program, name)
                values.append(value)
                peers.append(rival())
            value, peer = statistics.median(values), statistics.median(peers)
            ratio = value / peer
        results.append(dict(name=name, value=value, unit=unit, peer=peer, ratio=ratio))
        print(f"{name:22}{value:12.3f}{peer:12.3f}{ratio:9.2f}  {unit}, {rival_name}", flush=True)
        os.makedirs(os.path.dirname(os.path.abspath(arguments.result)), exist_ok=True)
        with open(arguments.result, "w") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
