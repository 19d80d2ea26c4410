"""How many claims to check: for a bound that is to be reached, and for the smallest cost in all.

Sizes rest on the same exact bounds as the estimate. Costs rest on assumptions that only the planner makes: that a
given share of the claims is wrong, each of them in full, and that claims are worth the same; what they are worth to
whoever pays is the money that comes back, not that people claim more carefully where they are checked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Final

import numpy as np

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import IntArray
from sib_engine.payments.sampling.chances import BLOCK, Chances
from sib_engine.payments.sampling.combined import Part, most_unseen
from sib_engine.payments.sampling.hypergeometric import most_wrong, ways_at_most
from sib_engine.payments.sampling.strata import Cell, proportional_sizes
from sib_engine.terms.verification import Recover

MAX_CLAIMS: Final = 100_000
MAX_ALLOWED: Final = 10
_PARTS: Final = tuple(Fraction(percent, 100) for percent in (0, 1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100))
"""Parts of the claims that are looked at as options, beside the sizes that reach the bound."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the planner. Money is in minor units.

    ``error_rate`` is the share of claims assumed to be wrong; ``tolerable`` the share that must not be exceeded, with
    ``confidence``; ``cost`` what one check costs.
    """

    n_claims: int
    value: int
    error_rate: Fraction
    tolerable: Fraction
    confidence: Fraction
    cost: int
    recover: Recover

    def __post_init__(self) -> None:
        """Refuse what is no question."""
        wrong = [
            f"{name} is {given}; accepted: {accepted}"
            for name, given, is_accepted, accepted in (
                ("the number of claims", self.n_claims, 1 <= self.n_claims <= MAX_CLAIMS, f"1 to {MAX_CLAIMS:,}"),
                ("their value", self.value, self.value >= 0, "0 or more"),
                ("the error rate", self.error_rate, 0 <= self.error_rate <= 1, "0 to 1"),
                ("the tolerable rate", self.tolerable, 0 <= self.tolerable <= 1, "0 to 1"),
                ("the confidence", self.confidence, Fraction(1, 2) < self.confidence < 1, "above 1/2 and below 1"),
                ("the cost of a check", self.cost, self.cost >= 0, "0 or more"),
            )
            if not is_accepted
        ]
        if wrong:
            raise RefusedError("; ".join(wrong))


@dataclass(frozen=True, slots=True)
class SizeFor:
    """How many claims must be checked so that, if no more than ``n_wrong`` of them are wrong, the bound is reached.

    ``reached`` is the chance that no more are, if as many claims are wrong as was assumed.
    """

    n_wrong: int
    n_checked: int
    reached: Fraction


@dataclass(frozen=True, slots=True)
class Option:
    """A size, what it would say, and what it would cost. Money is in minor units, expected values rounded half to even.

    ``most_wrong`` is the bound if none is found wrong. ``comes_back`` is what is taken back on average, in the sample
    and by the rule; ``stays_out`` what remains overpaid; ``total`` that and what the checks cost.
    """

    n_checked: int
    most_wrong: int
    checks_cost: int
    comes_back: int
    stays_out: int
    total: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer: sizes that reach the bound, and options with their costs.

    ``cheapest`` has the smallest total of all, ``cheapest_for_bound`` of those that reach the bound if none is wrong.
    """

    question: Question
    n_assumed_wrong: int
    overpaid: int
    sizes: tuple[SizeFor, ...]
    options: tuple[Option, ...]
    cheapest: Option
    cheapest_for_bound: Option


def plan(question: Question, *, allowed: int = 3) -> Plan:
    """Return how many claims to check, for up to ``allowed`` wrong ones, and what each size costs.

    Raises:
        RefusedError: If ``allowed`` is not 0 to 10.
    """
    if not 0 <= allowed <= MAX_ALLOWED:
        message = f"sizes are asked for up to {allowed} wrong claims; accepted: 0 to {MAX_ALLOWED}"
        raise RefusedError(message)
    n_assumed = round(question.error_rate * question.n_claims)
    sizes = tuple(_sizes(question, n_assumed, allowed))
    tried = {round(part * question.n_claims) for part in _PARTS} | {each.n_checked for each in sizes}
    options = tuple(_option(question, n_assumed, n_checked) for n_checked in sorted(tried))
    return Plan(
        question=question,
        n_assumed_wrong=n_assumed,
        overpaid=_worth(question, n_assumed),
        sizes=sizes,
        options=options,
        cheapest=_cheapest(options),
        cheapest_for_bound=_cheapest([each for each in options if each.n_checked >= sizes[0].n_checked]),
    )


def size_needed(n_claims: int, tolerable: Fraction, confidence: Fraction, n_wrong: int = 0) -> int:
    """Return how many claims must be checked to say that at most a share is wrong, if ``n_wrong`` are found.

    Where more are found than may be wrong at all, or only a full check can say it, the answer is all claims.
    """
    beyond = int(tolerable * n_claims) + 1
    least = most = min(n_wrong, n_claims)
    while not _rules_out(n_claims, most, beyond, n_wrong, confidence):  # from small sizes: large ones take long
        least, most = most + 1, min(2 * most + 1, n_claims)
    while least < most:
        middle = (least + most) // 2
        if _rules_out(n_claims, middle, beyond, n_wrong, confidence):
            most = middle
        else:
            least = middle + 1
    return least


