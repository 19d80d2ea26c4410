"""Use case: plan a verification sample: how many claims to check for a bound, and what each number costs in all."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import Currency, plain, shown
from sib_engine.payments.sampling.planner import Option, Plan, Question, plan, sizes_each, sizes_together
from sib_engine.payments.sampling.strata import Cell
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.verification import Recover

_BY_RULE: Final = {
    Recover.FOUND_ONLY: (
        "Only what is found comes back, so each check brings what it brings on average, however many there are:"
        " on money alone either every check pays, or none does."
    ),
    Recover.POINT: (
        "By best estimate as much comes back on average from a small sample as from a large one, too much one time and"
        " too little another: on money alone hardly any check is needed. How far the estimate may be off is what the"
        " size decides."
    ),
    Recover.LOWER: (
        "By lower bound more comes back the more is checked, and each further check brings less than the one before:"
        " at some size it no longer pays."
    ),
}


@dataclass(frozen=True, slots=True)
class StratumSize:
    """One stratum: its claims, how many to check so that all strata together reach the bound, and so that it does."""

    name: str
    n_claims: int
    together: int
    by_itself: int


@dataclass(frozen=True, slots=True)
class PlannedSample:
    """The plan, with its strata where any were named, and what it means in sentences."""

    plan: Plan
    currency: Currency
    strata: tuple[StratumSize, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the plan means, for people."""
        return tuple(_sentences(self.plan, self.currency))

    def as_dict(self) -> dict[str, object]:
        """Return the plan as plain values, for ``--json``."""
        asked = self.plan.question
        return {
            "currency": self.currency.code,
            "claims": asked.n_claims,
            "value": plain(asked.value, self.currency),
            "error_rate": percentage(asked.error_rate),
            "tolerable": percentage(asked.tolerable),
            "confidence": percentage(asked.confidence),
            "recover": asked.recover.value,
            "assumed_wrong": self.plan.n_assumed_wrong,
            "overpaid": plain(self.plan.overpaid, self.currency),
            "sizes": [
                {"wrong": each.n_wrong, "checked": each.n_checked, "chance": tenths(each.reached)}
                for each in self.plan.sizes
            ],
            "options": [self._option(each) for each in self.plan.options],
            "cheapest": self._option(self.plan.cheapest),
            "cheapest_for_bound": self._option(self.plan.cheapest_for_bound),
            "strata": [
                {"name": each.name, "claims": each.n_claims, "together": each.together, "by_itself": each.by_itself}
                for each in self.strata
            ],
            "words": list(self.sentences),
        }

    def _option(self, option: Option) -> dict[str, object]:
        return {
            "checked": option.n_checked,
            "most_wrong": option.most_wrong,
            "checks_cost": plain(option.checks_cost, self.currency),
            "comes_back": plain(option.comes_back, self.currency),
            "stays_out": plain(option.stays_out, self.currency),
            "total": plain(option.total, self.currency),
        }


def plan_sample(question: Question, currency: Currency, *, strata: Mapping[str, int] | None = None) -> PlannedSample:
    """Return how many claims to check and what that costs.

    Args:
        question: What is asked of the planner.
        currency: The currency of its amounts.
        strata: Claims in each stratum by its name, adding up to all claims; None where there are no strata.

    Raises:
        RefusedError: If the strata do not add up to the claims, or one of them is empty.
    """
    counts = {Cell(name): count for name, count in (strata or {}).items()}
    if counts and (min(counts.values()) < 1 or sum(counts.values()) != question.n_claims):
        message = (
            f"the strata hold {', '.join(f'{count:,}' for count in counts.values())} claims, of {question.n_claims:,};"
            " accepted: strata of 1 claim or more that add up to all claims"
        )
        raise RefusedError(message)
    made = plan(question)
    if not counts:
        return PlannedSample(made, currency, ())
    together = sizes_together(counts, question.tolerable, question.confidence)
    each = sizes_each(counts, question.tolerable, question.confidence)
    sizes = tuple(StratumSize(cell.name, count, together[cell], each[cell]) for cell, count in counts.items())
    return PlannedSample(made, currency, sizes)


def tenths(part: Fraction) -> str:
    """Return a part of the whole as a percentage with one decimal."""
    return f"{float(part):.1%}"


def _sentences(made: Plan, currency: Currency) -> list[str]:
    asked = made.question
    most = int(asked.tolerable * asked.n_claims)
    sizes = ", ".join(f"{each.n_checked:,} if {_wrong(each.n_wrong)}" for each in made.sizes)
    cheapest, bound = made.cheapest, made.cheapest_for_bound
    bound_said = (
        f"To say with {percentage(asked.confidence)} confidence that at most {_n(most)} of {asked.n_claims:,}"
        f" ({percentage(asked.tolerable)}) {_are(most)} wrong, check {sizes}."
    )
    assumed = (
        f"If {_n(made.n_assumed_wrong)} {_are(made.n_assumed_wrong)} wrong, as assumed"
        f" ({percentage(asked.error_rate)}), {shown(made.overpaid, currency)} is overpaid, and {_chances(made)}."
    )
    said = [
        bound_said,
        assumed,
        _BY_RULE[asked.recover],
        f"Smallest cost in all: {_n(cheapest.n_checked)} checked. {_cost(cheapest, currency)}",
    ]
    if bound != cheapest:
        said.append(f"Smallest cost with the bound reached: {_n(bound.n_checked)} checked. {_cost(bound, currency)}")
    said.append("Left out of the cost: that people claim more carefully where claims are checked.")
    return said


def _chances(made: Plan) -> str:
    parts = (
        f"{each.n_checked:,} checks show {_at_most(each.n_wrong)} in {tenths(each.reached)}" for each in made.sizes
    )
    return f"{', '.join(parts)} of samples"


def _cost(option: Option, currency: Currency) -> str:
    return (
        f"Checks cost {shown(option.checks_cost, currency)}, {shown(option.comes_back, currency)} comes back on"
        f" average, {shown(option.stays_out, currency)} stays overpaid: {shown(option.total, currency)} in all."
    )


def _wrong(count: int) -> str:
    return "none of them is wrong" if not count else f"{count} {_are(count)}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _at_most(count: int) -> str:
    return "none wrong" if not count else f"at most {count}"


def _n(count: int) -> str:
    return f"{count:,} claim{'' if count == 1 else 's'}"
