"""What counts of attempts prove: intervals, bounds, and the attempts that an answer demands. Standard library only, no state.

Everywhere, k of n means k reproduced among n *decided* attempts: an inconclusive attempt is neither. A rate is the share of attempts
in which the symptom shows, 0 to 1; a confidence is a probability strictly between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from math import ceil, comb, exp, expm1, fsum, isclose, lgamma, log, log1p, sqrt
from statistics import NormalDist

LEAST_RATE = 0.2
"""The rarest symptom that is looked for where nobody says otherwise: one attempt in five."""

_HALVINGS = 60
_SLACK = 1e-12


def wilson_interval(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The two-sided score interval (low, high) of a rate seen k times in n, for reading beside k/n.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212.
    Its coverage is close to `confidence` on average, not at least that; `clopper_pearson` never covers less. Raises ValueError.
    """
    _check_counts(k, n)
    _check_confidence(confidence)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate, stretch = k / n, 1 + z * z / n
    center = (rate + z * z / (2 * n)) / stretch
    half = z / stretch * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return (0.0 if k == 0 else max(0.0, center - half)), (1.0 if k == n else min(1.0, center + half))


def clopper_pearson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The two-sided exact interval (low, high) of a rate seen k times in n: it covers with at least `confidence`.

    C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
    Biometrika 26 (1934) 404-413. Raises ValueError.
    """
    each = (1 + confidence) / 2
    return lower_bound(k, n, each), upper_bound(k, n, each)


def lower_bound(k: int, n: int, confidence: float = 0.95) -> float:
    """The one-sided exact lower bound of a rate (Clopper and Pearson 1934). Raises ValueError."""
    _check_counts(k, n)
    _check_confidence(confidence)
    return 0.0 if k == 0 else _crossing(lambda rate: _at_most(k - 1, n, rate) <= confidence)


def upper_bound(k: int, n: int, confidence: float = 0.95) -> float:
    """The one-sided exact upper bound of a rate (Clopper and Pearson 1934). Raises ValueError."""
    _check_counts(k, n)
    _check_confidence(confidence)
    return 1.0 if k == n else _crossing(lambda rate: _at_most(k, n, rate) <= 1 - confidence)


def upper_bound_of_clean(n: int, confidence: float = 0.95) -> float:
    """What n clean attempts leave possible: a symptom of a higher rate would have shown with at least `confidence`.

    The exact binomial bound of 0 in n, where Clopper and Pearson (1934) have the closed form 1 - (1 - confidence)^(1/n). Raises ValueError.
    """
    _check_counts(0, n)
    _check_confidence(confidence)
    return -expm1(log1p(-confidence) / n)


def clean_attempts_needed(rate: float = LEAST_RATE, confidence: float = 0.95) -> int:
    """The fewest attempts in which a symptom of `rate` shows at least once with `confidence`: (1 - rate)^n <= 1 - confidence.

    Raises ValueError.
    """
    _check_rate(rate)
    _check_confidence(confidence)
    if rate == 1:
        return 1
    return max(1, ceil(log1p(-confidence) / log1p(-rate) - _SLACK))


def further_attempts(clean: int, inconclusive: int = 0, *, rate: float = LEAST_RATE, confidence: float = 0.95) -> int:
    """The fewest further attempts that would settle "not reproduced at a rate of at least `rate`", if all of them end clean; 0: settled.

    Two things are demanded: enough clean attempts, and that at least half of all attempts ended with an answer. Raises ValueError.
    """
    if clean < 0 or inconclusive < 0:
        raise ValueError(f"attempts are counted from 0: {clean} clean, {inconclusive} inconclusive")
    return max(0, clean_attempts_needed(rate, confidence) - clean, inconclusive - clean)


def miss_probability(k: int, n: int, clean: int) -> float:
    """How likely `clean` attempts all stay clean although the symptom, seen k times in n before, is there. 1.0 for no attempts.

    The posterior predictive probability of 0 in `clean` (beta-binomial) after k in n, with the prior that Jeffreys' rule gives where
    attempts go on until the k-th reproduction (H. Jeffreys, "An invariant form for the prior probability in estimation problems",
    Proc. R. Soc. A 186 (1946) 453-461); for a fixed n it errs on the safe side. Unlike (1 - k/n)^clean it does not take a rate
    measured in a few attempts for the true one: 3 in 3 is not "always". Raises ValueError, also for k = 0.
    """
    _check_counts(k, n)
    if k == 0:
        raise ValueError("a symptom that was never seen has no rate to reckon with")
    spared = n - k + 0.5
    return exp(_log_beta(k, spared + clean) - _log_beta(k, spared))


def clean_attempts_to_rule_out(k: int, n: int, miss: float) -> int:
    """The fewest clean attempts after which `miss_probability(k, n, …)` is at most `miss`. Raises ValueError, also for k = 0."""
    _check_counts(k, n)
    _check_confidence(miss)
    high = 1
    while miss_probability(k, n, high) > miss:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if miss_probability(k, n, middle) > miss else (low, middle)
    return high


def fell_by_chance(before_k: int, before_n: int, after_k: int, after_n: int) -> float:
    """How likely a fall at least this large is if the rate is the same before and after: the one-sided p-value of Fisher's exact test.

    R. A. Fisher, "The logic of inductive inference", J. R. Stat. Soc. 98 (1935) 39-82. It needs no estimate of the rate, holds for every
    rate, and (for a clean after) also when the run before stopped at its first reproduction. Raises ValueError.
    """
    _check_counts(before_k, before_n)
    _check_counts(after_k, after_n)
    seen = before_k + after_k
    fewest = max(0, seen - before_n)
    ways = sum(comb(after_n, j) * comb(before_n, seen - j) for j in range(fewest, after_k + 1))
    return ways / comb(before_n + after_n, seen)


def fix_confidence(before_k: int, before_n: int, after_k: int, after_n: int) -> float:
    """How sure a fix check is, 0 to below 1: one minus the chance that an unchanged application looks this much better.

    0.0 when it reproduced after, which proves that it is not fixed, or never before, when there is nothing to compare with.
    From `fell_by_chance`, so it is a confidence in Neyman's sense: of checks of an unchanged application, a share of at most
    1 - c reaches c. Raises ValueError.
    """
    by_chance = fell_by_chance(before_k, before_n, after_k, after_n)
    return 0.0 if after_k else 1 - by_chance


def after_attempts_needed(before_k: int, before_n: int, confidence: float = 0.95) -> int:
    """The fewest clean attempts after that make a fix check this sure, given k in n before. Raises ValueError, also for k = 0."""
    _check_counts(before_k, before_n)
    _check_confidence(confidence)
    if before_k == 0:
        raise ValueError("what was never seen before can't be shown to be fixed")
    return next(m for m in count(1) if _is_at_most(fell_by_chance(before_k, before_n, 0, m), 1 - confidence))


def attempts_for_fix_check(rate: float, confidence: float = 0.95) -> int:
    """How many attempts before, and as many after, make a fix check this sure: rate x n reproduced (rounded down), then none.

    Raises ValueError.
    """
    _check_rate(rate)
    _check_confidence(confidence)
    first = ceil(1 / rate - _SLACK)
    return next(n for n in count(first) if _is_at_most(fell_by_chance(int(rate * n + _SLACK), n, 0, n), 1 - confidence))


def _is_at_most(value: float, limit: float) -> bool:
    """`<=` that forgives the last bits of 1 - 0.95."""
    return value < limit or isclose(value, limit, rel_tol=1e-9)


def _at_most(k: int, n: int, rate: float) -> float:
    """P(X <= k) of a binomial."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 1.0 if k >= n else 0.0
    yes, no = log(rate), log1p(-rate)
    return fsum(exp(_log_comb(n, i) + i * yes + (n - i) * no) for i in range(k + 1))


def _crossing(reached: Callable[[float], bool]) -> float:
    """The smallest rate in 0 to 1 at which `reached`, which stays true once it is, becomes true; by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return (low + high) / 2


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _check_counts(k: int, n: int) -> None:
    if n < 1 or not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is not a count of attempts")


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"{confidence} is not between 0 and 1")


def _check_rate(rate: float) -> None:
    if not 0 < rate <= 1:
        raise ValueError(f"{rate} is not a rate above 0 and up to 1")
