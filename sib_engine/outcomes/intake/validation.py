"""What a spreadsheet checks while the template is filled in: lists of the contract, ranges of dates and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from sib_engine.core.workbook.limits import MAX_SHEET_ROWS
from sib_engine.outcomes.facts_checks.rows import HOURS_A_DAY
from sib_engine.outcomes.facts_file import COLUMNS, HELD
from sib_engine.outcomes.intake.explained import EXPLAINED
from sib_engine.outcomes.intake.mapping import DATE_COLUMNS
from sib_engine.terms.contract import Contract

YES_NO: Final = ("yes", "no")
HELD_LIST: Final = tuple(HELD)

_DAYS_BEFORE: Final = 731
"""How long before the contract a fact can be expected: a referral, a consent. A day outside is only asked about."""

_MAX_PERIOD_DAYS: Final = 31
_MAX_PAY: Final = 1_000
_MAX_PROMPT: Final = 255
_DAY_ZERO: Final = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Lists:
    """The texts that each column may hold, by heading, in the order of the sheet of lists."""

    by_column: Mapping[str, tuple[str, ...]]

    def reference(self, name: str, sheet: str) -> str:
        """Return where the list of a column stands; blank where it is empty."""
        texts = self.by_column[name]
        letter = get_column_letter(list(self.by_column).index(name) + 1)
        return f"{sheet}!${letter}$2:${letter}${len(texts) + 1}" if texts else ""


def validate(sheet: Worksheet, contract: Contract, lists: Lists, lists_sheet: str) -> None:
    """Add to the columns of the facts what a spreadsheet is to check, and what it says while they are filled in."""
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        rule = _rule(column.name, contract, lists, lists_sheet)
        rule.allow_blank = True
        rule.showInputMessage = True
        rule.promptTitle = column.name
        each = EXPLAINED[column.name]
        rule.prompt = f"{each.meaning}. Accepted: {each.accepted}."[:_MAX_PROMPT]
        rule.errorTitle = column.name
        rule.error = f"Accepted: {each.accepted}."[:_MAX_PROMPT]
        rule.add(f"{letter}2:{letter}{MAX_SHEET_ROWS}")
        sheet.add_data_validation(rule)


def _rule(name: str, contract: Contract, lists: Lists, lists_sheet: str) -> DataValidation:
    if name in DATE_COLUMNS:
        first = contract.start - timedelta(days=_DAYS_BEFORE)
        rule = DataValidation(
            "date", operator="between", formula1=_serial(first), formula2=_serial(contract.claims_close)
        )
        rule.showErrorMessage = True
        rule.errorStyle = "warning"
        return rule
    if name in {"hours", "hourly_pay"}:
        most = HOURS_A_DAY * _MAX_PERIOD_DAYS if name == "hours" else _MAX_PAY
        rule = DataValidation("decimal", operator="between", formula1="0", formula2=str(most))
        rule.showErrorMessage = True
        rule.errorStyle = "stop" if name == "hours" else "warning"
        return rule
    reference = lists.reference(name, lists_sheet) if name in lists.by_column else ""
    if not reference:
        return DataValidation(None)
    rule = DataValidation("list", formula1=reference)
    # A detail is a kind of document for evidence only: the list is an offer there, and a rule in the other columns.
    rule.showErrorMessage = name != "detail"
    rule.errorStyle = "stop" if name in {"competitive", "self_employed", "held"} else "warning"
    return rule


def _serial(day: date) -> str:
    return str((day - _DAY_ZERO).days)
