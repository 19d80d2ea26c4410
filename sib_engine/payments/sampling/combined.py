"""Bounds over several strata, each with a simple random sample of its own.

A bound for each stratum, added up, would need a far higher confidence in each and say little where strata are small
and many. Here the strata are judged together, by one number: how many claims were found wrong, each counted for as
many as it stands for in its stratum, and for money at their mean value. A way in which the wrong claims may lie in the
strata is ruled out if it would give so small (so large) a number with a probability of at most one minus the
confidence; the bound is the most (the least) money, or claims, of any way that is not ruled out.

There are too many ways to try. Chernoff's inequality turns the probability of each into a product with one factor a
stratum, so that the search becomes a choice of the best claims for a budget, which has an exact answer. The inequality
only ever makes the bound wider, and not at all where nothing was found wrong. Where only one stratum is not checked
in full, the exact bound of :mod:`sib_engine.payments.sampling.hypergeometric` stands instead.

Source:
    Wendell and Schmee (1996), Exact inference for proportions from a stratified finite population, JASA 91, 825-830,
    for the number, and the ways not ruled out; Chernoff (1952), A measure of asymptotic efficiency for tests of a
    hypothesis based on the sum of observations, for the inequality. The choice for a budget is the fractional
    knapsack of Dantzig (1957).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, inf, log, sqrt
from typing import Final

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.payments.sampling.chances import Chances, FloatArray
from sib_engine.payments.sampling.hypergeometric import least_wrong, most_wrong

SLACK: Final = 1e-6
"""By so much every comparison of floating numbers gives way to the wider bound."""

MOST_STEPS: Final = 12
"""How often a tilt is doubled, or halved, in search of the best."""

N_FINER: Final = 5
"""How often the step is halved around the best."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stratum: how many claims it holds, were checked, and were found wrong.

    ``unseen`` holds, for every claim of which nothing is known, what it would add if it were wrong (1 for counts, its
    value for money). A claim drawn and not decided is among ``unseen`` and, for the most, also counted in ``n_wrong``:
    ``n_open`` of them. ``worth`` is how much a claim of the stratum counts for in the number that the strata are judged
    by, above 0: 1 for counts, the mean value of its claims for money. Any numbers give bounds that hold, as long as
    they do not depend on what was found.
    """

    n_claims: int
    n_checked: int
    n_wrong: int
    unseen: tuple[int, ...]
    chances: Chances
    n_open: int = 0
    worth: float = 1.0

    @property
    def is_certain(self) -> bool:
        """Whether every claim was drawn."""
        return self.n_checked == self.n_claims

    @property
    def weight(self) -> float:
        """What each claim found wrong counts for: as many claims as it stands for, each at its worth."""
        return self.worth * self.n_claims / self.n_checked


def most_unseen(parts: Sequence[Part], confidence: Fraction) -> int:
    """Return the most that claims of which nothing is known can add, claims not decided taken as wrong."""
    parts = [replace(each, unseen=tuple(sorted(each.unseen, reverse=True))) for each in parts]
    known = sum(sum(each.unseen[: each.n_open]) for each in parts if each.is_certain)
    parts = [each for each in parts if not each.is_certain]
    if not parts:
        return known
    if len(parts) == 1:
        part = parts[0]
        n_most = most_wrong(part.n_claims, part.n_checked, part.n_wrong, confidence) - part.n_wrong + part.n_open
        return known + sum(part.unseen[:n_most])
    if not any(each.n_wrong for each in parts):
        return known + _most_at(parts, inf, confidence)
    return known - _best(lambda tilt: -_most_at(parts, tilt, confidence), parts)


def least_unseen(parts: Sequence[Part], confidence: Fraction) -> int:
    """Return the least that claims of which nothing is known must add, claims not decided taken as right."""
    parts = [replace(each, unseen=tuple(sorted(each.unseen))) for each in parts if not each.is_certain]
    if not any(each.n_wrong for each in parts):
        return 0
    if len(parts) == 1:
        part = parts[0]
        n_least = least_wrong(part.n_claims, part.n_checked, part.n_wrong, confidence) - part.n_wrong
        return sum(part.unseen[:n_least])
    if all(each.n_wrong == each.n_checked for each in parts):
        return _least_at(parts, inf, confidence)
    return _best(lambda tilt: _least_at(parts, tilt, confidence), parts)


def _best(bound: Callable[[float], int], parts: Sequence[Part]) -> int:
    """Return the largest of the bounds at several tilts, each of which holds, whichever are tried.

    The first is about the best where strata are alike; from there the tilt is doubled or halved while that helps, and
    then moved in smaller steps.
    """
    n_wrong = sum(each.n_wrong for each in parts)
    weight = sum(each.weight * each.n_checked for each in parts) / sum(each.n_checked for each in parts)
    best = log(1 + 2.3 / sqrt(n_wrong) + 2.4 / n_wrong) / weight
    largest = bound(best)
    for factor in (2.0, 0.5, *(2.0**power for halved in range(1, N_FINER) for power in (0.5**halved, -(0.5**halved)))):
        for _ in range(MOST_STEPS):
            found = bound(best * factor)
            if found <= largest:
                break
            best, largest = best * factor, found
    return largest


def _most_at(parts: Sequence[Part], tilt: float, confidence: Fraction) -> int:
    """Return the most for one tilt: the claims that bring most for what they use of the budget."""
    budget = _found(parts, tilt) - log(1 - confidence) + SLACK
    spent, gain = 0.0, 0
    uses: list[FloatArray] = []
    brings: list[IntArray] = []
    for part in parts:
        curve = _lower_hull(_curve(part, -tilt, limit=budget))
        steps = np.diff(curve)
        gain += sum(part.unseen[: part.n_open])
        spent += float(curve[0])
        uses.append(steps)
        brings.append(np.array(part.unseen[part.n_open : part.n_open + len(steps)], dtype=np.int64))
    return gain + _most_for(np.concatenate(uses), np.concatenate(brings), budget - spent)


def _least_at(parts: Sequence[Part], tilt: float, confidence: Fraction) -> int:
    """Return the least for one tilt: the claims that cost least for what they do to explain what was found."""
    needed = _found(parts, tilt) + log(1 - confidence) - SLACK
    gained = 0.0
    helps: list[FloatArray] = []
    costs: list[IntArray] = []
    for part in parts:
        curve = -_lower_hull(-_curve(part, tilt, limit=inf if tilt == inf else needed))
        steps = np.diff(curve)
        gained += float(curve[0])
        helps.append(steps)
        costs.append(np.array(part.unseen[: len(steps)], dtype=np.int64))
    return _least_for(np.concatenate(helps), np.concatenate(costs), needed - gained)


def _found(parts: Sequence[Part], tilt: float) -> float:
    """Return the tilted number found; at the limit of an infinite tilt it is part of the chances."""
    return 0.0 if tilt == inf else tilt * sum(each.weight * each.n_wrong for each in parts)


def _curve(part: Part, tilt: float, *, limit: float) -> FloatArray:
    """Return the size of the log of the tilted mean for each number wrong from that found on, rising from there.

    It ends with the stratum, or with the first number beyond ``limit``, which no way not ruled out goes past.
    """
    last = part.n_claims - part.n_checked + part.n_wrong
    blocks: list[FloatArray] = []
    n_values = 0
    sign = 1.0 if tilt > 0 else -1.0
    while part.n_wrong + n_values <= last:
        block = sign * part.chances.log_tilted(tilt * part.weight, part.n_wrong + n_values)
        blocks.append(block)
        n_values += len(block)
        if block[-1] > limit:
            break
    curve = np.concatenate(blocks)[: last - part.n_wrong + 1]
    return curve[: int(np.searchsorted(curve, limit, side="right")) + 1]


def _lower_hull(curve: FloatArray) -> FloatArray:
    """Return the largest convex curve that nowhere lies above this one, at the same places."""
    if len(curve) < 3 or bool((np.diff(curve, n=2) >= 0).all()):  # noqa: PLR2004 - two points are a straight line
        return curve
    corners: list[int] = []
    for place in range(len(curve)):
        while len(corners) > 1 and _is_above(curve, corners[-2], corners[-1], place):
            corners.pop()
        corners.append(place)
    return np.interp(np.arange(len(curve)), corners, curve[corners])


def _is_above(curve: FloatArray, left: int, middle: int, right: int) -> bool:
    rise = (curve[right] - curve[left]) * (middle - left)
    return bool((curve[middle] - curve[left]) * (right - left) >= rise)


def _most_for(uses: FloatArray, brings: IntArray, budget: float) -> int:
    """Return the most that can be had for a budget, the last claim in part where not all of it fits."""
    order = np.argsort(np.divide(uses, brings, out=np.full(len(uses), inf), where=brings > 0), kind="stable")
    used = np.cumsum(uses[order])
    n_whole = int(np.searchsorted(used, budget, side="right"))
    gain = int(brings[order[:n_whole]].sum())
    if n_whole == len(order):
        return gain
    left = budget - (float(used[n_whole - 1]) if n_whole else 0.0)
    return gain + floor(max(left, 0.0) / float(uses[order[n_whole]]) * int(brings[order[n_whole]]) + SLACK)


def _least_for(helps: FloatArray, costs: IntArray, needed: float) -> int:
    """Return the least that must be spent to gain what is needed, the last claim in part where not all of it is."""
    if needed <= 0:
        return 0
    order = np.argsort(np.divide(costs, helps, out=np.full(len(helps), inf), where=helps > 0), kind="stable")
    gained = np.cumsum(helps[order])
    n_whole = int(np.searchsorted(gained, needed, side="left"))
    cost = int(costs[order[:n_whole]].sum())
    if n_whole == len(order):
        return cost
    left = needed - (float(gained[n_whole - 1]) if n_whole else 0.0)
    return cost + max(ceil(left / float(helps[order[n_whole]]) * int(costs[order[n_whole]]) - SLACK), 0)
