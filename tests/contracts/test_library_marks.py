"""What decides outcomes in a contract of the library is read in its source or marked as assumed, defaults too."""

import tomllib
from pathlib import Path

import pytest

from sib_engine.services.show_contract import show_contract
from sib_engine.terms import library
from sib_engine.terms.defaults import unwritten_defaults
from sib_engine.terms.load import load
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.provenance import Status
from tests.contracts.library_files import contract

FILES = sorted(library.folder().glob("*/*.toml"))
DECIDE = ("evidence_from", "evidence_must_be", "evidence_needed", "terms_date", "referral")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_default_that_decides_outcomes_is_written_or_marked_as_assumed(path: Path) -> None:
    loaded = load(path).contract
    assert loaded is not None

    assert list(unwritten_defaults(loaded, tomllib.loads(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_published_maximum_says_that_it_is_taken_for_a_cap_on_everything(path: Path) -> None:
    loaded = load(path).contract
    assert loaded is not None

    maxima = [cap for cap in loaded.caps if cap.on == {Dimension.CONTRACT}]
    assert [
        cap.id for cap in maxima if cap.provenance.status is Status.PUBLISHED and not cap.provenance.assumes("on")
    ] == []


def test_contract_show_marks_the_terms_behind_evidence_referral_and_dates() -> None:
    shown = show_contract("mhep/enfield")

    cells = [row.cells[-2:] for section in shown.sections for row in section.rows if len(row.cells) in {2, 3}]
    shown_as = {(term.text, value.text, value.is_assumed) for term, value in cells if term.text in DECIDE}
    whys = {(term, value, False) for term, value, _ in shown_as if value.startswith("not published")}
    assert shown_as - whys == {
        ("referral", "required", True),
        ("terms_date", "outcome", True),
        ("evidence_needed", "any", True),
        ("evidence_from", "outcome", True),
        ("evidence_must_be", "reported", True),
    }


def test_contract_show_lists_what_a_file_leaves_to_its_defaults_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "mhep-enfield.toml"
    text = library.find("mhep/enfield").read_text(encoding="utf-8")
    line = 'referral = "not published: a referral on or before the outcome ties a person to the contract"\n'
    assert line in text
    path.write_text(text.replace(line, ""), encoding="utf-8")

    section = next(
        each for each in show_contract(str(path)).sections if each.title.startswith("Left to their defaults")
    )

    assert [[cell.text for cell in row.cells] for row in section.rows] == [["eligibility", "referral", "required"]]


def test_a_measured_contract_has_no_terms_about_people_to_mark() -> None:
    assert "eligibility" not in tomllib.loads(library.find("new-york/able").read_text(encoding="utf-8"))
    assert contract("new-york/able").metrics[0].code == "bed_days"
