"""Classifies scikit-learn's own handwritten digits with a small network; what ablate varies is in trial.json."""
import json
import os
import warnings

import numpy as np
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

with open(os.environ["ABLATE_TRIAL"]) as file:
    trial = json.load(file)
settings, output, seed = trial["settings"], trial["output"], trial["seed"]
chance = np.random.default_rng(seed)

# The same split for all seeds: what differs between them is the training.
digits = load_digits()
images = digits.images / 16
train, test = train_test_split(np.arange(len(images)), test_size=0.4, stratify=digits.target, random_state=0)
train, check = train_test_split(train, test_size=0.2, stratify=digits.target[train], random_state=0)


def shifted(batch):
    """Each image moved by a pixel at most, with zeros where nothing is."""
    padded = np.pad(batch, ((0, 0), (1, 1), (1, 1)))
    places = chance.integers(0, 3, (len(batch), 2))
    return np.stack([image[y:y + 8, x:x + 8] for image, (y, x) in zip(padded, places)])


def augmented(batch, labels):
    if "shift" in settings["augmentations"]:
        batch = shifted(batch)
    if "noise" in settings["augmentations"]:
        batch = batch + chance.normal(0, 0.1, batch.shape)
    if "erase" in settings["augmentations"]:
        batch = batch.copy()
        for image, y, x in zip(batch, *chance.integers(0, 7, (2, len(batch)))):
            image[y:y + 2, x:x + 2] = 0
    return batch.reshape(len(batch), -1), labels


model = MLPClassifier(
    hidden_layer_sizes=(settings["units"],), learning_rate_init=settings["learning_rate"],
    batch_size=64, random_state=seed)
warnings.simplefilter("ignore", ConvergenceWarning)
with open(os.path.join(output, "curves.jsonl"), "w") as curves:
    for epoch in range(1, settings["epochs"] + 1):
        order = chance.permutation(train)
        for start in range(0, len(order) - 63, 64):
            chosen = order[start:start + 64]
            batch, labels = augmented(images[chosen], digits.target[chosen])
            model.partial_fit(batch, labels, classes=range(10))
        score = model.score(images[check].reshape(len(check), -1), digits.target[check])
        print(json.dumps({"step": epoch, "steps": settings["epochs"], "loss": model.loss_, "validation": score}),
              file=curves, flush=True)

found = model.predict(images[test].reshape(len(test), -1))
right = found == digits.target[test]
with open(os.path.join(output, "predictions.csv"), "w") as predictions:
    print("item,accuracy", file=predictions)
    for item, one in zip(test, right):
        print(f"{item},{int(one)}", file=predictions)
with open(os.path.join(output, "figures.json"), "w") as figures:
    f1 = f1_score(digits.target[test], found, average="macro")
    json.dump({"accuracy": 100 * right.mean(), "f1": f1}, figures)
