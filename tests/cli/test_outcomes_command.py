import csv
import re
from datetime import date
from pathlib import Path

import pytest

from sib_engine.services.derive_outcomes import derive_outcomes
from tests.cli.command import Sib, counts_file, program_speak
from tests.synthetic.sites import FINAL_COUNTS, example

FACTS = (
    "person,fact,on,until,job,hours,competitive,detail,metric,held,recorded_on",
    "P1,referral,2021-01-04,,,,,,,,",
    "P1,appointment,2021-01-15,,,,,,,,",
    "P1,vocational profile,2021-01-20,,,,,,,,",
    "P1,evidence,2021-01-20,,,,,vocational profile,engagement,held,",
    "P1,employment,2021-02-01,,J1,20,yes,,,,",
    "P1,evidence,2021-02-10,,J1,,,first payslip,job_start,held,",
    "P2,appointment,2021-01-15,,,,,,,,",
)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return counts_file(tmp_path, *FACTS, name="facts.csv")


def test_what_can_no_longer_be_recorded_is_not_on_the_list_to_chase_but_counted_apart(sib: Sib, tmp_path: Path) -> None:
    lines = [line for line in FACTS if "first payslip" not in line]  # the job start lacks its document, and only that
    facts = counts_file(tmp_path, *lines, name="facts.csv")

    on_the_last_day = sib("outcomes", "mhep/enfield", facts, "--known-on", "2024-07-31").out
    a_day_later = sib("outcomes", "mhep/enfield", facts, "--known-on", "2024-08-01").out

    assert re.search(r"P1/job_start/J1 +2021-02-01 +R08 .*2024-07-31", on_the_last_day.partition("to chase")[2])
    assert "Too late" not in on_the_last_day
    assert "to chase" not in a_day_later
    # The sustained outcome requires the job start: 852.20 and 1,704.41 by the assumed prices.
    assert (
        "Too late on 2024-08-01: 2 outcomes lack only evidence, and the last day to record it has passed: £2,556.61"
        " before caps (by ASSUMED prices)"
    ) in a_day_later


def test_what_requires_an_outcome_that_came_too_late_is_too_late_as_well(sib: Sib, tmp_path: Path) -> None:
    contract = Path("docs/examples/riverside.toml")
    facts = counts_file(
        tmp_path,
        "person,fact,on,until,job,hours,competitive,detail,consent_on",
        "P1,referral,2021-01-04,,,,,out of work,2021-01-04",
        "P1,vocational profile,2021-01-20,,,,,,",
        "P1,employment,2021-02-01,2021-12-31,J1,20,yes,,",
        name="facts.csv",
    )  # the job start's letter had to be recorded by 2 April 2021, 60 days after it

    def counted(known_on: str) -> dict[str, tuple[int, int]]:
        found = sib("outcomes", contract, facts, "--known-on", known_on, "--json").json
        return {
            each["metric"]: (each["lacks_only_evidence"], each["too_late_for_evidence"]) for each in found["metrics"]
        }

    assert counted("2021-04-02")["job_start"] == (1, 0)
    assert counted("2021-04-03")["job_start"] == (0, 1)
    assert counted("2022-01-31")["six_months"] == (0, 1)  # could itself be recorded until 31 March 2023


def test_json_rows_name_site_job_and_the_day_on_which_they_were_known(sib: Sib, facts: Path) -> None:
    rows = {row["row"]: row for row in sib("outcomes", "mhep/enfield", facts, "--json").json["rows"]}

    job_start = rows["P1/job_start/J1"]
    assert (job_start["site"], job_start["job"], job_start["recorded_on"]) == ("enfield", "J1", "2021-02-10")
    assert rows["P1/engagement"]["job"] is None


def test_json_counts_metrics_reasons_and_rows(sib: Sib, facts: Path) -> None:
    found = sib("outcomes", "mhep/enfield", facts, "--known-on", "2021-03-31", "--json").json

    assert set(found) == {
        "contract",
        "terms",
        "assumed_terms",
        "as_known_on",
        "open_until",
        "nothing_found",
        "metrics",
        "reasons",
        "rows",
        "findings",
    }
    metrics = {each["metric"]: (each["counts"], each["due_if_it_lasts"]) for each in found["metrics"]}
    assert metrics == {
        "engagement": (1, 0),
        "job_start": (1, 0),
        "sustained_under_16": (0, 0),
        "sustained_16_plus": (0, 1),
    }
    rows = {row["row"]: row for row in found["rows"]}
    # 1 February is day 1: the 91st day is 2 May. Claims close on 31 July 2024, an assumed term.
    open_row = rows["P1/sustained_16_plus/J1"]
    assert (open_row["counts"], open_row["due_on"], open_row["record_by"]) == (False, "2021-05-02", "2024-07-31")
    assert open_row["reasons"] == ["R19 still-running"]
    assert (
        rows["P2/engagement"]["reasons"][0].startswith("R08")
        or "R27 component-missing" in rows["P2/engagement"]["reasons"]
    )
    assert {reason["code"] for reason in found["reasons"]} == {code for row in rows.values() for code in row["reasons"]}


