from pathlib import Path

import pytest

from tests.cli.command import CONTRACTS, ENFIELD, TWO_PAYERS, Sib, counts_file, program_speak, sib_alone


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A contract with two mistakes: a share of 99 % and a price for a metric that is not there."""
    text = TWO_PAYERS.read_text(encoding="utf-8")
    text = text.replace('fund = "42%"', 'fund = "41%"').replace('metric = "job_start"', 'metric = "job_begun"')
    path = tmp_path / "two-payers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_check_exits_1_on_errors_and_names_each(sib: Sib, broken: Path) -> None:
    ran = sib("contract", "check", broken)

    assert ran.code == 1
    assert "two-payers.toml cannot be used" in ran.out
    assert "job_begun" in ran.out
    assert "99" in ran.out


def test_check_exits_1_on_errors_in_a_process_of_its_own_too(broken: Path, tmp_path: Path) -> None:
    ran = sib_alone("contract", "check", broken.name, folder=tmp_path)

    assert ran.code == 1
    assert ran.err == ""


def test_check_exits_0_on_warnings_and_notes(sib: Sib, tmp_path: Path) -> None:
    other_name = tmp_path / "renamed.toml"
    other_name.write_bytes(TWO_PAYERS.read_bytes())

    ran = sib("contract", "check", other_name)

    assert ran.code == 0
    assert "warning" in ran.out
    assert "renamed.toml can be used: 1 warning" in ran.out


def test_check_of_several_files_reports_all_and_exits_1_if_one_has_errors(sib: Sib, broken: Path) -> None:
    ran = sib("contract", "check", "mhep/enfield", broken, TWO_PAYERS)

    assert ran.code == 1
    assert "enfield.toml can be used" in ran.out
    assert "two-payers.toml cannot be used" in ran.out
    assert "two-payers.toml can be used: no findings" in ran.out


def test_check_json_counts_findings_by_severity(sib: Sib, broken: Path) -> None:
    ran = sib("contract", "check", broken, "mhep/enfield", "--json")

    bad, good = ran.json
    assert ran.code == 1
    assert (bad["file"], bad["usable"], bad["contract"], bad["terms"]) == ("two-payers.toml", False, None, None)
    assert bad["errors"] == sum(finding["severity"] == "error" for finding in bad["findings"]) >= 2
    assert set(bad["findings"][0]) == {"severity", "rule", "file", "key", "row", "column", "what", "accepted"}
    assert (good["usable"], good["contract"], good["errors"]) == (True, "mhep-enfield", 0)
    assert good["terms"].startswith("sib1:")


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*/*.toml")), ids=lambda path: path.stem)
def test_every_contract_of_the_library_passes_its_check(sib: Sib, path: Path) -> None:
    assert sib("contract", "check", path).code == 0


def test_list_prints_every_contract_by_the_name_to_call_it_by(sib: Sib) -> None:
    ran, listed = sib("contract", "list"), sib("contract", "list", "--json").json

    assert ran.code == 0
    assert len(listed) == 30
    assert all(each["name"] in ran.out for each in listed)
    assert set(listed[0]) == {"name", "title", "prices", "published_record"}


def test_show_marks_what_is_assumed_and_says_so_once(sib: Sib) -> None:
    ran = sib("contract", "show", "mhep/enfield")

    assert ran.code == 0
    assert ran.out.count("Terms marked * are ASSUMED") == 1
    assert "£568.14 *" in ran.out
    assert "31 July 2024 *" in ran.out
    # A star is the mark of what is assumed; the share for every metric is written in words.
    assert "every metric" in ran.out
    assert program_speak(ran.out) == []


def test_show_of_published_terms_marks_none_of_their_prices(sib: Sib) -> None:
    out = sib("contract", "show", "care-leavers/reboot-west").out

    assert "£220.00" in out
    assert "£220.00 *" not in out


def test_show_json_gives_the_file_s_own_tables(sib: Sib) -> None:
    found = sib("contract", "show", "mhep/enfield", "--json").json

    assert (found["contract"], found["currency"], found["assumed"]) == ("mhep-enfield", "GBP", True)
    assert found["document"]["contract"]["start"] == "2020-04-01"
    assert found["document"]["tariff"][0]["price"] == "568.14"


def test_show_of_a_contract_with_errors_lists_them_and_exits_1(sib: Sib, broken: Path) -> None:
    ran = sib("contract", "show", broken)

    assert ran.code == 1
    assert ran.out == ""
    assert "job_begun" in ran.err


def test_diff_names_the_clause_and_the_pounds_of_each_party(sib: Sib, tmp_path: Path) -> None:
    new = tmp_path / "enfield.toml"
    old = CONTRACTS / "mhep" / "enfield.toml"
    new.write_text(old.read_text(encoding="utf-8").replace("price = 852.20", "price = 900.00"), encoding="utf-8")

    ran = sib("contract", "diff", old, new, "--counts", ENFIELD)
    found = sib("contract", "diff", old, new, "--counts", ENFIELD, "--json").json

    # 88 job starts at 47.80 more each are 4,206.40: 58 % are 2,439.712 and 42 % are 1,766.688.
    assert ran.code == 0
    for words in ("price-job-start", "£852.20", "£900.00", "£4,206.40", "£2,439.71", "£1,766.69"):
        assert words in ran.out
    assert [(each["name"], each["change"]) for each in found["money"]] == [
        ("earned", "4206.40"), ("payable", "4206.40"), ("enfield-council", "2439.71"), ("dcms", "1766.69"),
    ]  # fmt: skip


def test_diff_without_counts_compares_clauses_only(sib: Sib) -> None:
    ran = sib("contract", "diff", "mhep/enfield", "mhep/enfield")

    assert ran.code == 0
    assert "The terms are the same." in ran.out
    assert "In money" not in ran.out


def test_diff_with_counts_of_other_metrics_is_refused(sib: Sib, tmp_path: Path) -> None:
    counts = counts_file(tmp_path, "metric,count", "agrees_course,3")

    ran = sib("contract", "diff", "mhep/enfield", "mhep/enfield", "--counts", counts)

    assert ran.code == 1
    assert "agrees_course" in ran.err


def test_simulate_says_what_one_more_is_worth_why_and_when_that_changes(sib: Sib) -> None:
    example = CONTRACTS.parent / "docs" / "mechanisms" / "examples"
    words = ("contract", "simulate", example / "minimum.toml", "--at", example / "minimum.csv", "--metric", "sustained")

    ran = sib(*words)

    assert (ran.code, ran.err) == (0, "")
    assert "26 weeks in work       4  £2,000.00  £10,000.00  £10,000.00" in ran.out
    assert "    minimum first-five reached: releases £8,000.00\n" in ran.out
    assert "    after 1 more, one earns £2,000.00 and pays £2,000.00:\n" in ran.out
    assert sib(*words, "--json").json["lines"][0]["next"]["number"] == 2


def test_check_with_rows_says_in_pounds_what_reaches_back(sib: Sib, tmp_path: Path) -> None:
    bad = Path(__file__).parents[1] / "bad" / "contracts" / "amendment-reaches-back.toml"
    rows = tmp_path / "rows.csv"
    rows.write_text("metric,count,achieved_on\njob_start,10,2022-04-15\n", encoding="utf-8")

    ran = sib("contract", "check", bad, "--rows", rows)

    assert ran.code == 0
    assert "it moves what is payable from £7,000.00 to £7,000.00: £0.00 (council £0.00, fund £0.00)" in ran.out


def test_schema_is_json_with_the_places_of_the_currency(sib: Sib) -> None:
    ran = sib("contract", "schema", "--currency", "JPY")

    assert ran.json["properties"]["contract"]["$ref"] == "#/$defs/contract"
    assert ran.json["$defs"]["contract"]["properties"]["currency"]["enum"] == ["JPY"]
    assert sib("contract", "schema", "--currency", "XXX").code == 1
