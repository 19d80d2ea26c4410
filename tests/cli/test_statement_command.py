import csv
from pathlib import Path

import pytest

from tests.cli.command import TWO_PAYERS, WEST_LONDON, Sib, counts_file, program_speak

ROWS = (
    "row,person,metric,achieved_on,recorded_on",
    "P1/engagement,P1,engagement,2020-04-20,2020-04-25",
    "P1/job_start,P1,job_start,2020-05-04,2020-05-20",
    "P2/engagement,P2,engagement,2020-07-06,2020-07-10",
    "P3/engagement,P3,engagement,2020-06-25,2020-08-01",
)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return counts_file(tmp_path, *ROWS, name="rows.csv")


def test_the_second_statement_states_what_is_new_or_late_and_the_third_adds_nothing(
    sib: Sib, rows: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    first = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--out", one, "--json").json
    second = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q3", "--stated", one, "--out", two, "--json").json
    again = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q3", "--stated", one, "--stated", two, "--json").json

    # 300.01 + 700.00 = 1,000.01: 580.0058 and 420.0042. Then twice 300.01: 1,600.03 in all, 928.0174 and 672.0126.
    assert first["payers"] == [{"payer": "council", "amount": "580.01"}, {"payer": "fund", "amount": "420.00"}]
    assert (first["due_to_date"], first["total"]) == ("1000.01", "1000.01")
    assert [(line["own_period"], line["count"], line["payable"]) for line in second["lines"]] == [
        ("2020-Q2", 1, "300.01"),
        ("2020-Q3", 1, "300.01"),
    ]
    assert second["payers"] == [{"payer": "council", "amount": "348.01"}, {"payer": "fund", "amount": "252.01"}]
    assert (second["statement"], second["stated_before"]) == (2, "1000.01")
    assert (again["lines"], again["total"]) == ([], "0.00")


def test_json_has_one_shape_whether_or_not_anything_is_due(sib: Sib, rows: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    first = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--out", one, "--json").json
    empty = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--stated", one, "--json").json

    assert set(first) == set(empty)
    assert set(first) >= {"contract", "currency", "period", "known_on", "assumed", "total", "payers", "lines", "caps"}
    assert first["caps"] == [
        {
            "cap": "contract-cap",
            "limit": "2000.00",
            "share": None,
            "of": [],
            "scope": "the contract",
            "used": "1000.01",
            "taken": "0.00",
        }
    ]


def test_nothing_due_is_said_in_words(sib: Sib, rows: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--out", one)

    out = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--stated", one).out

    assert "Nothing is due that is not stated already." in out


def test_a_statement_of_nothing_keeps_its_number(sib: Sib, rows: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    first = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--out", one, "--json").json
    second = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--stated", one, "--out", two, "--json").json
    third = sib(
        "statement", TWO_PAYERS, rows, "--period", "2020-Q3", "--stated", one, "--stated", two, "--json"
    ).json  # fmt: skip

    assert [each["statement"] for each in (first, second, third)] == [1, 2, 3]
    assert [each["total"] for each in (first, second, third)] == ["1000.01", "0.00", "600.02"]


def test_the_written_lines_hold_every_outcome_with_its_clause_and_add_up(sib: Sib, rows: Path, tmp_path: Path) -> None:
    out = tmp_path / "lines.csv"
    ran = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q3", "--out", out)

    with out.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert f"4 lines written to {out}" in ran.out
    assert {line["row"]: (line["tariff"], line["share"]) for line in lines}["P1/job_start"] == ("price-job", "split")
    pence = [int(line[f"pays {payer}"].replace(".", "")) for line in lines for payer in ("council", "fund")]
    assert sum(pence) == 160_003


def test_a_period_may_be_named_by_a_month_or_a_day_inside_it(sib: Sib, rows: Path) -> None:
    by_name, by_month, by_day = (
        sib("statement", TWO_PAYERS, rows, "--period", name, "--json").json
        for name in ("2020-Q2", "2020-05", "2020-06-30")
    )

    assert by_name == by_month == by_day


def test_known_on_leaves_out_what_was_recorded_later(sib: Sib, rows: Path) -> None:
    early = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--known-on", "2020-05-01", "--json").json
    late = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--known-on", "2020-08-31", "--json").json

    assert (early["known_on"], early["total"]) == ("2020-05-01", "300.01")
    assert late["total"] == "1300.02"


def test_what_a_person_reads_has_every_payer_and_no_program_speak(sib: Sib, rows: Path) -> None:
    ran = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2")

    assert ran.code == 0
    assert "Statement 1 for 2020-Q2: Two payers" in ran.out
    assert "not an invoice, but the ground for one" in ran.out
    for words in ("council", "fund", "£580.01", "£420.00", "£1,000.01", "contract-cap", "£999.99"):
        assert words in ran.out
    assert "ASSUMED" not in ran.out
    assert program_speak(ran.out) == []


def test_sites_stand_on_the_lines_of_a_contract_with_several(sib: Sib, tmp_path: Path) -> None:
    rows = counts_file(
        tmp_path,
        "metric,count,site,achieved_on",
        "engagement,2,haringey,2021-05-04",
        "engagement,3,barnet,2021-05-04",
        name="rows.csv",
    )

    out = sib("statement", "mhep/haringey-barnet", rows, "--period", "2021-Q2").out

    engaged = [line for line in out.splitlines() if "Engagement" in line]
    assert [next(site for site in ("barnet", "haringey") if site in line) for line in engaged] == ["barnet", "haringey"]
    assert all("outcome *" in line for line in engaged)
    assert out.count("Lines marked * rest on ASSUMED terms") == 1


def test_what_caps_cut_shows_as_earned_beside_payable(sib: Sib, tmp_path: Path) -> None:
    rows = counts_file(tmp_path, "metric,count,achieved_on", "job_start,3,2020-05-04")

    out = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2").out

    line = next(line for line in out.splitlines() if "Job start" in line)
    assert "£2,100.00" in line
    assert "£2,000.00" in line


def test_changed_terms_are_refused_in_pounds_until_they_are_accepted(sib: Sib, rows: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--out", one)
    new = tmp_path / "two-payers.toml"
    new.write_text(TWO_PAYERS.read_text(encoding="utf-8").replace("price = 700.00", "price = 725.00"), encoding="utf-8")
    ask = ("statement", new, rows, "--period", "2020-Q2", "--stated", one)

    refused, accepted = sib(*ask), sib(*ask, "--accept-restatement", "--json")

    assert refused.code == 1
    assert "£25.00" in refused.err
    assert [line["payable"] for line in accepted.json["lines"]] == ["25.00"]


def test_lines_of_another_contract_are_refused(sib: Sib, rows: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    counts = counts_file(tmp_path, "metric,count,achieved_on", "engagement,2,2021-05-04")
    sib("statement", "mhep/enfield", counts, "--period", "2021-Q2", "--out", one)

    ran = sib("statement", TWO_PAYERS, rows, "--period", "2021-Q2", "--stated", one)

    assert (ran.code, ran.out) == (1, "")
    assert "one.csv" in ran.err


def test_a_contract_without_prices_has_no_statement(sib: Sib) -> None:
    ran = sib("statement", "mhep/west-london", WEST_LONDON, "--period", "2021-Q2")

    assert (ran.code, ran.out) == (1, "")
    assert "unpriced" in ran.err


def test_lines_of_a_statement_are_never_written_over(sib: Sib, rows: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    sib("statement", TWO_PAYERS, rows, "--period", "2020-Q2", "--out", one)
    before = one.read_bytes()

    ran = sib("statement", TWO_PAYERS, rows, "--period", "2020-Q3", "--out", one)

    assert ran.code == 1
    assert "one.csv is there already, and a statement is never written over" in " ".join(ran.err.split())
    assert one.read_bytes() == before
