"""A made-up contract and a made-up record of it in which every figure agrees; tests change one thing each."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sib_engine.payments.reconciliation.anomaly import Anomaly
from sib_engine.payments.reconciliation.case import Case
from sib_engine.payments.reconciliation.rules import reconcile
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import contract_from
from sib_engine.terms.load_published import record_from

CONTRACT = """
[contract]
code = "made-up"
name = "A made-up contract"
programme = "Made up"
currency = "GBP"
start = 2020-04-01
end = 2021-03-31
claims_close = 2021-06-30
timezone = "Europe/London"
period = { months = 3, anchor = 2020-04-01 }
rounding = { mode = "half-even", at = "row" }
indigo = "INDIGO-POJ-9999"
status = "agreed"
source = "made up"

[[party]]
id = "council"
role = "outcomes_payer"
organisation = "The Council"
status = "agreed"
source = "made up"

[[party]]
id = "fund"
role = "top_up_funder"
organisation = "The Fund"
status = "agreed"
source = "made up"

[[party]]
id = "service"
role = "provider"
organisation = "The Service"
status = "agreed"
source = "made up"

[metric.engagement]
name = "Engagement"
definition = "Engaged."
indigo = "outcomemetric1"
status = "agreed"
source = "made up"

[metric.job_start]
name = "Job start"
definition = "A first day in work."
indigo = "outcomemetric2"
requires = "engagement"
status = "agreed"
source = "made up"

[metric.short_hours]
name = "Short hours"
definition = "Thirteen weeks of short hours."
indigo = "outcomemetric3"
requires = "job_start"
status = "agreed"
source = "made up"

[metric.long_hours]
name = "Long hours"
definition = "Thirteen weeks of long hours."
indigo = "outcomemetric4"
requires = "job_start"
status = "agreed"
source = "made up"

[[band]]
id = "hours"
metrics = ["short_hours", "long_hours"]
rule = "exclusive"
status = "agreed"
source = "made up"

[[tariff]]
id = "t1"
metric = "engagement"
from = 2020-04-01
price = 50
status = "agreed"
source = "made up"

[[tariff]]
id = "t2"
metric = "job_start"
from = 2020-04-01
price = 100
status = "agreed"
source = "made up"

[[tariff]]
id = "t3"
metric = "short_hours"
from = 2020-04-01
price = 150
status = "agreed"
source = "made up"

[[tariff]]
id = "t4"
metric = "long_hours"
from = 2020-04-01
price = 200
status = "agreed"
source = "made up"

[[share]]
id = "s1"
metric = "*"
from = 2020-04-01
payers = { council = "60%", fund = "40%" }
status = "agreed"
source = "made up"

[[target]]
id = "high-engagement"
case = "high"
metric = "engagement"
count = 100
status = "agreed"
source = "made up"

[[plan]]
id = "plan1"
in_force = { from = "2020-04" }
starts = 2020-04-01
months = 3
amounts = [2000, 3000, 3000, 2000]
status = "agreed"
source = "made up"
"""

RECORD = """
record.contract = "made-up"
record.indigo = "INDIGO-POJ-9999"
record.source = "made up"

maximum = [
    { as_published = "2025-05", amount = 10000 },
    { as_published = "2025-12", amount = 10000 },
]
payer = [
    { party = "council", as_published = "2025-12", maximum = 6000, paid = 5400 },
    { party = "fund", as_published = "2025-12", maximum = 4000, paid = 3600 },
]
target = []
payment = [
    { from = "2020-04", to = "2020-06", amount = 0 },
    { from = "2020-04", to = "2020-06", amount = 2000, kind = "grant" },
    { from = "2020-07", to = "2020-09", amount = 2500 },
    { from = "2020-10", to = "2020-12", amount = 2500 },
    { from = "2021-01", to = "2021-03", amount = 2000 },
]
line = []
"""

COUNTS: Mapping[str, int] = {"engagement": 40, "job_start": 30, "short_hours": 10, "long_hours": 12}


def made_up_contract(*changes: tuple[str, str]) -> Contract:
    """Return the contract after each change of one text of its file to another."""
    contract, _findings = contract_from(tomllib.loads(_changed(CONTRACT, changes), parse_float=Decimal))
    assert contract is not None, _findings
    return contract


def made_up_case(
    *changes: tuple[str, str],
    contract: Contract | None = None,
    counts: Mapping[date, Mapping[str, int]] | None = None,
) -> Case:
    """Return the case after each change of one text of the record to another."""
    contract = contract or made_up_contract()
    record, findings = record_from(tomllib.loads(_changed(RECORD, changes), parse_float=Decimal), contract)
    assert record is not None, findings
    assert not findings
    return Case(contract, record, {date(2025, 12, 1): COUNTS} if counts is None else counts)


def found_in(case: Case) -> list[tuple[str, str, int | None]]:
    """Return code, subject and amount of everything that the rules find."""
    return [(found.code, found.subject, found.amount) for found in reconcile(case)]


def one_of(case: Case) -> Anomaly:
    """Return the only anomaly of a case."""
    (found,) = reconcile(case)
    return found


def _changed(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text
