"""When to stop attempting: a sequential test that ends as soon as its answer is known. Pure: it is told outcomes and says whether to go on.

What is asked is "does it happen, at a rate of at least r?". This is Wald's sequential probability ratio test (A. Wald, "Sequential tests of
statistical hypotheses", Ann. Math. Stat. 16 (1945) 117-186) of "it happens at rate r" against "it never happens". Against *never*, one
reproduction has an infinite likelihood ratio: it is proof, and the test ends. A clean attempt multiplies the ratio by 1 - r, and the
test ends with "not reproduced" once the ratio is at most 1 - confidence. So a symptom of rate r or more is missed with a probability of
at most 1 - confidence, exactly (nothing overshoots), and a symptom that is not there is never found.

Inconclusive attempts carry no evidence. When they outnumber the others by more than `patience`, the test ends inconclusive: with a
staging that is down it ends after three attempts, and one that hiccups now and then is ridden out.

A reproduced symptom can be measured further: until it reproduced so many times, which gives a rate of the same relative
precision whatever it is (J. B. S. Haldane, "On a method of estimating frequencies", Biometrika 33 (1945) 222-225), or until the rate is
known to within a margin by `anytime_interval`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, lgamma, log, log1p

from harness.verdict.outcome import Outcome
from harness.verdict.statistics import LEAST_RATE, clean_attempts_needed

PATIENCE = 2
MOST_ATTEMPTS = 1000
SOUND_REPRODUCTIONS = 5
"""Reproductions that make a rate sound enough to reckon with, as bisecting and fix checks do."""
_HALVINGS = 60


@dataclass(frozen=True)
class Question:
    """What ends a trial.

    needed         clean attempts that answer "not reproduced"
    patience       how many more inconclusive than decided attempts are borne
    reproductions  that end it
    margin         if given, attempts go on until the rate is known to within this half width, 0 to 1
    confidence     of that interval
    most           decided attempts after which measuring ends anyway
    """

    needed: int
    patience: int = PATIENCE
    reproductions: int = 1
    margin: float | None = None
    confidence: float = 0.95
    most: int = MOST_ATTEMPTS


@dataclass(frozen=True)
class Trial:
    """A question and the attempts counted so far."""

    question: Question
    reproduced: int = 0
    clean: int = 0
    inconclusive: int = 0

    @property
    def decided(self) -> int:
        """Attempts that ended with an answer."""
        return self.reproduced + self.clean

    @property
    def attempts(self) -> int:
        """All attempts."""
        return self.decided + self.inconclusive

    @property
    def answer(self) -> Outcome | None:
        """None while it goes on. It follows from the counts alone, so attempts still under way when it ended may be counted too."""
        if self.reproduced:
            return Outcome.REPRODUCED if self._is_measured() else None
        if self.inconclusive > self.clean + self.question.patience:
            return Outcome.INCONCLUSIVE
        if self.clean >= max(self.question.needed, self.inconclusive):
            return Outcome.NOT_REPRODUCED
        return None

    @property
    def left(self) -> int:
        """The fewest further attempts that "not reproduced" takes, so many may be begun side by side; 0 when it ended, else at least 1."""
        if self.answer is not None:
            return 0
        return max(1, self.question.needed - self.clean, self.inconclusive - self.clean)

    def _is_measured(self) -> bool:
        question = self.question
        if self.decided >= question.most or self.inconclusive > self.decided + question.patience:
            return True
        if self.reproduced < question.reproductions:
            return False
        if question.margin is None:
            return True
        low, high = anytime_interval(self.reproduced, self.decided, question.confidence)
        return (high - low) / 2 <= question.margin


def until_confident(confidence: float = 0.95, rate: float = LEAST_RATE) -> Trial:
    """A trial that ends as soon as "it happens, at a rate of at least `rate`" is answered with `confidence`. Raises ValueError."""
    return Trial(Question(clean_attempts_needed(rate, confidence), confidence=confidence))


def until_measured(
    confidence: float = 0.95, rate: float = LEAST_RATE, reproductions: int = SOUND_REPRODUCTIONS, margin: float | None = None
) -> Trial:
    """The same, but a symptom that shows is measured: until so many reproductions, and to within a `margin` if given. Raises ValueError."""
    if reproductions < 1 or (margin is not None and not 0 < margin < 1):
        raise ValueError(f"{reproductions} reproductions to within {margin} can't be measured")
    question = until_confident(confidence, rate).question
    return Trial(replace(question, reproductions=reproductions, margin=margin))


def step(trial: Trial, outcome: Outcome) -> Trial:
    """The trial with one more attempt."""
    if outcome is Outcome.REPRODUCED:
        return replace(trial, reproduced=trial.reproduced + 1)
    if outcome is Outcome.NOT_REPRODUCED:
        return replace(trial, clean=trial.clean + 1)
    return replace(trial, inconclusive=trial.inconclusive + 1)


def anytime_interval(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """(low, high) of a rate seen k times in n, valid at every n at once: it may be looked at after each attempt and stopped on.

    A confidence sequence from a uniform mixture of likelihood ratios: H. Robbins, "Statistical methods related to the law of the iterated
    logarithm", Ann. Math. Stat. 41 (1970) 1397-1409. A fixed-n interval such as Wilson's covers less than it says when its width
    decides the stop. (0, 1) for n = 0. Raises ValueError.
    """
    if not 0 <= k <= n or not 0 < confidence < 1:
        raise ValueError(f"{k} of {n} at {confidence} is not a count with a confidence")
    mixture = lgamma(k + 1) + lgamma(n - k + 1) - lgamma(n + 2)
    least = mixture + log1p(-confidence)
    mode = k / n if n else 0.5
    low = 0.0 if k == 0 else _edge(k, n, least, inside=mode, outside=0.0)
    high = 1.0 if k == n else _edge(k, n, least, inside=mode, outside=1.0)
    return low, high


def _edge(k: int, n: int, least: float, inside: float, outside: float) -> float:
    """Where between the two the log-likelihood falls below `least`; by halving."""
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if _log_likelihood(k, n, middle) > least else (inside, middle)
    return outside


def _log_likelihood(k: int, n: int, rate: float) -> float:
    yes = k * log(rate) if rate > 0 else (-inf if k else 0.0)
    no = (n - k) * log1p(-rate) if rate < 1 else (-inf if n > k else 0.0)
    return yes + no
