import csv
from datetime import date
from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.services.draw_statement import draw_statement
from tests.statement.conftest import EngineWith

GRANT = """
[[grant]]
id = "covid-1"
months = { from = 2020-04-01, to = 2020-06-30 }
amount = 500.00
replaces = "nothing"
status = "agreed"
source = "made up"
"""

FUND_CAP = """
[[cap]]
id = "fund-cap"
on = ["payer"]
payer = "fund"
limit = 100.00
overflow = "council"
status = "agreed"
source = "made up"
"""


def change(path: Path, old: str, new: str) -> None:
    """Change the contract file as somebody would in place."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("limit = 2000.00", "limit = 500.00", r"1 of what was stated \(P1/job_start\) would change by -£200\.00"),
        (GRANT, "", r"1 of what was stated \(grant/covid-1\) would change by -£500\.00"),
        ('source = "made up"\n\n[[party]]', 'source = "made up"\n' + FUND_CAP + "\n[[party]]", r"\(payer fund\)"),
    ],
)
def test_terms_changed_in_place_that_move_stated_money_are_refused_in_pounds(
    engine_with: EngineWith, old: str, new: str, said: str
) -> None:
    engine = engine_with(more=GRANT, replace={"limit = 2000.00": "limit = 2000.00"})
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    if "limit = 500.00" in new:
        change(engine.contract, GRANT, GRANT.replace('replaces = "nothing"', 'replaces = "nothing"\nuses_caps = false'))
    text = engine.contract.read_text(encoding="utf-8")
    engine.contract.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(RefusedError, match=said):
        engine.preview("2020-Q3")


def test_share_that_divides_otherwise_than_what_is_stated_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    change(engine.contract, '"58%", fund = "42%"', '"50%", fund = "50%"')

    with pytest.raises(RefusedError, match="share 'split' divided what is stated in another way"):
        engine.preview("2020-Q3", accepts_restatement=True)


@pytest.mark.parametrize("spoil", ["drop", "double", "edit"])
def test_lines_that_are_not_as_they_were_written_are_refused(engine_with: EngineWith, spoil: str) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-05-05")
    engine.state("2020-Q2")
    with engine.stated[0].open(newline="", encoding="utf-8") as stream:
        heading, *lines = list(csv.reader(stream))
    if spoil == "drop":
        lines.pop()
    elif spoil == "double":
        lines.append(lines[0])
    else:
        at = heading.index("pays fund")
        lines[0][at] = "94.00"
    with engine.stated[0].open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([heading, *lines])

    with pytest.raises(FindingsError) as refused:
        engine.preview("2020-Q3")

    assert [finding.rule for finding in refused.value.findings] == ["statement-changed"]


def test_statement_left_out_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    for quarter, day in (("2020-Q2", "2020-05-04"), ("2020-Q3", "2020-08-04")):
        engine.accept(f"{quarter}/job_start", "job_start", day)
        engine.state(quarter)
    del engine.stated[0]

    with pytest.raises(FindingsError) as refused:
        engine.preview("2020-Q4")

    assert [finding.what for finding in refused.value.findings] == [
        "statement 1 is not among the files, and later ones are"
    ]


def test_statement_that_would_know_less_than_one_before_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04", recorded_on="2020-07-10")
    engine.preview("2020-Q2")
    drawn = draw_statement(str(engine.contract), engine.folder / "rows.csv", "2020-Q2", known_on=date(2020, 12, 1))
    assert drawn.statement.total == 70000
    engine.keep(drawn)

    with pytest.raises(RefusedError, match="statement 1 used what was known on 2020-12-01"):
        engine.preview("2020-Q3")


def test_undated_outcomes_are_refused_because_no_period_can_be_told(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "")

    with pytest.raises(RefusedError, match="1 outcome has no date"):
        engine.preview("2020-Q2")


@pytest.mark.parametrize("period", ["2020-Q1", "2050-Q1"])
def test_period_outside_the_contract_is_refused(engine_with: EngineWith, period: str) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")

    with pytest.raises(RefusedError, match="it states from 2020-Q2 to 2022-Q3, when claims close"):
        engine.preview(period)


def test_grant_waits_until_its_months_are_over_and_known(engine_with: EngineWith) -> None:
    engine = engine_with(more=GRANT)
    engine.preview("2020-Q2")

    early = draw_statement(str(engine.contract), engine.folder / "rows.csv", "2020-Q2", known_on=date(2020, 6, 1))

    assert early.statement.total == 0


def test_grant_outside_the_caps_is_outside_a_payers_cap_too(engine_with: EngineWith) -> None:
    outside = GRANT.replace('replaces = "nothing"', 'replaces = "nothing"\nuses_caps = false')
    engine = engine_with(more=outside + FUND_CAP)

    # 42 % of the grant of 500.00 is 210.00, above the fund's cap of 100.00, which does not count it.
    assert engine.pays("2020-Q2") == {"council": 29000, "fund": 21000}


def test_payer_who_joins_the_contract_later_does_not_spoil_what_was_stated(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    joined = """
[[party]]
id = "trust"
role = "outcomes_payer"
organisation = "A trust"
status = "agreed"
source = "made up"

[[amendment]]
id = "a1"
signed_on = 2020-09-01
effective_from = 2020-10-01
text = "A trust joins."
status = "agreed"
source = "made up"

[[share]]
id = "split-2"
metric = "*"
from = 2020-10-01
payers = { council = "50%", trust = "50%" }
amendment = "a1"
status = "agreed"
source = "made up"
"""
    text = engine.contract.read_text(encoding="utf-8")
    engine.contract.write_text(text + joined, encoding="utf-8")
    engine.accept("P2/job_start", "job_start", "2020-11-04")

    assert engine.pays("2020-Q4") == {"council": 35000, "fund": 0, "trust": 35000}
