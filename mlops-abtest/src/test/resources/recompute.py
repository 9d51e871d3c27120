"""Recomputes the reference values that their own source knows to fewer digits than the tests ask for.

srm: the source subtracts log-gammas of 2e7, which costs eight digits; here in 40-digit arithmetic (mpmath).
asymptotic_confidence_sequence_proportion_greater: the source searches for p in steps of 5e-5; here the root in 40 digits.
group_sequential_power_spending_rho2: the source's solver stops at 3e-5; here the recursion of Armitage, McPherson and
Rowe (1969) with 300 Gauss-Legendre nodes per look and Brent's root finder. 200 and 300 nodes agree to 1e-13.

Run with python3 recompute.py (numpy, scipy, mpmath); writes recomputed.json beside vectors.json.
"""
import json
import pathlib

import numpy as np
from mpmath import exp, findroot, log, loggamma, mp, mpf, sqrt
from scipy.optimize import brentq
from scipy.special import erfc

mp.dps = 40
here = pathlib.Path(__file__).parent
vectors = json.loads((here / "vectors.json").read_text())["vectors"]


def srm(i):
    k = mpf(i["dirichletConcentration"])
    total = sum(mpf(w) for w in i["weights"])
    theta = [mpf(w) / total for w in i["weights"]]
    n = sum(i["observed"])
    bayes = loggamma(k) - loggamma(k + n)
    for x, t in zip(i["observed"], theta):
        bayes += loggamma(k * t + x) - loggamma(k * t) - x * log(t)
    return {"sequentialLogBayesFactor": float(bayes), "sequentialP": float(min(mpf(1), exp(-bayes)))}


def greater(i):
    pc, pt = mpf(i["successC"]) / i["nC"], mpf(i["successT"]) / i["nT"]
    z = (pt - pc) / sqrt(pc * (1 - pc) / i["nC"] + pt * (1 - pt) / i["nT"])
    level = -2 * log(2 * mpf(str(i["alpha"])))
    information = (i["nC"] + i["nT"]) * (level + log(1 + level)) / mpf(i["tuning"])
    shape = 2 * (information + 1) / information
    p = findroot(lambda a: sqrt(shape * log(1 + sqrt(information + 1) / (2 * a))) - z, mpf("0.2"))
    return {"alwaysValidP": float(p)}


def tail(z):
    return erfc(z / np.sqrt(2)) / 2


def bounds(i, nodes=300):
    t, alpha = i["informationFractions"], i["alpha"]
    x, w = np.polynomial.legendre.leggauss(nodes)
    found, points, density = [], None, None
    for k, now in enumerate(t):
        spend = alpha * (now**2 - (t[k - 1] ** 2 if k else 0))
        if k == 0:
            crossing = lambda b: 2 * tail(b) - spend
        else:
            s = np.sqrt(now - t[k - 1])
            crossing = lambda b: np.sum(
                density * (tail((b * np.sqrt(now) - points) / s) + tail((b * np.sqrt(now) + points) / s))
            ) - spend
        b = brentq(crossing, 0.5, 9, xtol=1e-15, rtol=1e-15)
        found.append(b)
        edge = b * np.sqrt(now)
        fresh = x * edge
        if k == 0:
            g = np.exp(-(fresh**2) / (2 * now)) / np.sqrt(2 * np.pi * now)
        else:
            kernel = np.exp(-((fresh[:, None] - points[None, :]) ** 2) / (2 * s**2)) / (s * np.sqrt(2 * np.pi))
            g = kernel @ density
        points, density = fresh, g * w * edge
    return {"zBounds": found}


how = {
    "srm": srm,
    "asymptotic_confidence_sequence_proportion_greater": greater,
    "group_sequential_power_spending_rho2": bounds,
}
out = [
    {"name": v["name"], "inputs": v["inputs"], "outputs": how[v["name"]](v["inputs"])}
    for v in vectors
    if v["name"] in how
]
for v in out:
    if "zBounds" in v["outputs"]:
        coarse = bounds(v["inputs"], 200)["zBounds"]
        assert max(abs(a - b) for a, b in zip(coarse, v["outputs"]["zBounds"])) < 1e-13
(here / "recomputed.json").write_text(json.dumps({"how": "recompute.py", "vectors": out}, indent=1) + "\n")
