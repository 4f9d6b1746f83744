"""Writes scipy.json: reference values of scipy for AnalysisTests. Run: python3 make_fixtures.py"""
import json
import itertools
import numpy
import scipy
from scipy import integrate, special, stats

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


def power(effect, n, alpha):
    df, shift = n - 1, effect * numpy.sqrt(n)
    critical = stats.t.ppf(1 - alpha / 2, df)

    def tails(s):
        # Scipy's own nct gives NaN far out: integrate over the chi distribution instead.
        return (stats.norm.cdf(shift - critical * s) + stats.norm.cdf(-shift - critical * s)) \
            * numpy.sqrt(df) * stats.chi.pdf(numpy.sqrt(df) * s, df)
    value = integrate.quad(tails, 0, 1, epsabs=1e-13)[0] + integrate.quad(
        tails, 1, numpy.inf, epsabs=1e-13)[0]
    upper = stats.nct.sf(critical, df, shift) + stats.nct.cdf(-critical, df, shift)
    assert numpy.isnan(upper) or abs(upper - value) < 1e-9
    return float(value)


out["power"] = [[effect, n, alpha, power(effect, n, alpha)]
                for effect in [0.0, 0.3, 0.8, 2.5] for n in [2, 3, 5, 12, 60]
                for alpha in [0.05, 0.01]]

skewed = [round(float(x), 3) for x in generator.exponential(1, 25)]
bootstrap = []
for name, statistic in [("mean", numpy.mean), ("median", numpy.median)]:
    result = stats.bootstrap((numpy.array(skewed),), statistic, n_resamples=99_999, method="BCa",
                             rng=numpy.random.default_rng(1))
    bootstrap.append({"statistic": name, "lower": float(result.confidence_interval.low),
                      "upper": float(result.confidence_interval.high)})
out["bootstrap"] = {"values": skewed, "intervals": bootstrap}
with open("scipy.json", "w") as file:
    json.dump(out, file, indent=1, allow_nan=False)
    file.write("\n")
