"""Writes scipy.json: reference values of scipy for AnalysisTests. Run: python3 make_fixtures.py"""
import json
import itertools
import numpy
import scipy
from scipy import special, stats

generator = numpy.random.default_rng(20261123)
out = {"scipy": scipy.__version__}
out["logGamma"] = [[x, float(special.gammaln(x))] for x in
                   [0.1, 0.5, 1.5, 2.5, 7.0, 11.9, 12.1, 50.5, 1e3, 1e5]]
out["studentCumulative"] = [[t, df, float(stats.t.cdf(t, df))]
                            for df in [1, 2, 3, 4, 9, 29.5, 100, 1000]
                            for t in [-40.0, -6.5, -2.0, -0.3, 0.01, 0.7, 1.96, 5.0]]
out["studentQuantile"] = [[p, df, float(stats.t.ppf(p, df))]
                          for df in [1, 2, 3, 4, 9, 29.5, 100, 1000]
                          for p in [1e-8, 0.0005, 0.025, 0.3, 0.6, 0.9, 0.975, 0.9995]]
out["normalQuantile"] = [[p, float(stats.norm.ppf(p))]
                         for p in [1e-12, 1e-5, 0.025, 0.2, 0.49, 0.6, 0.975, 0.99999]]


def sign_flip(d):
    observed = abs(sum(d))
    hits = [abs(sum(s * x for s, x in zip(signs, d))) >= observed - 1e-9
            for signs in itertools.product([1, -1], repeat=len(d))]
    return sum(hits) / len(hits)


samples = []
for n in [2, 3, 5, 8, 11]:
    for shift in [0.0, 0.4, 1.5]:
        d = [round(float(x), 4) for x in generator.normal(shift, 1, n)]
        t = stats.ttest_1samp(d, 0)
        low, high = t.confidence_interval(0.95)
        samples.append({
            "differences": d, "mean": float(numpy.mean(d)), "deviation": float(numpy.std(d, ddof=1)),
            "lower": float(low), "upper": float(high), "studentP": float(t.pvalue),
            "signFlip": sign_flip(d),
            "wilcoxon": float(stats.wilcoxon(d, method="exact").pvalue)})
out["samples"] = samples

# Scipy's permutation_test draws no random patterns when all fit, so that it is exact with ties too.
ties = []
for d in [[1, 1, 2, -2, 3], [1, -1, 1, 1, 2, 2, 0, 4], [0.5, 0.5, 0.5, 0.5]]:
    kept = numpy.array([x for x in d if x != 0], float)
    result = stats.permutation_test(
        (kept,), lambda x: float(stats.rankdata(numpy.abs(x))[x > 0].sum()),
        permutation_type="samples", n_resamples=10**6, alternative="two-sided")
    ties.append({"differences": d, "wilcoxon": float(result.pvalue)})
out["ties"] = ties

large = [round(float(x), 3) for x in generator.normal(0.2, 1, 80)]
out["large"] = {"differences": large, "wilcoxon": float(stats.wilcoxon(
    large, method="asymptotic", correction=False).pvalue)}
with open("scipy.json", "w") as file:
    json.dump(out, file, indent=1)
    file.write("\n")