def sizes_together(counts: Mapping[Cell, int], tolerable: Fraction, confidence: Fraction) -> dict[Cell, int]:
    """Return proportional sizes of strata, the fewest at which the strata together say that at most a share is wrong.

    That is, if none is found wrong. Every stratum gives at least one claim.
    """
    n_claims = sum(counts.values())
    least, most = 1, n_claims
    while least < most:
        middle = (least + most) // 2
        if _most_if_none(counts, proportional_sizes(counts, middle), confidence) <= tolerable * n_claims:
            most = middle
        else:
            least = middle + 1
    return proportional_sizes(counts, least)


def sizes_each(counts: Mapping[Cell, int], tolerable: Fraction, confidence: Fraction) -> dict[Cell, int]:
    """Return sizes at which each stratum by itself says that at most a share is wrong, if none is found wrong."""
    return {cell: size_needed(count, tolerable, confidence) for cell, count in counts.items()}


def _most_if_none(counts: Mapping[Cell, int], sizes: Mapping[Cell, int], confidence: Fraction) -> int:
    parts = [
        Part(count, sizes[cell], 0, (1,) * (count - sizes[cell]), Chances(count, sizes[cell]))
        for cell, count in counts.items()
        if count
    ]
    return most_unseen(parts, confidence)


def _rules_out(n_claims: int, n_checked: int, wrong: int, n_wrong: int, confidence: Fraction) -> bool:
    """Return whether finding ``n_wrong`` rules out that ``wrong`` claims are wrong; none can be beyond all claims."""
    if wrong > n_claims or n_checked == n_claims:
        return True
    chance = ways_at_most(n_claims, n_checked, wrong, n_wrong)
    doubt = confidence.denominator - confidence.numerator
    return chance * confidence.denominator <= doubt * comb(n_claims, n_checked)


def _cheapest(options: Sequence[Option]) -> Option:
    """Return the option with the smallest total, the smaller sample where two cost the same."""
    return min(options, key=lambda each: (each.total, each.n_checked))


def _sizes(question: Question, n_assumed: int, allowed: int) -> Iterator[SizeFor]:
    for n_wrong in range(min(allowed, int(question.tolerable * question.n_claims)) + 1):
        n_checked = size_needed(question.n_claims, question.tolerable, question.confidence, n_wrong)
        ways = comb(question.n_claims, n_checked)
        yield SizeFor(
            n_wrong, n_checked, Fraction(ways_at_most(question.n_claims, n_checked, n_assumed, n_wrong), ways)
        )


def _option(question: Question, n_assumed: int, n_checked: int) -> Option:
    overpaid = _worth(question, n_assumed)
    comes_back = _worth(question, _expected_back(question, n_assumed, n_checked))
    checks_cost = n_checked * question.cost
    stays_out = overpaid - comes_back
    return Option(
        n_checked=n_checked,
        most_wrong=most_wrong(question.n_claims, n_checked, 0, question.confidence),
        checks_cost=checks_cost,
        comes_back=comes_back,
        stays_out=stays_out,
        total=checks_cost + stays_out,
    )


def _worth(question: Question, n_wrong: int | Fraction) -> int:
    return round(Fraction(question.value) * n_wrong / question.n_claims)


def _expected_back(question: Question, n_assumed: int, n_checked: int) -> Fraction:
    """Return for how many claims money comes back on average, by the rule."""
    if not n_checked:
        return Fraction(0)
    if question.recover is Recover.FOUND_ONLY:
        return Fraction(n_assumed * n_checked, question.n_claims)
    if question.recover is Recover.POINT:
        return Fraction(n_assumed)  # the estimate is unbiased
    chances = Chances(question.n_claims, n_checked)
    found = np.exp(chances.logs(n_assumed)[0])
    least = _least_for_each(chances, len(found) - 1, float(1 - question.confidence) * (1 + 1e-9))
    return Fraction(float((found * least).sum() / found.sum()))


def _least_for_each(chances: Chances, most_found: int, doubt: float) -> IntArray:
    """Return the least number wrong for each number found, shape ``(most_found + 1,)``; for averages, not for bounds.

    Both rise together: the numbers wrong are gone through once, each settling the numbers found that it can explain.
    """
    least = np.full(most_found + 1, chances.n_claims, dtype=np.int64)
    n_settled = 0
    for first in range(0, chances.n_claims + 1, BLOCK):
        at_least = np.cumsum(np.exp(chances.logs(first))[:, ::-1], axis=1)[:, ::-1]
        for wrong, n_explained in enumerate((at_least > doubt).sum(axis=1).tolist(), start=first):
            least[n_settled:n_explained] = wrong
            n_settled = max(n_settled, n_explained)
        if n_settled > most_found:
            break
    return least