def test_what_a_person_reads_lists_what_falls_due(sib: Sib, facts: Path) -> None:
    ran = sib("outcomes", "mhep/enfield", facts, "--known-on", "2021-03-31")

    assert ran.code == 0
    assert "Due on: what becomes payable if it lasts" in ran.out
    line = next(line for line in ran.out.splitlines() if "P1/sustained_16_plus/J1" in line)
    assert "2021-05-02" in line
    assert "59 of 91 days in work" in line
    assert program_speak(ran.out) == []


def test_one_person_s_rows_are_shown_alone(sib: Sib, facts: Path) -> None:
    out = sib("outcomes", "mhep/enfield", facts, "--person", "P1").out

    assert "Rows of P1" in out
    assert "P1/engagement" in out
    assert "P2" not in out


def test_a_person_without_facts_is_refused_with_examples_and_nothing_is_written(
    sib: Sib, facts: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.csv"

    ran = sib("outcomes", "mhep/enfield", facts, "--person", "P9", "--out", out)

    assert (ran.code, ran.out) == (1, "")
    assert "no facts are about 'P9'; there are facts about, for example: P1, P2" in ran.err
    assert not out.exists()


def test_written_rows_hold_everything_shown_and_are_read_by_the_next_command(
    sib: Sib, facts: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rows.csv"
    ran = sib("outcomes", "mhep/enfield", facts, "--out", out)

    with out.open(encoding="utf-8", newline="") as stream:
        rows = {line["row"]: line for line in csv.DictReader(stream)}
    assert f"{len(rows)} rows written to {out}" in ran.out
    assert (rows["P1/job_start/J1"]["counts"], rows["P1/job_start/J1"]["achieved_on"]) == ("yes", "2021-02-01")
    assert rows["P2/engagement"]["counts"] == "no"
    priced = sib("price", "mhep/enfield", out, "--json").json
    assert [(line["metric"], line["count"]) for line in priced["lines"]][:2] == [("engagement", 1), ("job_start", 1)]


@pytest.mark.parametrize("site", FINAL_COUNTS)
def test_the_made_up_facts_of_a_site_print_their_published_totals(sib: Sib, site: str) -> None:
    found = sib("outcomes", site, example(site).facts, "--json").json

    assert {each["metric"]: each["counts"] for each in found["metrics"]} == FINAL_COUNTS[site]


def test_long_lists_are_cut_and_say_how_to_see_the_rest(sib: Sib) -> None:
    site = "mhep/shropshire"
    midway = ("--known-on", "2021-12-31")
    then = derive_outcomes(site, example(site).facts, known_on=date(2021, 12, 31))
    n_missing = len(then.unevidenced())

    short, full = (
        sib("outcomes", site, example(site).facts, *midway).out,
        sib("outcomes", site, example(site).facts, "--all", *midway).out,
    )

    assert n_missing > 10
    assert f"and {n_missing - 10:,} more" in short
    assert "Every row that does not count" in full
    every, _, whys = full.partition("Every row that does not count")[2].partition(
        "Why not, and what would make it count"
    )
    rows = then.listed(only_not_counting=True)
    assert every.count("SYN-SHROPSHIRE-") == len(rows)
    assert whys.count("would count with: ") == sum(len(line.whys) for line in rows)


def test_the_example_command_says_how_much_it_wrote_and_that_it_is_made_up(sib: Sib, tmp_path: Path) -> None:
    out = tmp_path / "facts.csv"

    ran = sib("facts", "example", "mhep/tower-hamlets-ld", "--seed", "5", "--out", out)

    assert ran.code == 0
    n_lines = len(out.read_text(encoding="utf-8").splitlines()) - 1
    assert ran.out == (
        f"{n_lines:,} SYNTHETIC lines written to {out}; what counts in them: "
        "75 engagement, 119 job_start, 96 sustained_under_16, 9 sustained_16_plus\n"
    )


def test_how_long_open_work_is_taken_to_last_is_said(sib: Sib, facts: Path, tmp_path: Path) -> None:
    # Without a day it is the latest on which anything in the file was recorded: the payslip's, 10 February.
    line = "work without a last day is taken to last to "
    assert f"{line}2021-02-10" in sib("outcomes", "mhep/enfield", facts).out.splitlines()
    assert f"{line}2021-03-31" in sib("outcomes", "mhep/enfield", facts, "--known-on", "2021-03-31").out.splitlines()
    assert sib("outcomes", "mhep/enfield", facts, "--json").json["open_until"] == "2021-02-10"

    closed = (*FACTS[:5], "P1,employment,2021-02-01,2021-06-30,J1,20,yes,,,,")
    ended = counts_file(tmp_path, *closed, name="ended.csv")
    assert line not in sib("outcomes", "mhep/enfield", ended).out
    assert sib("outcomes", "mhep/enfield", ended, "--json").json["open_until"] is None


def test_rules_that_are_assumed_are_counted_and_listed(sib: Sib, facts: Path) -> None:
    assumed = sib("outcomes", "mhep/enfield", facts, "--json").json["assumed_terms"]
    printed = sib("outcomes", "mhep/enfield", facts).out.splitlines()

    assert [term for term in assumed if term.startswith("metric.engagement.")] == [
        "metric.engagement.counts",
        "metric.engagement.all_of",
        "metric.engagement.evidence",
        "metric.engagement.evidence_from",
        "metric.engagement.evidence_must_be",
    ]
    assert printed[1] == (
        f"{len(assumed)} terms of the metrics are ASSUMED, neither published nor agreed: "
        "`sib contract show mhep/enfield` lists them."
    )


@pytest.mark.parametrize("command", ["price", "statement", "explain"])
def test_a_file_of_facts_where_rows_are_read_is_called_that(sib: Sib, facts: Path, command: str) -> None:
    more = ("--period", "2021-Q1") if command == "statement" else ()

    ran = sib(command, "mhep/enfield", facts, *more)

    assert ran.code == 1
    assert "this is a file of facts: run `sib outcomes` first" in ran.err
    assert "heading-unknown" not in ran.err
    assert "error: 1 error found" in ran.err


def test_an_early_statement_does_not_pay_a_job_start_whose_engagement_was_recorded_later(
    sib: Sib, tmp_path: Path
) -> None:
    late = [line + "2021-08-02" if line.endswith("engagement,held,") else line for line in FACTS]
    facts, rows = counts_file(tmp_path, *late, name="late.csv"), tmp_path / "rows.csv"
    sib("outcomes", "mhep/enfield", facts, "--out", rows)

    def stated(period: str) -> set[str]:
        lines = tmp_path / f"{period}.csv"
        assert sib("statement", "mhep/enfield", rows, "--period", period, "--out", lines).code == 0
        return set(re.findall(r"P1/[^,]*", lines.read_text(encoding="utf-8")))

    assert stated("2021-Q2") == set()
    assert "P1/job_start/J1" in stated("2021-Q3")


def test_a_file_of_rows_where_facts_are_read_is_named_once(sib: Sib, tmp_path: Path) -> None:
    for name, lines in {
        "rows.csv": ("metric,person,achieved_on", "engagement,P1,2021-01-05"),
        "counts.csv": ("metric,count", "engagement,12"),
    }.items():
        ran = sib("outcomes", "mhep/enfield", counts_file(tmp_path, *lines, name=name))

        assert ran.code == 1
        assert "[rows-for-facts]" in ran.err
        assert "this is a file of outcome rows, or of counts: `sib price`, `sib statement` and" in ran.err
        assert "error: 1 error found" in ran.err


def test_a_person_of_whom_nothing_begins_an_outcome_is_told_what_is_recorded_and_what_is_asked_for(
    sib: Sib, tmp_path: Path
) -> None:
    facts = counts_file(tmp_path, "person,fact,on,recorded_on", "P1,referral,2021-01-04,2021-01-06", name="facts.csv")
    contract = Path("docs/examples/riverside.toml")

    silent = sib("outcomes", contract, facts, "--person", "P1", "--json").json["nothing_found"]
    before = sib("outcomes", contract, facts, "--known-on", "2021-01-05", "--json").json["nothing_found"]
    of_one = sib("outcomes", contract, facts, "--known-on", "2021-01-05", "--person", "P1", columns=120).out

    assert silent == (
        "what is recorded of P1 begins no outcome: referral (1). 'engagement', which requires no other, asks for "
        "3 'appointment' or 1 'vocational profile'."
    )
    assert before == "nothing is recorded by 2021-01-05; the first record is of 2021-01-06"
    assert "nothing is recorded of P1 by 2021-01-05; the first record is of 2021-01-06" in of_one
