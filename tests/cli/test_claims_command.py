"""`sib claims`: from a template, or from a tracker through a mapping that somebody has agreed to."""

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.cli.command import Sib, program_speak
from tests.cli.test_help import example_of

HEADINGS = ["Client ID", "Name", "Referred on", "Appointment", "Job start", "Hours"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a tracker, the headings in row 3, and nothing else."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Enfield"], [], HEADINGS, ["C1", "Jane", "02/11/2020", date(2020, 11, 16), date(2021, 1, 4), "FT"]):
        sheet.append(row)
    book.save(tmp_path / "tracker.xlsx")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def agreed(folder: Path) -> None:
    """Do what a person does with a proposal: look it through, fill in what is open."""
    path = folder / "mapping.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    del said["proposed"], said["reasons"]
    said["dates"] = ["dd/mm/yyyy"]
    for fact in said["facts"]:
        if fact["fact"]["constant"] == "employment":
            fact["competitive"] = {"constant": "yes"}
            fact["hours"]["codes"] = "hours"
    said["codes"] = {"hours": {"means": {"FT": "35"}}}
    path.write_text(json.dumps(said), encoding="utf-8")


def test_the_examples_about_claims_work_one_after_the_other(sib: Sib, folder: Path) -> None:
    for path in (("claims", "template"), ("claims", "propose")):
        ran = sib(*example_of(*path))
        assert (path, ran.code, ran.err) == (path, 0, "")
    agreed(folder)

    ran = sib(*example_of("claims", "understand"))

    assert (ran.code, ran.err) == (0, "")
    assert "tracker.xlsx, sheet Sheet: 1 row\n" in ran.out
    assert "employment       1       1  2021-01-04  2021-01-04" in ran.out
    assert "no findings" in ran.out
    assert "Jane" not in ran.out
    assert program_speak(ran.out) == []


def test_a_proposal_is_refused_as_it_was_written(sib: Sib, folder: Path) -> None:
    sib(*example_of("claims", "propose"))

    ran = sib("claims", "understand", folder / "mapping.json", folder / "tracker.xlsx")

    assert ran.code == 1
    assert "[mapping-proposed]" in ran.err
    assert "[dates-undeclared]" in ran.err


def test_understand_prints_one_json_object_and_exits_1_where_something_is_wrong(sib: Sib, folder: Path) -> None:
    sib(*example_of("claims", "propose"))
    agreed(folder)
    book = load_workbook(folder / "tracker.xlsx")
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["F4"] = "zero hours"
    book.save(folder / "tracker.xlsx")

    ran = sib("claims", "understand", folder / "mapping.json", folder / "tracker.xlsx", "--json")

    assert ran.code == 1
    assert ran.json["can_be_used"] is False
    assert ran.json["not_understood"][0]["value"] == "'zero hours'"
    (finding,) = ran.json["findings"]
    assert (finding["sheet"], finding["row"], finding["letter"], finding["rule"]) == ("Sheet", 4, "F", "code-unknown")


def test_a_template_is_text_where_its_name_says_so_and_never_written_over_the_contract(sib: Sib, folder: Path) -> None:
    sib("claims", "template", "mhep/enfield", "--out", "facts.csv", "--on", "2020-04-01")
    assert (folder / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbfperson,site,fact,on")

    (folder / "x.toml").write_text("", encoding="utf-8")
    assert sib("claims", "template", "x.toml", "--out", "x.toml").code == 2


def test_a_row_without_headings_is_said_before_anything_is_written(sib: Sib, folder: Path) -> None:
    ran = sib("claims", "propose", "mhep/enfield", "tracker.xlsx", "--heading-row", "2", "--out", "m.json")

    assert ran.code == 1
    assert "no headings can be read in row 2 of tracker.xlsx" in ran.err
    assert not (folder / "m.json").exists()


def test_outcomes_are_worked_out_from_a_workbook_of_facts(sib: Sib, folder: Path) -> None:
    sib("claims", "template", "mhep/enfield", "--out", "facts.xlsx", "--on", "2020-04-01")
    refused = sib("outcomes", "mhep/enfield", "facts.xlsx")
    assert "[example-row]" in refused.err
    book = load_workbook(folder / "facts.xlsx")
    facts = book["Facts"]
    assert isinstance(facts, Worksheet)
    facts.delete_rows(2)
    facts.append(["P1", "enfield", "referral", date(2020, 11, 2)])
    book.save(folder / "facts.xlsx")

    assert sib("outcomes", "mhep/enfield", "facts.xlsx").code == 0
