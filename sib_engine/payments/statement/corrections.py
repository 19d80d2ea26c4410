"""What a statement corrects of each row, all of its lines together."""

from collections.abc import Sequence
from dataclasses import dataclass

from sib_engine.payments.statement.lines import StatedLine


@dataclass(frozen=True, slots=True)
class Correction:
    """What one row's lines change together, and why: ``payable`` in minor units, signed, what takes its place included.

    ``own_period`` and ``metric`` are those of the row's last line, as it stands now.
    """

    row: str
    own_period: str
    metric: str
    count: int
    payable: int
    why: str


def corrections_of(lines: Sequence[StatedLine]) -> tuple[Correction, ...]:
    """Return the corrections of the rows of which any line says why, in the order of their first lines."""
    of_row: dict[str, list[StatedLine]] = {}
    for line in lines:
        if line.is_of_a_row:
            of_row.setdefault(line.row, []).append(line)
    return tuple(
        Correction(
            row=row,
            own_period=own[-1].own_period,
            metric=own[-1].metric,
            count=sum(line.count for line in own),
            payable=sum(line.payable for line in own),
            why="; ".join(dict.fromkeys(line.why for line in own if line.why)),
        )
        for row, own in of_row.items()
        if any(line.why for line in own)
    )
