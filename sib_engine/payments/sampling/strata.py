"""Strata: the parts of a frame that are drawn from apart, and how many claims are drawn from each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.frame import Frame, FrameClaim
from sib_engine.terms.verification import StratifiedBy, Verification


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What the claims of a stratum have in common; empty where the sample does not tell claims apart by it."""

    metric: str = ""
    site: str = ""
    risk: str = ""

    @property
    def name(self) -> str:
        """The stratum in words: ``job_start, north, standard``."""
        return ", ".join(part for part in (self.metric, self.site, self.risk) if part) or "all claims"


def cell_of(claim: FrameClaim, strata_by: Collection[StratifiedBy]) -> Cell:
    """Return the stratum that a claim belongs to."""
    return Cell(
        claim.metric if StratifiedBy.METRIC in strata_by else "",
        claim.site if StratifiedBy.SITE in strata_by else "",
        claim.risk if StratifiedBy.RISK in strata_by else "",
    )


def strata_of(frame: Frame, strata_by: Collection[StratifiedBy]) -> dict[Cell, tuple[FrameClaim, ...]]:
    """Return the claims of each stratum, strata in the order of their names and claims in that of their ids."""
    found: dict[Cell, list[FrameClaim]] = {}
    for claim in frame.claims:
        found.setdefault(cell_of(claim, strata_by), []).append(claim)
    return {cell: tuple(found[cell]) for cell in sorted(found)}


def proportional_sizes(counts: Mapping[Cell, int], total: int) -> dict[Cell, int]:
    """Return how many claims to draw from each stratum so that all are drawn from at the same rate.

    Shares are rounded by largest remainder, ties to the stratum named first; every stratum that holds a claim
    gives at least one, so that the sample stands for all of them, which may make the sum exceed ``total``.

    Args:
        counts: Claims in each stratum.
        total: Claims to draw in all; where it is more than there are, all are drawn.

    Raises:
        RefusedError: If the total is below 1.
    """
    _refuse_below_one(total, "the sample")
    n_claims = sum(counts.values())
    drawn = min(total, n_claims)
    exact = {cell: Fraction(drawn * count, n_claims) for cell, count in counts.items() if count}
    sizes = {cell: int(part) for cell, part in exact.items()}
    left = drawn - sum(sizes.values())
    for cell in sorted(exact, key=lambda each: (int(exact[each]) - exact[each], each))[:left]:
        sizes[cell] += 1
    return {cell: min(max(size, 1), counts[cell]) for cell, size in sizes.items()}


def agreed_sizes(counts: Mapping[Cell, int], clause: Verification) -> dict[Cell, int]:
    """Return the least that the contract says must be checked of each stratum; 0 where it names no number.

    The share of a class of risk stands instead of the share of all; ``at_least`` holds beside either.
    """
    of_class = {each.name: each.share for each in clause.risk if each.share is not None}
    return {
        cell: min(count, max(ceil((of_class.get(cell.risk, clause.share) or 0) * count), clause.at_least or 0))
        for cell, count in counts.items()
    }


def given_sizes(counts: Mapping[Cell, int], sizes: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return sizes as somebody chose them; a size above the stratum takes all of it, a stratum not named gives none.

    Raises:
        RefusedError: If a size is negative or for a stratum that holds no claim.
    """
    unknown = [cell.name for cell in sizes if cell not in counts]
    if unknown:
        message = f"no claim is in stratum {unknown[0]!r}; accepted: {_names(sorted(counts))}"
        raise RefusedError(message)
    for cell, size in sizes.items():
        if size < 0:
            message = f"the size of stratum {cell.name!r} is {size}; accepted: 0 or a whole number above"
            raise RefusedError(message)
    return {cell: min(sizes.get(cell, 0), count) for cell, count in counts.items()}


def larger_sizes(one: Mapping[Cell, int], other: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return the larger of two sizes for each stratum."""
    return {cell: max(one.get(cell, 0), other.get(cell, 0)) for cell in {**one, **other}}


def _names(cells: Sequence[Cell]) -> str:
    return ", ".join(repr(cell.name) for cell in cells)


def _refuse_below_one(total: int, what: str) -> None:
    if total < 1:
        message = f"{what} has {total} claims; accepted: 1 or more"
        raise RefusedError(message)
