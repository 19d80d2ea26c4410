"""Name the row that a refusal is about: by its id, and by its row in the file that it came from."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from sib_engine.core.errors import RefusedError, RowRefusedError
from sib_engine.core.personal import shown
from sib_engine.outcomes.outcome_table import OutcomeTable


@contextmanager
def rows_named(table: OutcomeTable) -> Iterator[None]:
    """Put the name of the row before the message of a refusal that is about one row of the table.

    Raises:
        RefusedError: In place of a :class:`RowRefusedError`.
    """
    try:
        yield
    except RowRefusedError as refused:
        message = f"{_name(table, refused.row)}: {refused}"
        raise RefusedError(message) from None


def _name(table: OutcomeTable, row: int) -> str:
    line = int(table.lines[np.flatnonzero(table.rows.row == row)[0]])
    return f"{shown(table.labels.row_ids[row])} ({table.line_noun} {line}{' of the file' * (table.line_noun == 'row')})"
