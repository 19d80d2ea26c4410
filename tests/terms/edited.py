"""The clean contract with a few words changed."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from sib_engine.core.findings import Finding
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import contract_from

CLEAN = (Path(__file__).parent / "clean.toml").read_text(encoding="utf-8")
AGREED = 'status = "agreed"\nsource = "made up"\n'


def document(*changes: tuple[str, str], add: str = "") -> dict[str, Any]:
    """Return the clean contract as TOML values, after each change of words in turn."""
    text = CLEAN
    for old, new in changes:
        assert old in text, f"{old!r} is not in the clean contract"
        text = text.replace(old, new, 1)
    return tomllib.loads(text + add, parse_float=Decimal)


def found(*changes: tuple[str, str], add: str = "") -> tuple[Finding, ...]:
    """Return all findings about the contract after the changes."""
    return contract_from(document(*changes, add=add))[1]


def named(*changes: tuple[str, str], add: str = "") -> list[tuple[str, str]]:
    """Return key and rule of all findings about the contract after the changes."""
    return [(finding.at.key, finding.rule) for finding in found(*changes, add=add)]


def contract(*changes: tuple[str, str], add: str = "") -> Contract:
    """Return the contract after the changes."""
    made, findings = contract_from(document(*changes, add=add))
    assert made is not None, findings
    return made


def clause(table: str, body: str) -> str:
    """Return a further clause, agreed, to add at the end of the file."""
    return f"\n[[{table}]]\n{body}\n{AGREED}"


CHANGES = "".join(
    clause(table, body)
    for table, body in (
        (
            "metric_terms",
            (
                'id = "m1"\nmetric = "short_weeks"\nfrom = 2022-07-01\namendment = "a1"\nrequires = ["job_start"]\n'
                'evidence = ["payslip"]\nemployment = { self_employment = false }\n'
                'drops = "employment.within_weeks"'
            ),
        ),
        (
            "metric_terms",
            (
                'id = "m2"\nmetric = "job_start"\nfrom = 2023-01-01\nevidence_needed = "all"\nclaim_within_days = 60\n'
                'within = { after = "engagement", months = 6 }'
            ),
        ),
        ("eligibility_terms", 'id = "e1"\nfrom = 2023-01-01\nconsent = "required"\nwork_status = []'),
        (
            "amendment",
            (
                'id = "a2"\nsigned_on = 2024-01-10\neffective_from = 2024-02-01\n'
                'contract = { end = 2025-03-31, claims_close = 2025-07-31 }\ntext = "one more year"'
            ),
        ),
    )
)
"""Terms that change on a day, and an extension, to add to the clean contract."""
