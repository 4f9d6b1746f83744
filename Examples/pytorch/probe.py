"""The linear probe: a frozen encoder, softmax regression for the class, ridge regression for the direction.

    probe.py BANK ENCODER.pt
    probe.py BANK random      an encoder that has learnt nothing, its BatchNorm statistics calibrated
"""
import json
import os
import sys

import numpy as np
import torch

from bank import Bank, Normalisation
from model import SIZES, MCSimCLR

# From far too weak to far too strong for standardised features.
CLASS_PENALTIES = [10.0 ** exponent for exponent in range(1, -7, -1)]
DIRECTION_PENALTIES = [10.0 ** exponent for exponent in range(-9, 4)]


def first_frames(frames, patch):
    """At most four patches, spread evenly."""
    room = frames - patch
    count = min(4, 1 + room // max(1, patch // 2))
    return [n * room // (count - 1) for n in range(count)] if count > 1 else [room // 2]


@torch.inference_mode()
def embeddings(model, bank, numbers, normalisation, patch):
    """The mean over a recording's patches, each recording brought to one level. Shape: [recordings, features]."""
    starts = first_frames(bank.maps.shape[2], patch)
    result = []
    for place in range(0, len(numbers), 16):
        chunk = numbers[place:place + 16]
        maps = np.stack([bank.maps[n][:, s:s + patch] for n in chunk for s in starts])
        gains = np.repeat(normalisation.level - bank.levels[chunk], len(starts))
        inputs = normalisation(torch.from_numpy(maps), gains, bank.microphones)
        found = model.embed(inputs.contiguous(memory_format=torch.channels_last))
        result.append(found.reshape(len(chunk), len(starts), -1).mean(1))
    return torch.cat(result).double()


def calibrate(model, bank, normalisation, patch, seed):
    """BatchNorm statistics over 30 batches of 64 patches."""
    random = np.random.default_rng([seed, 3])
    numbers = bank.of("pretraining", "training")
    model.train()
    with torch.no_grad():
        for _ in range(30):
            maps = []
            for number in random.choice(numbers, 64):
                start = random.integers(0, bank.maps.shape[2] - patch + 1)
                maps.append(bank.maps[number][:, start:start + patch])
            model.embed(normalisation(torch.from_numpy(np.stack(maps))))


def softmax_regression(x, labels, classes, penalty, start):
    """Minimises mean cross-entropy + penalty / 2 |W|^2; the intercept is not penalised."""
    weights = start.clone().requires_grad_()
    x = torch.cat((x, torch.ones(len(x), 1, dtype=x.dtype)), 1)
    search = torch.optim.LBFGS([weights], max_iter=1000, max_eval=2000, tolerance_grad=1e-5,
                               tolerance_change=1e-12, history_size=20, line_search_fn="strong_wolfe")

    def objective():
        search.zero_grad()
        value = torch.nn.functional.cross_entropy(x @ weights, labels)
        value = value + penalty / 2 * weights[:-1].square().sum()
        value.backward()
        return value

    search.step(objective)
    return weights.detach()


def angle(prediction):
    return torch.atan2(prediction[:, 1], prediction[:, 0])


def degrees_between(first, second):
    """In [0, 180]."""
    return torch.rad2deg(torch.remainder(first - second + torch.pi, 2 * torch.pi) - torch.pi).abs()


class Probe:
    """Both heads, their penalties chosen on the validation split."""

    def __init__(self, train, check, classes):
        (x, labels, azimuths), (y, check_labels, check_azimuths) = train, check
        self.mean = x.mean(0)
        deviation = x.std(0, correction=0)
        self.scale = torch.where(deviation > 1e-8, 1 / deviation, 0)
        x, y = self.inputs(x), self.inputs(y)
        gram, moment = x.T @ x, x.T @ torch.stack((azimuths.cos(), azimuths.sin()), 1)
        middle = torch.stack((azimuths.cos().mean(), azimuths.sin().mean()))
        least = None
        for penalty in DIRECTION_PENALTIES:
            # Inputs have mean 0, so that the intercept is the mean of the targets.
            system = gram + len(x) * penalty * torch.eye(x.shape[1], dtype=x.dtype)
            found = torch.linalg.solve(system, moment)
            error = degrees_between(angle(y @ found + middle), check_azimuths).mean()
            if least is None or error <= least:
                least, self.direction, self.direction_penalty = error, (found, middle), penalty
        fewest, lowest, worse = None, None, 0
        weights = torch.zeros(x.shape[1] + 1, classes, dtype=x.dtype)
        for penalty in CLASS_PENALTIES:
            weights = softmax_regression(x, labels, classes, penalty, weights)
            scores = y @ weights[:-1] + weights[-1]
            errors = (scores.argmax(1) != check_labels).double().mean()
            loss = torch.nn.functional.cross_entropy(scores, check_labels)
            worse = 0 if fewest is None or errors < fewest or loss < lowest else worse + 1
            if fewest is None or errors < fewest:
                fewest, self.classes, self.class_penalty = errors, weights, penalty
            lowest = loss if lowest is None else min(lowest, loss)
            # Weaker ones only fit the training split more closely.
            if worse == 2:
                break

    def inputs(self, x):
        return (x - self.mean) * self.scale

    def __call__(self, x):
        x = self.inputs(x)
        labels = (x @ self.classes[:-1] + self.classes[-1]).argmax(1)
        weights, middle = self.direction
        return labels, angle(x @ weights + middle)


def main():
    with open(os.environ["ABLATE_TRIAL"]) as file:
        trial = json.load(file)
    settings, output = trial["settings"], trial["output"]
    torch.set_num_threads(trial["threads"])
    bank = Bank(sys.argv[1], settings["feature_pooling"])
    patch = settings["patch_frames"] // settings["feature_pooling"]
    torch.manual_seed(trial["seed"])
    model = MCSimCLR(bank.maps.shape[1], bins=bank.maps.shape[3], relu_after_pool=True,
                     **SIZES[settings["encoder"]]).to(memory_format=torch.channels_last)
    if sys.argv[2] == "random":
        normalisation = Normalisation.of(bank, settings["gcc_weight"])
        calibrate(model, bank, normalisation, patch, trial["seed"])
    else:
        state = torch.load(sys.argv[2])
        model.load_state_dict(state["model"])
        normalisation = Normalisation(state["mean"], state["scale"], state["level"])
    model.eval()

    def examples(split):
        numbers = bank.of(split)
        return (embeddings(model, bank, numbers, normalisation, patch),
                torch.from_numpy(bank.labels[numbers]), torch.from_numpy(bank.azimuths[numbers]))

    probe = Probe(examples("training"), examples("validation"), len(bank.classes))
    features, labels, azimuths = examples("test")
    found, directions = probe(features)
    right = (found == labels).double()
    errors = degrees_between(directions, azimuths)
    print(f"penalties: class {probe.class_penalty}, direction {probe.direction_penalty}")
    with open(os.path.join(output, "predictions.csv"), "w") as file:
        print("item,group,split,accuracy,error", file=file)
        for number, one, error in zip(bank.of("test"), right.tolist(), errors.tolist()):
            row = bank.rows[number]
            print(f'{row["file"]},"{row["group"]}",test,{one:.0f},{error}', file=file)
    with open(os.path.join(output, "figures.json"), "w") as file:
        json.dump({"accuracy": 100 * right.mean().item(), "error": errors.mean().item()}, file)


if __name__ == "__main__":
    main()
