#!/usr/bin/env python3
"""A whole sweep (four trials: no augmentation and all, two seeds; pretraining and linear probe) from simulated rooms
to the table, on two workers:

    whole_sweep            the built-in trainer, against Examples/pytorch under ablate
    whole_sweep_unshared   the same, against the scripts of Examples/pytorch alone, in a pool of two processes in which
                           each trial does all of its own work

    whole_sweep.py ABLATE [--steps N] [--json FILE]

Rooms are simulated beforehand for all of them. Units: seconds; ratio = rival / ours. Refused where the rival's
pretraining does not come to 90 % of the rate of the tuned mcsimclr_torch.py, two processes at once.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import mcsimclr_torch

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "../../Examples/pytorch")
AUGMENTATIONS = [[], ["channel_swap", "mixup", "random_resized_crop", "channel_drop"]]
SEEDS = [0, 1]


def call(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"whole_sweep.py: {' '.join(command)} failed: {(done.stdout + done.stderr).strip()[-2000:]}")
    return done.stdout


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


class Comparison:
    def __init__(self, ablate, steps, folder):
        self.ablate, self.steps = os.path.abspath(ablate), steps
        self.example = os.path.join(folder, "pytorch")
        shutil.copytree(EXAMPLE, self.example, ignore=shutil.ignore_patterns("bank", "__pycache__"))
        # The interpreter with PyTorch, and the allocator without which it would be no rival.
        self.environment = {**os.environ, "OMP_NUM_THREADS": "1", **mcsimclr_torch.environment("je"),
                            "PATH": os.path.dirname(sys.executable) + ":" + os.environ["PATH"]}
        self.overrides = ["-S", f"base.pretraining_steps={steps}", "-S", f"seeds={SEEDS}"]
        self.data = ["-S", "data={source: builtin, clips: 400}"]
        call([self.ablate, "export", "bank", "builtin.yaml", *self.data, "--results", "results", "--format", "npy",
              "-o", "bank"], cwd=self.example)

    def ours(self):
        return timed(lambda: call(
            [self.ablate, "run", "builtin.yaml", *self.data, *self.overrides, "-S", "evaluation=[probe]",
             "-j", "2", "--results", "results"], cwd=self.example))[0]

    def under_ablate(self):
        """Seconds, and the rates of the pretrainings in examples a second."""
        seconds, _ = timed(lambda: call(
            [self.ablate, "run", "pytorch.yaml", *self.overrides, "-S", "evaluation=[probe]", "-j", "2",
             "--results", "rival"], cwd=self.example, env=self.environment))
        listed = call([self.ablate, "status", "pytorch", "--trials", "--results", "rival"], cwd=self.example)
        trials = re.findall(r"^ +([0-9a-f]{12}) +finished", listed, re.MULTILINE)
        logs = "".join(call([self.ablate, "logs", trial, "--results", "rival"], cwd=self.example)
                       for trial in trials)
        return seconds, rates(logs)

    def alone(self):
        def trial(number, augmentations, seed):
            folder = os.path.join(self.example, f"alone{number}")
            bank = os.path.join(folder, "bank")
            os.makedirs(bank)
            for name in os.listdir(os.path.join(self.example, "bank")):
                if not name.startswith(("maps-", "levels-")):
                    os.symlink(os.path.join(self.example, "bank", name), os.path.join(bank, name))
            with open(os.path.join(folder, "trial.json"), "w") as file:
                json.dump({"settings": {**self.settings, "augmentations": augmentations}, "output": folder,
                           "threads": 1, "seed": seed}, file)
            environment = {**self.environment, "ABLATE_TRIAL": file.name}
            said = call([sys.executable, "pretrain.py", bank], cwd=self.example, env=environment)
            call([sys.executable, "probe.py", bank, os.path.join(folder, "encoder.pt")], cwd=self.example,
                 env=environment)
            return said
        trials = [(a, s) for a in AUGMENTATIONS for s in SEEDS]
        with ThreadPoolExecutor(2) as pool:
            seconds, said = timed(lambda: list(pool.map(
                lambda n: trial(n, *trials[n]), range(len(trials)))))
        return seconds, rates("".join(said))

    @property
    def settings(self):
        """As pytorch.yaml has them."""
        return dict(batch_size=64, channel_drop_probability=0.1, crop_frequency=[0.6, 1], crop_time=[0.5, 1],
                    encoder="small", feature_pooling=2, gcc_weight=0.2, learning_rate=0.001, mixup_level=[5, 20],
                    patch_frames=64, pretraining_steps=self.steps, temperature=0.1, warm_up_fraction=0.05)


def rates(log):
    found = [float(rate) for rate in re.findall(r"([0-9.]+) examples/s", log)]
    if len(found) != len(AUGMENTATIONS) * len(SEEDS):
        sys.exit(f"whole_sweep.py: {len(found)} rates in the logs: {log[-1000:]}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ablate")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(arguments.ablate, arguments.steps, folder)
        ours = comparison.ours()
        rows = []
        for name, rival in (("whole_sweep", comparison.under_ablate), ("whole_sweep_unshared", comparison.alone)):
            peer, found = rival()
            # Both processes together, measured right beside, as loud as the machine is now.
            tuned = mcsimclr_torch.run_config("cl+je", 64, "2p", 2.0, 2, "train", "small")["ex_per_s"]
            rate = 2 * statistics.median(found)
            if rate < 0.9 * tuned:
                sys.exit(f"whole_sweep.py: {name}: the rival trains at {rate:.0f} examples/s, the tuned "
                         f"mcsimclr_torch.py at {tuned:.0f}: below 90 %, this would be no comparison")
            rows.append(dict(name=name, value=ours, unit="s", peer=peer, ratio=peer / ours, rate=rate, tuned=tuned))
            print(f"{name:22}{ours:9.1f}{peer:9.1f}{peer / ours:8.2f}  s; rival's rate {rate:.0f}, tuned {tuned:.0f}",
                  flush=True)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(rows, file)


if __name__ == "__main__":
    main()
