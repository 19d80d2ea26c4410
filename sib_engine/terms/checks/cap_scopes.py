"""How two caps lie to each other: one within the other, apart, the same, or across."""

from enum import Enum
from typing import Final, Protocol, TypeVar

from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Dimension

T = TypeVar("T")


class Scoped(Protocol):
    """A clause that counts: over which dimensions, and which metrics and sites (empty means all)."""

    @property
    def on(self) -> frozenset[Dimension]:
        """What it is counted over."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Codes of the metrics that it covers."""

    @property
    def sites(self) -> tuple[str, ...]:
        """Codes of the sites that it covers."""


class Relation(Enum):
    """How the scopes of one cap lie to those of another, wherever they meet."""

    SAME = "the same"
    WITHIN = "within"
    AROUND = "around"
    ACROSS = "across"
    APART = "apart"


_SPLIT: Final = {
    (False, False): Relation.SAME,
    (True, True): Relation.SAME,
    (True, False): Relation.WITHIN,
    (False, True): Relation.AROUND,
}


def relation(contract: Contract, cap: Scoped, other: Scoped) -> Relation:
    """Return how ``cap`` lies to ``other``.

    A cap has one scope for each combination of the things that it is counted over, within the
    metrics and sites that it covers. Caps are in order where each scope of one lies within one
    scope of the other: then the order in which outcomes arrive does not change what is paid in all.
    """
    found = {
        _compared(
            covered_metrics(contract, cap), covered_metrics(contract, other), *_both(cap, other, Dimension.METRIC)
        ),
        _compared(covered_sites(contract, cap), covered_sites(contract, other), *_both(cap, other, Dimension.SITE)),
        _SPLIT[_both(cap, other, Dimension.PERSON)],
        _in_time(contract, cap, other),
    } - {Relation.SAME}
    if Relation.APART in found:
        return Relation.APART
    if len(found) > 1:
        return Relation.ACROSS
    return found.pop() if found else Relation.SAME


def covered_metrics(contract: Contract, cap: Scoped) -> frozenset[str]:
    """Return the metrics that a cap covers."""
    return frozenset(cap.metrics or contract.metric_codes)


def covered_sites(contract: Contract, cap: Scoped) -> frozenset[str | None]:
    """Return the sites that a cap covers; None alone where the contract declares none."""
    return frozenset(cap.sites or contract.site_codes or (None,))


def _in_time(contract: Contract, cap: Scoped, other: Scoped) -> Relation:
    """Return how the periods and years of two caps lie to each other; a year may hold whole periods, or cut them."""
    over_time = frozenset({Dimension.PERIOD, Dimension.YEAR})
    one, two = cap.on & over_time, other.on & over_time
    if _has_whole_periods(contract):
        one, two = (each | over_time if Dimension.PERIOD in each else each for each in (one, two))
    if one == two:
        return Relation.SAME
    if one > two:
        return Relation.WITHIN
    return Relation.AROUND if one < two else Relation.ACROSS


def _has_whole_periods(contract: Contract) -> bool:
    """Return whether each statement period lies within one year."""
    first = contract.periods.index_of(contract.start)
    periods = map(contract.periods.period, range(first, contract.periods.index_of(contract.end) + 1))
    return all(contract.years.index_of(each.start) == contract.years.index_of(each.end) for each in periods)


def _both(cap: Scoped, other: Scoped, dimension: Dimension) -> tuple[bool, bool]:
    return dimension in cap.on, dimension in other.on


def _compared(covered: frozenset[T], others: frozenset[T], is_split: bool, is_other_split: bool) -> Relation:  # noqa: FBT001 - a pair, read as one
    """Return how the parts of one set lie to those of another; split means one part for each element."""
    if not covered & others:
        return Relation.APART
    if is_split and is_other_split:
        return Relation.SAME
    if is_split:
        return Relation.SAME if len(others) == 1 else Relation.WITHIN
    if is_other_split:
        return Relation.SAME if len(covered) == 1 else Relation.AROUND
    if covered == others:
        return Relation.SAME
    if covered < others:
        return Relation.WITHIN
    return Relation.AROUND if covered > others else Relation.ACROSS
