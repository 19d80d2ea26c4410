"""What a verifier found of each claim drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import MAX_MINOR
from sib_engine.payments.sampling.draw import Sample


class Verdict(StrEnum):
    """Whether a claim was what it said it was; a claim not decided yet is pending."""

    RIGHT = "right"
    WRONG = "wrong"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on one claim, and, for a wrong one, what it should have been worth in minor units.

    A claim can be wrong with its value unchanged: another outcome of the same price, say.
    """

    claim: str
    verdict: Verdict
    right_value: int | None = None


def results_of(sample: Sample, checked: Iterable[Checked]) -> dict[str, Checked]:
    """Return the verdict on every claim of a sample, by id; pending where none was given.

    Raises:
        RefusedError: If a claim was not drawn or has two verdicts, a wrong one has no right value or one that is
            negative, or one that is not wrong has a right value.
    """
    found = {claim: Checked(claim, Verdict.PENDING) for claim in sample.claims}
    told: set[str] = set()
    for each in checked:
        if each.claim not in found:
            message = f"claim {each.claim!r} was not drawn; accepted: the claims of the sample"
            raise RefusedError(message)
        if each.claim in told:
            message = f"claim {each.claim!r} has two verdicts; accepted: one for each claim"
            raise RefusedError(message)
        if (each.verdict is Verdict.WRONG) != (each.right_value is not None):
            message = (
                f"claim {each.claim!r} is {each.verdict} with the right value {each.right_value};"
                " accepted: a right value for a wrong claim, and none for others"
            )
            raise RefusedError(message)
        if each.right_value is not None and not 0 <= each.right_value <= MAX_MINOR:
            message = f"claim {each.claim!r} should have been worth {each.right_value}; accepted: 0 or more minor units"
            raise RefusedError(message)
        told.add(each.claim)
        found[each.claim] = each
    return found
