"""Writes sequence.json: what confidence sequences, two-way layouts and skewness are by other ways.

Needs numpy and scipy 1.17; run it where the file shall be. The martingale is the mixture of noncentral
t densities over the effect size, integrated numerically; intervals are roots of it; the layout's sums
of squares come from projections.
"""

import json

import numpy as np
from scipy import integrate, optimize, stats

PRECISION = 0.5
rng = np.random.default_rng(20260115)


def martingale(values, mean=0.0):
    """The mixture over effect sizes N(0, 1 / PRECISION) of the likelihood ratio of Student's t."""
    x = np.asarray(values) - mean
    n = len(x)
    t = x.mean() / (x.std(ddof=1) / np.sqrt(n))
    null = stats.t.pdf(t, n - 1)

    def integrand(effect):
        density = stats.norm.pdf(effect, 0, 1 / np.sqrt(PRECISION))
        return stats.nct.pdf(t, n - 1, effect * np.sqrt(n)) / null * density

    peak = t / np.sqrt(n)
    total = 0.0
    for low, high in [(-12, peak - 1), (peak - 1, peak + 1), (peak + 1, 12)]:
        total += integrate.quad(integrand, low, high, limit=400, epsabs=1e-13, epsrel=1e-10)[0]
    return total


samples = []
for count, alpha in [(6, 0.05), (8, 0.05 / 16), (10, 0.05), (12, 0.05 / 16), (20, 0.025), (30, 0.05 / 4)]:
    values = np.round(rng.normal(0.6, 1.3, count), 3)
    scale = values.std(ddof=1)
    upper = optimize.brentq(
        lambda shift: np.log(martingale(values, values.mean() + shift * scale)) + np.log(alpha),
        0.05, 4.0 if count > 6 else 3.0, xtol=1e-11)
    samples.append({
        "values": values.tolist(), "alpha": alpha, "martingale": martingale(values),
        "halfWidth": upper,
    })

layouts = []
for seeds, groups, noise in [(4, 6, 1.0), (10, 25, 0.3), (3, 12, 4.0)]:
    data = np.round(
        2 + rng.normal(0, 1, (seeds, 1)) + rng.normal(0, 2, (1, groups))
        + rng.normal(0, noise, (seeds, groups)), 3)
    # Projections on the spaces of the model, as matrices.
    y = data.reshape(-1)
    one = np.kron(np.ones((seeds, seeds)) / seeds, np.ones((groups, groups)) / groups)
    p_seed = np.kron(np.eye(seeds), np.ones((groups, groups)) / groups) - one
    p_group = np.kron(np.ones((seeds, seeds)) / seeds, np.eye(groups)) - one
    p_rest = np.eye(seeds * groups) - one - p_seed - p_group
    ms = [y @ p @ y / round(np.trace(p)) for p in (p_seed, p_group, p_rest)]
    df = [round(np.trace(p)) for p in (p_seed, p_group, p_rest)]
    variance = (ms[0] + ms[1] - ms[2]) / (seeds * groups)
    satterthwaite = (ms[0] + ms[1] - ms[2]) ** 2 / sum(m * m / d for m, d in zip(ms, df))
    floor = max(ms[0], ms[1]) / (seeds * groups)
    if variance < floor:
        variance, satterthwaite = floor, df[0] if ms[0] >= ms[1] else df[1]
    half = stats.t.ppf(0.975, satterthwaite) * np.sqrt(variance)
    layouts.append({
        "values": data.tolist(), "mean": data.mean(), "variance": variance,
        "degrees": satterthwaite, "lower": data.mean() - half, "upper": data.mean() + half,
    })

values = np.round(rng.exponential(1, 12), 3)
json.dump(
    {
        "sequences": samples, "layouts": layouts,
        "skewness": {"values": values.tolist(), "value": float(stats.skew(values))},
    },
    open("sequence.json", "w"), indent=1)
