import re
from pathlib import Path

import pytest

from tests.cli.command import REBOOT_WEST, TWO_PAYERS, WEST_LONDON, Sib, counts_file, program_speak
from tests.synthetic.sites import example

SITE = "mhep/enfield"


@pytest.fixture
def paid() -> str:
    return next(each.row for each in example(SITE).derived.listed() if each.does_count and each.metric == "job_start")


def test_a_paid_outcome_is_traced_to_price_clause_share_and_evidence(sib: Sib, paid: str) -> None:
    ran = sib("explain", SITE, example(SITE).rows, "--row", paid)

    assert ran.code == 0
    for words in (
        paid, "evidence:", "earned: £852.20 = 1 x 852.20 (price from 2020-04-01)", "clause price-job-start, assumed:",
        "clause split, published: INDIGO-POJ-0188:", "; assumed: payers (the",
        "(share 58%)", "(share 42%)", "pays dcms: £357.9",
    ):  # fmt: skip
        assert words in ran.out
    assert ran.out.count("ASSUMED") == 1
    assert program_speak(ran.out) == []


def test_json_of_a_paid_outcome_has_a_tree_of_steps(sib: Sib, paid: str) -> None:
    found = sib("explain", SITE, example(SITE).rows, "--row", paid, "--json").json

    assert set(found) == {
        "contract", "currency", "period", "known_on", "assumed", "outcome", "amounts", "against_stated", "asked",
        "terms", "findings",
    }  # fmt: skip
    assert found["assumed"] is True
    assert found["outcome"]["counts"] is True
    assert found["outcome"]["amount"]["amount"] == "852.20"
    assert set(found["outcome"]["amount"]) == {
        "kind", "subject", "amount", "detail", "clause", "status", "assumed", "source", "steps",
    }  # fmt: skip


def test_an_unpaid_outcome_says_why_what_would_mend_it_and_by_when(sib: Sib) -> None:
    row = next(each.row for each in example(SITE).derived.listed() if each.reasons == "R08 evidence-missing")

    out = sib("explain", SITE, example(SITE).rows, "--row", row).out

    assert "does NOT count:" in out
    assert "R08 evidence-missing: the evidence the contract asks for is missing or incomplete" in out
    assert "      found: no " in out
    assert re.search(r"would count with: a document \(.*\) dated on or after 20\S+ \(by 2024-07-31\)", out)
    assert "what is missing can be recorded until 2024-07-31" in out


def test_without_a_row_every_payer_is_explained_and_grants_are_said_to_be_left_out(sib: Sib) -> None:
    without = sib("explain", SITE, example(SITE).rows)
    with_them = sib("explain", SITE, example(SITE).rows, "--grants")

    # 310,202.98 by the assumed prices; with the grants of 77,479.00 387,681.98. 58 % of them.
    assert re.search(r"^pays enfield-council: £179,917\.7[23]$", without.out, re.MULTILINE)
    assert re.search(r"^pays dcms: £130,285\.2[56]$", without.out, re.MULTILINE)
    assert re.search(r"^pays enfield-council: £224,855\.5[45]$", with_them.out, re.MULTILINE)
    assert "Grants are not part of these amounts; --scheduled adds them." in without.out
    assert "--scheduled" not in with_them.out


def test_published_prices_are_explained_without_a_banner(sib: Sib) -> None:
    out = sib("explain", "care-leavers/reboot-west", REBOOT_WEST, "--payer", "dfe").out

    assert "ASSUMED" not in out
    assert "231 x 220.00" in out


def test_a_contract_without_prices_says_that_there_is_no_amount(sib: Sib) -> None:
    ran = sib("explain", "mhep/west-london", WEST_LONDON)

    assert ran.code == 0
    assert "no amount to explain" in ran.out


def test_a_row_that_is_not_there_is_refused_with_examples(sib: Sib) -> None:
    ran = sib("explain", SITE, example(SITE).rows, "--row", "SYN-ENFIELD-00001/nothing")

    assert (ran.code, ran.out) == (1, "")
    assert "no row is called 'SYN-ENFIELD-00001/nothing'; there is, for example: SYN-ENFIELD-00001/" in ran.err


def test_a_payer_that_is_not_there_is_refused_with_the_names_there_are(sib: Sib) -> None:
    ran = sib("explain", SITE, example(SITE).rows, "--payer", "treasury", "--json")

    assert ran.code == 1
    assert ran.json == {
        "error": "not-found",
        "message": "no payer is called 'treasury'; accepted: enfield-council, dcms",
        "findings": [],
    }


