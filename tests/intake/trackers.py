"""A tracker as providers keep one: a title, two lines down the headings, one row a person; and its mapping."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sib_engine.outcomes.intake.mapping import Mapping as SavedMapping
from sib_engine.outcomes.intake.mapping_file import mapping_of
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Activity, Component, Employment, EvidenceRule, Needed
from tests.oracle.build import contract, metric

HEADINGS = (
    "Client ID", "Name", "Referral date", "First appt", "Job\nstart", "Job end", "Hours", "Employer", "13 wk evidence",
)  # fmt: skip
GOOD = ("C1", "Jane", "02/11/2020", date(2020, 11, 16), date(2021, 1, 4), None, "FT", "Cafe", date(2021, 4, 30))
MAPPING: dict[str, Any] = {
    "mapping": 1,
    "revision": 3,
    "name": "Team tracker",
    "contract": "made-up",
    "sheet": "Caseload",
    "heading_row": 3,
    "dates": ["dd/mm/yyyy"],
    "every": {"person": {"column": "Client ID"}, "site": {"constant": "north"}},
    "facts": [
        {"fact": {"constant": "referral"}, "on": {"column": "Referral date"}},
        {"fact": {"constant": "appointment"}, "on": {"column": "First appt"}},
        {
            "fact": {"constant": "employment"},
            "on": {"column": "Job start"},
            "until": {"column": "Job end"},
            "hours": {"column": "Hours", "codes": "hours"},
            "detail": {"column": "Employer"},
            "competitive": {"constant": "yes"},
        },
        {
            "fact": {"constant": "evidence"},
            "on": {"column": "13 wk evidence"},
            "detail": {"constant": "payslip"},
            "metric": {"constant": "sustained"},
        },
    ],
    "codes": {"hours": {"means": {"FT": "16", "PT": "8"}}},
}


def terms() -> Contract:
    """Return the contract of the tracker."""
    return contract(
        sites=("north", "south"),
        metrics=(
            metric("engagement", rule=Activity((Component("appointment", 1),), Needed.ALL)),
            metric("sustained", rule=Employment(days=91), evidence=EvidenceRule(("payslip", "employer letter"))),
        ),
    )


def tracker(folder: Path, *rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> Path:
    """Write a tracker whose headings stand in row 3 of the sheet Caseload, beside another sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Caseload"
    sheet.append(["IPS caseload"])
    sheet.append([])
    for row in (headings, *rows):
        sheet.append(list(row))
    book.create_sheet("Notes").append(["nothing"])
    path = folder / "tracker.xlsx"
    book.save(path)
    return path


def mapping(changes: Mapping[str, object] | None = None) -> SavedMapping:
    """Return the mapping with some of its keys replaced."""
    found, findings = mapping_of(json.dumps(MAPPING | dict(changes or {})).encode())
    assert found is not None, findings
    return found
