"""Evidence, chase, history, withdrawal and hashes from the command line, on a database file."""

from pathlib import Path

import pytest

from tests.cli.command import Ran, Sib, program_speak
from tests.store.files import PDF
from tests.store.office import CONTRACT, SOURCE

CLAIM = "P1/job_start/cafe"
FACTS = """person,fact,on,job,hours,competitive,self_employed,specialist
H-1,referral,2021-01-11,,,,,ES-01
H-1,vocational profile,2021-01-20,,,,,
H-1,employment,2021-02-01,cafe,20,yes,no,
"""


@pytest.fixture
def office(sib: Sib, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sib:
    """Return `sib` in a folder with a store: a contract that closes late, Ada of a provider, and Vera who verifies."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIB_DATABASE_URL", "sqlite:///office.db")
    monkeypatch.delenv("SIB_EVIDENCE_DIR", raising=False)
    Path("contract.toml").write_text(
        SOURCE.read_text(encoding="utf-8").replace("claims_close = 2022-03-31", "claims_close = 2099-03-31"),
        encoding="utf-8",
    )
    Path("facts.csv").write_text(FACTS, encoding="utf-8")
    Path("letter.pdf").write_bytes(PDF)
    for words in (
        ("db", "upgrade"),
        ("org", "add", "Council"),
        ("org", "add", "Works"),
        ("user", "add", "root", "--name", "Root", "--organisation", "Council"),
        ("user", "add", "vera", "--name", "Vera", "--organisation", "Council"),
        ("user", "add", "ada", "--name", "Ada", "--organisation", "Works"),
        ("user", "grant", "root", "administrator"),
        ("contract", "register", "contract.toml", "--party", "provider=Works", "--as", "root"),
        ("user", "grant", "vera", "verifier", "--as", "root"),
        ("user", "grant", "ada", "provider", "--as", "root"),
        ("claims", "import", CONTRACT, "facts.csv", "--as", "ada"),
    ):
        done = sib(*words)
        assert done.code == 0, done.err
    return sib


def fine(ran: Ran) -> Ran:
    assert (ran.code, program_speak(ran.out)) == (0, []), ran.err
    return ran


def test_a_claim_from_chase_to_evidence_to_withdrawal(office: Sib, tmp_path: Path) -> None:
    chased = fine(office("claims", "chase", CONTRACT, "--out", "chase.csv", "--as", "ada"))
    assert "ES-01" in chased.out
    assert "1,000.00" in chased.out
    assert (
        Path("chase.csv").read_text(encoding="utf-8").splitlines()[1].startswith(f"{CLAIM},H-1,ES-01,Works,job_start")
    )
    (line,) = [
        each
        for each in office("claims", "chase", CONTRACT, "--as", "ada", "--json").json["lines"]
        if each["claim"] == CLAIM
    ]
    assert (line["amount"], line["assumed"]) == ("1000.00", "no")

    attached = ("--kind", "employer letter", "--dated", "2021-02-05")
    kept = fine(office("claims", "attach", CONTRACT, CLAIM, "letter.pdf", *attached, "--as", "ada"))
    assert "application/pdf" in kept.out
    assert (tmp_path / "office-evidence").is_dir()
    seen = ("--seen", "2021-02-08", "--where", "their office")
    fine(office("claims", "inspect", CONTRACT, CLAIM, *attached, *seen, "--as", "vera"))
    fine(office("claims", "evidence", CONTRACT, "1", "--out", "back.pdf", "--as", "vera"))
    assert Path("back.pdf").read_bytes() == PDF
    assert office("claims", "evidence", CONTRACT, "1", "--out", "back.pdf", "--as", "vera").code == 1
    assert "1 evidence files, each as it was taken in" in fine(office("claims", "evidence-check")).out

    shown = fine(office("claims", "show", CONTRACT, CLAIM, "--as", "vera"))
    assert "their office" in shown.out
    assert office("claims", "show", CONTRACT, CLAIM, "--as", "vera", "--json").json["person"] == "P1"

    fine(office("claims", "check", CONTRACT, "--as", "vera"))
    fine(office("claims", "due", CONTRACT, "--as", "vera"))
    assert "facts.csv" in fine(office("claims", "uploads", CONTRACT, "--as", "ada")).out
    gone = fine(office("claims", "withdraw-facts", CONTRACT, "--upload", "1", "--reason", "in error", "--as", "ada"))
    assert "3 facts withdrawn" in gone.out
    assert CLAIM in gone.out
    assert "taken in as upload 2" in fine(office("claims", "import", CONTRACT, "facts.csv", "--as", "ada")).out


def test_a_changed_file_makes_the_check_fail(office: Sib, tmp_path: Path) -> None:
    attached = ("--kind", "employer letter", "--dated", "2021-02-05")
    fine(office("claims", "attach", CONTRACT, CLAIM, "letter.pdf", *attached, "--as", "ada"))
    (kept,) = [path for path in (tmp_path / "office-evidence").rglob("*") if path.is_file()]
    kept.write_bytes(b"something else")

    ran = office("claims", "evidence-check")

    assert (ran.code, "file 1, behind claim 2, is changed" in ran.err) == (1, True)


def test_hashes_are_taken_in(office: Sib) -> None:
    Path("hashes.csv").write_text(f"person,hash\nH-1,{'c' * 64}\n", encoding="utf-8")

    assert (
        "hashes: 1 new, 0 changed, 0 known already"
        in fine(office("claims", "hashes", CONTRACT, "hashes.csv", "--as", "ada")).out
    )
