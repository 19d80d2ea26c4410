"""The sheet of a sample: one line for each claim drawn, to be filled in with what full review found."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sib_engine.core import cells
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.money import Currency
from sib_engine.core.table_writer import table_bytes
from sib_engine.core.tabular import Column, read_table
from sib_engine.outcomes.claims import REJECTION_CODES, rejection_code
from sib_engine.payments.sampling.checked import Checked, Verdict

SHEET: Final = ("claim", "stratum", "metric", "site", "value", "verdict", "right_value", "code", "note")

COLUMNS: Final = (
    Column("claim", required=True),
    Column("stratum"),
    Column("metric"),
    Column("site"),
    Column("value"),
    Column("verdict", required=True),
    Column("right_value"),
    Column("code"),
    Column("note"),
)


class Found(StrEnum):
    """What a reviewer says of a claim: ``in part`` is wrong, and still worth something."""

    RIGHT = "right"
    WRONG = "wrong"
    IN_PART = "in part"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Review:
    """One line: ``row`` as a spreadsheet counts, None where it comes from no file; ``right_value`` in minor units."""

    row: int | None
    claim: str
    found: Found
    right_value: int | None
    code: str
    note: str

    @property
    def checked(self) -> Checked:
        """The verdict as the estimates take it."""
        if self.found is Found.WRONG:
            return Checked(self.claim, Verdict.WRONG, 0)
        if self.found is Found.IN_PART:
            return Checked(self.claim, Verdict.WRONG, self.right_value)
        return Checked(self.claim, Verdict(self.found.value))


def sheet_bytes(rows: Iterable[tuple[str, str, str, str, str]]) -> bytes:
    """Return the sheet to fill in, from claim, stratum, metric, site and value of each claim drawn."""
    return table_bytes(SHEET, ((*row, "", "", "", "") for row in rows))


def read_reviews(path: Path, currency: Currency) -> tuple[tuple[Review, ...], FindingLog]:
    """Return the lines of a sheet that say something, and what is wrong with others; a blank verdict says nothing."""
    table, log = read_table(path, COLUMNS)
    if table is None or not all(table.has(column.name) for column in COLUMNS if column.required):
        return (), log
    claims = cells.texts(table, "claim", log, required=True).texts()
    names = tuple(Found)
    accepted = {found.value: place for place, found in enumerate(names)}
    verdicts = cells.choices(table, "verdict", log, accepted, noun="verdict").tolist()
    values = cells.amounts(table, "right_value", log, currency=currency).tolist()
    amounts = table.column("right_value").texts()
    codes = table.column("code").texts()
    notes = cells.texts(table, "note", log).texts()
    found: list[Review] = []
    first: dict[str, int] = {}
    lines = zip(table.numbers.tolist(), claims, verdicts, values, amounts, codes, notes, strict=True)
    for row, claim, verdict, value, amount, code, note in lines:
        is_unread = bool(amount.strip("-0.")) and not value
        if verdict == cells.BLANK or not claim or is_unread:
            continue
        if first.setdefault(claim, row) != row:
            said = Said(
                "claim-twice", f"claim {claim!r} stands in row {first[claim]} already", "one line for each claim"
            )
            log.error(said, row=row, column="claim")
            continue
        review = Review(row, claim, names[verdict], value if amount else None, code.strip(), note.strip())
        for column, wrong in wrong_in(review):
            log.error(wrong, row=row, column=column)
        found.append(review)
    return tuple(found), log


def wrong_in(review: Review) -> list[tuple[str, Said]]:
    """Return what a line lacks or has too much, with the column of each."""
    wrong = []
    value = review.right_value
    if review.found is Found.IN_PART and (value is None or value <= 0):
        what = "a claim that is right in part needs what it should have been worth"
        accepted = "an amount above 0; a claim that was worth nothing is wrong"
        wrong.append(("right_value", Said("right-value-missing", what, accepted)))
    elif review.found is not Found.IN_PART and value is not None:
        what = f"a claim that is {review.found} has no right value"
        wrong.append(("right_value", Said("right-value-unasked", what, 'a blank cell, or the verdict "in part"')))
    if review.found is Found.WRONG and rejection_code(review.code) is None:
        what = f"code {review.code!r} is no code of a rejection" if review.code else "a wrong claim needs a code"
        wrong.append(("code", Said("code-unknown", what, ", ".join(REJECTION_CODES))))
    elif review.found is not Found.WRONG and review.code:
        what = f"only a wrong claim has a code, and this is {review.found}"
        wrong.append(("code", Said("code-unasked", what, "a blank cell")))
    if review.found is not Found.RIGHT and not review.note:
        what = f"a claim that is {review.found} needs a note that says why"
        wrong.append(("note", Said("note-missing", what, "what was looked at, and what was found")))
    return wrong
