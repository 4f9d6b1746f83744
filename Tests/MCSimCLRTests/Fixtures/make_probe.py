"""Writes probe.json: least values of scikit-learn's logistic regression for MCSimCLRTests.

Run: python3 make_probe.py
"""
import json

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

generator = numpy.random.default_rng(20261125)


def problem(rows, inputs, classes):
    """Features that go together, as those of an encoder do, and classes that nearly come apart."""
    labels = generator.integers(0, classes, rows)
    hidden = generator.normal(size=(classes, 4))[labels] * 1.2 + generator.normal(size=(rows, 4))
    features = hidden @ generator.normal(size=(4, inputs))
    features += 0.3 * generator.normal(size=(rows, inputs))
    return numpy.round((features - features.mean(0)) / features.std(0), 5), labels


def objective(model, features, labels, penalty):
    scores = features @ model.coef_.T + model.intercept_
    scores -= scores.max(1, keepdims=True)
    losses = numpy.log(numpy.exp(scores).sum(1)) - scores[numpy.arange(len(labels)), labels]
    return float(losses.mean() + penalty / 2 * (model.coef_**2).sum())


def least(features, labels, penalty):
    found = []
    for solver in ["lbfgs", "newton-cg", "newton-cholesky"]:
        # scikit-learn minimises C times the summed cross-entropy + |W|^2 / 2.
        model = LogisticRegression(
            C=1 / (len(labels) * penalty), tol=1e-12, max_iter=100000, solver=solver)
        found.append(objective(model.fit(features, labels), features, labels, penalty))
    print(penalty, found)
    return {"penalty": penalty, "objective": min(found)}


problems = []
# The second has fewer examples than features, so that its classes do come apart.
for shape in [(90, 10, 5), (25, 40, 3)]:
    features, labels = problem(*shape)
    problems.append({
        "inputs": features.tolist(), "labels": labels.tolist(), "classes": shape[2],
        "fits": [least(features, labels, 10.0**power) for power in range(-6, 2)]})

with open("probe.json", "w") as file:
    json.dump({"scikit-learn": sklearn.__version__, "problems": problems}, file)
    file.write("\n")
