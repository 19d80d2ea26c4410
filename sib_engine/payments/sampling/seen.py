"""One stratum after the verdicts: what was found wrong, what is open, and what nobody has looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from sib_engine.payments.sampling.checked import Checked, Verdict
from sib_engine.payments.sampling.draw import DrawnStratum
from sib_engine.payments.sampling.frame import FrameClaim
from sib_engine.payments.sampling.strata import Cell


class Direction(StrEnum):
    """Whether claims are worth less than was claimed, or more."""

    OVER = "over"
    UNDER = "under"


@dataclass(frozen=True)
class SeenStratum:
    """A stratum of which something was drawn: the claims it stands for, and the verdicts on those drawn.

    ``rest`` holds the claims drawn by chance and ``certain`` those drawn in any case, each with its verdict.
    """

    cell: Cell
    claims: tuple[FrameClaim, ...]
    certain: tuple[tuple[FrameClaim, Checked], ...]
    rest: tuple[tuple[FrameClaim, Checked], ...]
    interval: Fraction | None

    @property
    def drawn(self) -> tuple[tuple[FrameClaim, Checked], ...]:
        """All claims drawn, with their verdicts."""
        return (*self.certain, *self.rest)

    @property
    def value(self) -> int:
        """What the claims are worth that it stands for, in minor units."""
        return sum(claim.value for claim in self.claims)

    @property
    def n_wrong(self) -> int:
        """Claims found wrong."""
        return sum(checked.verdict is Verdict.WRONG for _, checked in self.drawn)

    @property
    def n_pending(self) -> int:
        """Claims drawn and not decided."""
        return sum(checked.verdict is Verdict.PENDING for _, checked in self.drawn)

    @property
    def unseen(self) -> tuple[int, ...]:
        """Values of the claims of which nothing is known: not drawn, or not decided."""
        decided = {claim.claim for claim, checked in self.drawn if checked.verdict is not Verdict.PENDING}
        return tuple(claim.value for claim in self.claims if claim.claim not in decided)


def seen(drawn: DrawnStratum, results: Mapping[str, Checked], *, is_by_value: bool) -> SeenStratum:
    """Return a stratum with its verdicts; drawn by value, it does not stand for claims that are worth nothing."""
    return SeenStratum(
        drawn.cell,
        tuple(claim for claim in drawn.claims if claim.value or not is_by_value),
        tuple((claim, results[claim.claim]) for claim in drawn.certain),
        tuple((claim, results[claim.claim]) for claim in drawn.by_chance),
        drawn.interval,
    )


def error_of(claim: FrameClaim, checked: Checked, direction: Direction) -> int:
    """Return by how many minor units a claim is wrong in one direction; 0 where it is right or not decided."""
    if checked.right_value is None:
        return 0
    over = claim.value - checked.right_value
    return max(over if direction is Direction.OVER else -over, 0)


def is_unlimited(stratum: SeenStratum, direction: Direction) -> bool:
    """Return whether a claim was found wrong by more than its value, which only an understatement can be."""
    return any(error_of(claim, checked, direction) > claim.value for claim, checked in stratum.drawn)