def test_the_cut_of_a_cap_and_the_move_to_another_payer_are_shown(sib: Sib, tmp_path: Path) -> None:
    more = '\n[[cap]]\nid = "fund-cap"\non = ["payer"]\npayer = "fund"\nlimit = 400.00\noverflow = "council"\n'
    contract = tmp_path / "two-payers.toml"
    contract.write_text(
        TWO_PAYERS.read_text(encoding="utf-8") + more + 'status = "agreed"\nsource = "made up"\n', encoding="utf-8"
    )

    out = sib("explain", contract, counts_file(tmp_path, "metric,count", "job_start,3")).out

    # 3 x 700.00 is 100.00 over the cap; 42 % of 2,000.00 is 440.00 over the fund's.
    assert "cut: -£100.00 (limit £2,000.00 per contract)" in out
    assert "-£440.00 (above the payer's own cap: paid by council instead)" in out
    assert "£440.00 (arrives from fund, whose cap is reached)" in out
    assert "pays council: £1,600.00" in out


def test_a_stated_row_ends_with_what_is_due_now_against_what_was_stated(sib: Sib, tmp_path: Path) -> None:
    text = TWO_PAYERS.read_text(encoding="utf-8").replace("limit = 2000.00", "limit = 500.00")
    contract = tmp_path / "two-payers.toml"
    contract.write_text(text.replace("payers = { council", 'assumed = { payers = "a guess" }\npayers = { council'))
    rows = tmp_path / "rows.csv"
    rows.write_text("row,person,metric,achieved_on\none,P1,job_start,2020-05-04\n", encoding="utf-8")
    lines = tmp_path / "lines-1.csv"
    sib("statement", contract, rows, "--period", "2020-Q2", "--out", lines)

    ran = sib("explain", contract, rows, "--row", "one", "--stated", lines, "--period", "2020-Q2")

    assert ran.code == 0
    for words in (
        "Due by the end of 2020-Q2, as known on 2020-06-30:",
        "clause split, agreed: made up; assumed: payers (a guess)",
        "stated in statement 1 (2020-Q2), outcome: earned £700.00, after caps £500.00",
        "due now £500.00, stated £500.00, difference £0.00",
    ):
        assert words in ran.out
    assert "ASSUMED" in ran.out
    assert program_speak(ran.out) == []


def test_a_day_of_records_needs_a_period(sib: Sib) -> None:
    ran = sib("explain", SITE, example(SITE).rows, "--known-on", "2020-06-30")

    assert ran.code == 2
    assert "--known-on needs --period" in ran.err


RIVERSIDE, ROWS, CORRECTED = (
    Path("docs/examples") / name for name in ("riverside.toml", "riverside-rows.csv", "riverside-rows-corrected.csv")
)


@pytest.fixture
def stated(sib: Sib, tmp_path: Path) -> list[str]:
    """Return the options that name the lines of Riverside's first two statements."""
    options: list[str] = []
    for quarter in ("2021-Q1", "2021-Q2"):
        lines = tmp_path / f"{quarter}.csv"
        sib("statement", RIVERSIDE, ROWS, "--period", quarter, *options, "--out", lines)
        options += ["--stated", str(lines)]
    return options


def test_what_a_payer_is_asked_for_adds_up_from_due_to_date(sib: Sib, stated: list[str]) -> None:
    asked = ("explain", RIVERSIDE, ROWS, "--period", "2021-Q3", "--payer", "health", *stated)

    ran = sib(*asked)
    (found,) = sib(*asked, "--json").json["asked"]

    assert ran.out.splitlines()[-5:] == [
        "  due to date                             £1,166.67",
        "  less statement 1 (2021-Q1)               -£366.67",
        "  less statement 2 (2021-Q2)               -£400.00",
        "  statement 3 (2021-Q3) would ask health    £400.00",
        "  on its lines: carried over £400.00",
    ]
    assert found == {
        "payer": "health",
        "statement": 3,
        "period": "2021-Q3",
        "drawn_up": False,
        "due_to_date": "1166.67",
        "asked_before": [
            {"statement": 1, "period": "2021-Q1", "amount": "366.67"},
            {"statement": 2, "period": "2021-Q2", "amount": "400.00"},
        ],
        "differs": "0.00",
        "asked": "400.00",
        "lines": [{"kind": "carried over", "amount": "400.00"}],
    }


def test_a_row_that_was_stated_and_is_gone_says_so(sib: Sib, stated: list[str]) -> None:
    asked = ("explain", RIVERSIDE, CORRECTED, "--row", "A/job_start", *stated)

    ran = sib(*asked)

    assert ran.code == 0
    assert ran.out.splitlines()[:4] == [
        "A/job_start",
        "  no longer in the rows: nothing of it is due",
        "  stated in statement 1 (2021-Q1), outcome: earned £700.00, after caps £700.00",
        "  due now £0.00, stated £700.00, difference -£700.00 (before payers' own caps)",
    ]
    assert sib(*asked, "--json").json["against_stated"]["gone"] is True
    assert "no row is called 'Z/job_start'" in sib("explain", RIVERSIDE, CORRECTED, "--row", "Z/job_start", *stated).err
