"""The lines of a statement added up, as a reader wants them first."""

from collections.abc import Iterable
from dataclasses import dataclass

from sib_engine.payments.statement.lines import LineKind, StatedLine


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """Lines of one kind, own period, metric and site, added up; ``pays`` in the order of the payers."""

    kind: LineKind
    own_period: str
    metric: str
    site: str
    count: int
    earned: int
    payable: int
    pays: tuple[int, ...]
    is_assumed: bool


def summary_of(lines: Iterable[StatedLine]) -> tuple[SummaryLine, ...]:
    """Return the lines of a statement added up by kind, own period, metric and site, oldest first."""
    sums: dict[tuple[LineKind, str, str, str], SummaryLine] = {}
    for line in lines:
        key = (line.kind, line.own_period, line.metric, line.site)
        so_far = sums.get(key)
        if so_far is None:
            so_far = SummaryLine(*key, 0, 0, 0, (0,) * len(line.pays), line.is_assumed)
        sums[key] = SummaryLine(
            *key,
            so_far.count + line.count,
            so_far.earned + line.earned,
            so_far.payable + line.payable,
            tuple(before + now for before, now in zip(so_far.pays, line.pays, strict=True)),
            so_far.is_assumed or line.is_assumed,
        )
    return tuple(sums[key] for key in sorted(sums, key=lambda key: (key[1], list(LineKind).index(key[0]), key[2:])))
