"""What a statement and its neighbours say beside the amounts: what nobody pays, what is missing, what is full."""

from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.services.draw_statement import draw_statement
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.price_counts import price_counts
from tests.statement.conftest import EngineWith

AGREED = 'status = "agreed"\nsource = "made up"\n'
FUND_CAP = f"""
[[cap]]
id = "fund-limit"
on = ["payer", "period"]
payer = "fund"
limit = 50.00
overflow = "next period"
{AGREED}"""
SITES = {"[metric.engagement]\nname": '[site.n]\nname = "N"\n\n[site.s]\nname = "S"\n\n[metric.engagement]\nname'}
SITE_CAP = f"""
[[cap]]
id = "by-site"
on = ["site", "metric"]
limit = 1100.00
{AGREED}"""
LATER_PRICE = f"""
[[tariff]]
id = "price-job-later"
metric = "job_start"
from = 2021-04-01
price = 800.00
{AGREED}"""
LATER_SHARE = f"""
[[share]]
id = "later"
metric = "*"
from = 2021-04-01
payers = {{ council = "50%", fund = "50%" }}
{AGREED}"""
BY_CLAIM = {'timezone = "Europe/London"': 'timezone = "Europe/London"\nprice_date = "claim"'}


def counts(folder: Path, *lines: str) -> Path:
    path = folder / "counts.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_money_that_waits_for_no_period_is_said_to_be_asked_of_nobody(engine_with: EngineWith) -> None:
    engine = engine_with(more=FUND_CAP)
    engine.accept("P1/job_start", "job_start", "2022-03-04")

    before = engine.preview("2022-Q1").findings
    last = engine.preview("2022-Q3").findings
    rows = engine.folder / "rows.csv"
    priced, explained = (each(str(engine.contract), rows).findings for each in (price_counts, explain_amounts))

    assert [finding.rule for finding in before] == []
    # 700.00 x 42% is 294.00. Stated in one period, 50.00 is paid; by its own period, three of them are left: 150.00.
    what = (
        "back for a next period, and 2022-Q3 is the last one in which the contract states: nobody will be asked for it"
    )
    assert [finding.what for finding in last] == [f"cap fund-limit holds £244.00 {what}"]
    for findings in (priced, explained):
        assert f"cap fund-limit holds £144.00 {what}" in [finding.what for finding in findings]


def test_rows_of_the_new_quarter_alone_are_warned_of(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-05-05")
    engine.state("2020-Q2")
    engine.withdraw("P1/job_start")
    still_there = engine.preview("2020-Q3").findings
    engine.withdraw("P2/job_start")
    engine.accept("P3/job_start", "job_start", "2020-07-05")

    gone = engine.preview("2020-Q3").findings

    assert still_there == ()
    what = (
        "none of the outcomes that statement 1 stated (2) is among the rows, so all that stands of them is taken back"
    )
    assert [(finding.rule, finding.what) for finding in gone] == [("stated-not-among-rows", what)]


def test_what_is_unfunded_is_no_payer(engine_with: EngineWith) -> None:
    engine = engine_with(replace={'fund = "42%"': 'unfunded = "42%"'})
    engine.accept("P1/job_start", "job_start", "2020-05-04")

    drawn = engine.preview("2020-Q2").as_dict()
    priced = price_counts(str(engine.contract), engine.folder / "rows.csv").as_dict()
    explained = explain_amounts(str(engine.contract), engine.folder / "rows.csv", period="2020-Q2")

    payers = [{"payer": "council", "amount": "406.00"}, {"payer": "fund", "amount": "0.00"}]
    assert (drawn["payers"], drawn["unfunded"], drawn["total"]) == (payers, "294.00", "406.00")
    assert (drawn["lines"][0]["payers"], drawn["lines"][0]["unfunded"]) == (payers, "294.00")
    assert (priced["payers"], priced["unfunded"]) == (payers, "294.00")
    last = explained.steps[-1]
    assert (last.kind.value, last.subject, last.amount) == ("counts as", "unfunded", 29400)
    assert last.detail == "billed to nobody"
    assert [each.payer for each in explained.asked] == ["council", "fund"]


def test_caps_to_date_tell_the_sites_apart(engine_with: EngineWith) -> None:
    engine = engine_with(replace=SITES, more=SITE_CAP)
    engine.accept("P1/job_start", "job_start", "2020-05-04", site="n")
    engine.accept("P2/job_start", "job_start", "2020-05-05", site="n")
    engine.accept("P3/job_start", "job_start", "2020-05-06", site="s")

    caps = [(each.cap, each.scope, each.limit, each.used, each.taken) for each in engine.preview("2020-Q2").headroom]

    assert caps == [
        ("contract-cap", "the contract", 200000, 180000, 0),
        ("by-site", "job_start at n", 110000, 110000, 30000),
        ("by-site", "job_start at s", 110000, 70000, 0),
    ]


def test_counts_without_a_site_are_stated_up_to_the_sum_of_the_sites_limits_and_said_to_be(
    engine_with: EngineWith, tmp_path: Path
) -> None:
    engine = engine_with(replace=SITES | {"limit = 2000.00": "limit = 90000.00"}, more=SITE_CAP)
    rows = counts(tmp_path, "metric,count,achieved_on", "job_start,10,2020-05-04")

    drawn = draw_statement(str(engine.contract), rows, "2020-Q2")

    assert drawn.statement.total == 220000
    assert [(each.scope, each.limit, each.used) for each in drawn.headroom][1:] == [
        ("job_start at all 2 sites together", 220000, 220000)
    ]
    what = "cap by-site holds what it has one limit for at each of 2 sites to £2,200.00 for all of them together"
    assert [(finding.rule, finding.what) for finding in drawn.findings] == [
        ("upper-bound", f"counts do not say at which site, so {what}: the amount is an upper bound")
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (LATER_PRICE, "1 of metric 'job_start' has no day of the claim"),
        (LATER_SHARE, "metric 'job_start' has no day of the claim"),
    ],
)
def test_a_missing_day_of_the_claim_is_called_that_and_the_row_is_named(
    engine_with: EngineWith, tmp_path: Path, more: str, said: str
) -> None:
    contract = engine_with(replace=BY_CLAIM, more=more).contract
    rows = counts(tmp_path, "metric,count,achieved_on", "job_start,1,2020-05-04")

    with pytest.raises(RefusedError, match=rf"\(row 2 of the file\): {said} \(claimed_on or recorded_on\)"):
        price_counts(str(contract), rows)


def test_counts_that_cannot_be_read_repeat_no_line(engine_with: EngineWith, tmp_path: Path) -> None:
    lines = ("job_start,x,2020-05-04", "job_start,y,2020-05-04", "job_start,-1,2020-05-05", "job_start,1,2020-05-05")
    rows = counts(tmp_path, "metric,count,achieved_on", *lines)

    with pytest.raises(FindingsError) as refused:
        price_counts(str(engine_with().contract), rows)

    assert [finding.rule for finding in refused.value.findings] == ["not-a-whole-number"] * 3
