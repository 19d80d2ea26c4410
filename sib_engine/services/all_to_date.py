"""Whether rows hold everything to date, as a statement takes them to: what is not there is taken back."""

from collections.abc import Collection, Sequence

from sib_engine.core.findings import Finding, warning
from sib_engine.payments.statement.lines import StatedLine, standing_of


def nothing_left_of(stated: Sequence[StatedLine], ids: Collection[str]) -> tuple[Finding, ...]:
    """Return a warning for each earlier statement of whose outcomes none is among the rows, counted or not.

    Args:
        stated: Lines of the earlier statements.
        ids: Id of every row.
    """
    of_statement: dict[int, list[str]] = {}
    for row, stands in standing_of(stated).items():
        if stands.line.metric and not stands.is_withdrawn:
            of_statement.setdefault(stands.first_statement, []).append(row)
    present = set(ids)
    return tuple(
        warning(
            "stated-not-among-rows",
            f"none of the outcomes that statement {number} stated ({len(rows):,}) is among the rows, so all that stands"
            " of them is taken back",
            "rows of everything to date, not only of what is new",
        )
        for number, rows in sorted(of_statement.items())
        if present.isdisjoint(rows)
    )
