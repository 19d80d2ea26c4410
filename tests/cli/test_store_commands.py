"""The commands on the store, one after the other, as a newcomer would type them: each example, as it is written."""

import re
import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from sib_engine.cli.main import sib as program
from tests.cli.command import Ran, Sib

CONTRACT = Path(__file__).parents[1] / "store" / "two-quarters.toml"
FACTS = """\
person,fact,on,until,job,hours,competitive,self_employed,detail,metric,held,specialist
H-1,referral,2021-01-11,,,,,,,,,ES-02
H-1,vocational profile,2021-01-20,,,,,,,,,
H-1,employment,2021-02-01,,cafe,20,yes,no,,,,
H-1,evidence,2021-02-05,,cafe,,,,employer letter,job_start,held,
H-2,referral,2021-02-01,,,,,,,,,ES-01
H-2,vocational profile,2021-02-10,,,,,,,,,
"""
MORE = """\
person,fact,on,until,job,hours,competitive,self_employed,detail,metric,held
H-2,employment,2021-03-08,,shop,16,yes,no,,,
"""
LETTER = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
VERIFICATION = """
[[verification]]
id = "sample"
from = 2021-01-01
confidence = "95%"
recover = "lower bound"
strata = ["metric"]
share = "100%"
status = "agreed"
source = "made up"
"""
MAPPING = """{"mapping": 1, "name": "Team tracker", "contract": "two-quarters", "dates": ["dd/mm/yyyy"],
 "every": {"person": {"column": "Client"}},
 "facts": [{"fact": {"constant": "referral"}, "on": {"column": "Referred"}}]}
"""
TRACKER = "Client,Referred,Notes\nH-9,11/01/2021,rang twice\n"
PAID = "payer,invoice,reference,paid_on,amount\n"

EXAMPLES = {
    ("db",),
    ("db", "upgrade"),
    ("org",),
    ("org", "add"),
    ("org", "list"),
    ("user",),
    ("user", "add"),
    ("user", "list"),
    ("user", "grant"),
    ("user", "end"),
    ("contract", "register"),
    ("contract", "registered"),
    ("contract", "source"),
    ("claims",),
    ("claims", "preview"),
    ("claims", "import"),
    ("claims", "list"),
    ("claims", "mapping"),
    ("claims", "mapping", "save"),
    ("claims", "mapping", "list"),
    ("claims", "mapping", "show"),
    ("claims", "decide"),
    ("claims", "show"),
    ("claims", "attach"),
    ("claims", "inspect"),
    ("claims", "evidence"),
    ("claims", "evidence-check"),
    ("claims", "chase"),
    ("claims", "due"),
    ("claims", "uploads"),
    ("claims", "check"),
    ("claims", "withdraw-facts"),
    ("claims", "hashes"),
    ("statements",),
    ("statements", "draft"),
    ("statements", "approve"),
    ("statements", "list"),
    ("statements", "show"),
    ("statements", "send"),
    ("statements", "dispute"),
    ("statements", "settle"),
    ("statements", "print"),
    ("statements", "certificate"),
    ("sample", "frame"),
    ("sample", "design"),
    ("sample", "draw"),
    ("sample", "sheet"),
    ("sample", "record"),
    ("sample", "close"),
    ("sample", "list"),
    ("sample", "show"),
    ("invoices",),
    ("invoices", "issue"),
    ("invoices", "list"),
    ("invoices", "set-off"),
    ("invoices", "schedule"),
    ("payments",),
    ("payments", "preview"),
    ("payments", "confirm"),
    ("position",),
    ("accrual",),
    ("contract", "close-out"),
    ("audit",),
    ("audit", "verify"),
    ("audit", "anchor"),
    ("replay",),
}
"""Commands whose examples are run here."""


def example_of(*path: str) -> list[str]:
    command: click.Command = program
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    (words,) = re.findall(r"Example: sib (.*?)(?:\n\n|\Z)", command.help or "", re.DOTALL)
    return shlex.split(words)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    contract = CONTRACT.read_text(encoding="utf-8") + VERIFICATION
    (tmp_path / "two-quarters.toml").write_text(contract, encoding="utf-8")
    (tmp_path / "facts.csv").write_text(FACTS, encoding="utf-8")
    (tmp_path / "more.csv").write_text(MORE, encoding="utf-8")
    (tmp_path / "third.csv").write_text(MORE.replace("H-2,employment,2021-03-08,,shop", "H-3,referral,2021-03-08,,"))
    (tmp_path / "letter.pdf").write_bytes(LETTER)
    (tmp_path / "hashes.csv").write_text(f"person,hash\nH-1,{'a' * 64}\n", encoding="utf-8")
    (tmp_path / "mapping.json").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "tracker.csv").write_text(TRACKER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("SIB_DATABASE_URL", "SIB_USER"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@dataclass
class Newcomer:
    """Somebody who types one example after the other; ``done`` are those typed so far."""

    sib: Sib
    done: set[tuple[str, ...]] = field(default_factory=set)

    def run(self, *words: str) -> Ran:
        """Run a command that works."""
        ran = self.sib(*words)
        assert (words, ran.code, ran.err) == (words, 0, "")
        return ran

    def example(self, *path: str) -> Ran:
        """Run an example that works as it is written."""
        self.done.add(path)
        return self.run(*example_of(*path))

    def refused(self, *path: str) -> str:
        """Run an example for which nothing is there yet, and return what is said."""
        self.done.add(path)
        ran = self.sib(*example_of(*path))
        assert ran.code == 1
        return ran.err


def enters_who_works_with_it(newcomer: Newcomer) -> None:
    newcomer.example("db")
    assert "already" in newcomer.example("db", "upgrade").out
    newcomer.example("org")
    newcomer.run("org", "add", "Riverside Outcomes Fund")
    newcomer.example("user")
    newcomer.run("user", "grant", "root", "administrator")
    newcomer.example("org", "add")
    newcomer.example("user", "add")
    for login, organisation in (
        ("ada", "Harbour Works"),
        ("abe", "Riverside Council"),
        ("tom", "Riverside Outcomes Fund"),
    ):
        newcomer.run("user", "add", login, "--name", login.title(), "--organisation", organisation, "--as", "root")
    assert "registered as version 1" in newcomer.example("contract", "register").out
    newcomer.example("user", "grant")
    for login, role in (("ada", "provider"), ("abe", "approver"), ("tom", "top-up funder")):
        newcomer.run("user", "grant", login, role, "--contract", "two-quarters", "--as", "root")
    assert "Riverside Outcomes Fund" in newcomer.example("org", "list").out
    assert "verifier on two-quarters" in newcomer.example("user", "list").out
    assert "two-quarters" in newcomer.example("contract", "registered").out
    newcomer.example("contract", "source")
    assert Path("as-registered.toml").read_bytes() == Path("two-quarters.toml").read_bytes()


def claims_and_states(newcomer: Newcomer) -> None:
    assert "£1,800.00  would earn now" in newcomer.example("claims", "preview").out
    assert "taken in as upload 1." in newcomer.example("claims", "import").out
    assert "P1/job_start/cafe" in newcomer.example("claims").out
    assert "4 claims" in newcomer.example("claims", "list").out
    assert newcomer.example("claims", "decide").out == "3 claims: accept\n"
    newcomer.example("statements")
    digest = re.findall(r"sib1:[0-9a-f]{64}", newcomer.example("statements", "draft").out)[-1]
    newcomer.done.add(("statements", "approve"))
    words = [digest if word == "sib1:..." else word for word in example_of("statements", "approve")]
    assert "approved." in newcomer.run(*words).out


def samples(newcomer: Newcomer) -> None:
    newcomer.run("user", "add", "val", "--name", "Val", "--organisation", "Riverside Council", "--as", "root")
    newcomer.run("user", "grant", "val", "verifier", "--contract", "two-quarters", "--as", "root")
    assert "£1,800.00" in newcomer.example("sample", "frame").out
    assert "recorded. To draw: sib sample draw two-quarters 1" in newcomer.example("sample", "design").out
    assert "seed: sha256:" in newcomer.example("sample", "draw").out
    assert newcomer.example("sample", "sheet").out == "3 claims written to sheet.csv\n"
    assert newcomer.example("sample", "record").out == "1 recorded; 2 of the claims drawn still pending\n"
    assert "2 of 3 claims drawn have no verdict" in newcomer.sib(*example_of("sample", "close")).err
    filled = Path("sheet.csv").read_text(encoding="utf-8").replace(".00,,,,", ".00,right,,,")
    Path("sheet.csv").write_text(filled, encoding="utf-8")
    newcomer.run("sample", "record", "two-quarters", "1", "--file", "sheet.csv", "--as", "val")
    assert "taken back by lower bound: £0.00" in newcomer.example("sample", "close").out
    assert "closed" in newcomer.example("sample", "list").out
    assert "P1/job_start/cafe" in newcomer.example("sample", "show").out


def bills_and_is_paid(newcomer: Newcomer) -> None:
    for name in ("list", "show", "send", "dispute", "settle"):
        newcomer.example("statements", name)
    newcomer.example("invoices", "issue")
    newcomer.example("invoices", "list")
    number = re.findall(r"SIB-[0-9]{4}-[0-9]{4}", newcomer.example("invoices").out)[0]
    today = datetime.now(UTC).date()
    Path("paid.csv").write_text(f"{PAID}council,{number},T-1,{today},1200.00\n", encoding="utf-8")
    assert "matched" in newcomer.example("payments", "preview").out
    newcomer.example("payments")
    newcomer.example("payments", "confirm")
    newcomer.example("position")
    newcomer.example("accrual")
    assert "statement 1 written to statement.xlsx" in newcomer.example("statements", "print").out
    assert "certificate of statement 1 written to certificate.pdf" in newcomer.example("statements", "certificate").out
    assert "invoice schedule written to schedule.csv" in newcomer.example("invoices", "schedule").out
    assert number in Path("schedule.csv").read_text(encoding="utf-8")
    assert newcomer.refused("invoices", "set-off").startswith("error: ")
    assert "claim P1/sustained/cafe is submitted" in newcomer.refused("contract", "close-out")


def chases_and_shows(newcomer: Newcomer) -> None:
    newcomer.run("claims", "import", "two-quarters", "more.csv", "--as", "ada")
    newcomer.example("claims", "chase")
    newcomer.example("claims", "due")
    newcomer.example("claims", "attach")
    newcomer.example("claims", "evidence")
    newcomer.example("claims", "inspect")
    newcomer.example("claims", "evidence-check")
    assert "employer letter" in newcomer.example("claims", "show").out
    newcomer.run("claims", "import", "two-quarters", "third.csv", "--as", "ada")
    assert "caseload is saved as version 1: mapping1:" in newcomer.example("claims", "mapping", "save").out
    newcomer.example("claims", "mapping")
    newcomer.example("claims", "mapping", "list")
    newcomer.done.add(("claims", "mapping", "show"))
    shown = newcomer.sib(*example_of("claims", "mapping", "show"))
    assert (shown.code, shown.json["name"]) == (0, "Team tracker")
    assert shown.err.startswith("caseload, version 1, of Harbour Works, saved on ")
    taken = newcomer.run("claims", "import", "two-quarters", "tracker.csv", "--mapping", "caseload", "--as", "ada")
    assert "referral      1       1  2021-01-11  2021-01-11" in taken.out
    assert "read through caseload, version 1" in taken.out
    assert "caseload, version 1" in newcomer.example("claims", "uploads").out
    newcomer.example("claims", "check")
    newcomer.example("claims", "hashes")
    newcomer.example("claims", "withdraw-facts")


@pytest.mark.usefixtures("folder")
def test_every_example_works_as_written_one_after_the_other(sib: Sib) -> None:
    newcomer = Newcomer(sib)

    enters_who_works_with_it(newcomer)
    claims_and_states(newcomer)
    samples(newcomer)
    bills_and_is_paid(newcomer)
    chases_and_shows(newcomer)

    newcomer.example("audit", "anchor")
    assert "agrees with 1 anchor" in newcomer.example("audit", "verify").out
    assert "the audit trail is whole" in newcomer.example("audit").out
    assert "the same" in newcomer.example("replay").out
    newcomer.example("user", "end")
    assert newcomer.done == EXAMPLES


@pytest.mark.usefixtures("folder")
def test_a_store_that_was_not_made_is_told_how_to_make_it(sib: Sib) -> None:
    ran = sib("claims", "list", "two-quarters", "--as", "vera")

    assert (ran.code, ran.err) == (1, "error: the database is empty; run `sib db upgrade` first\n")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("claims", "list", "two-quarters", "--as", "nobody"), "error: nobody is called 'nobody' here\n"),
        (("user", "grant", "root", "king"), "error: there is no role 'king'; accepted: provider, intermediary, "),
        (("replay", "--database", "mysql://x/y"), "error: the database 'mysql' is not known; accepted: sqlite:///FILE"),
        (("audit", "verify", "--anchor", "facts.csv"), "error: facts.csv is no anchor; accepted: a file that "),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(sib: Sib, words: tuple[str, ...], said: str) -> None:
    sib("db", "upgrade")

    ran = sib(*words)

    assert ran.code == 1
    assert ran.err.startswith(said)


@pytest.mark.usefixtures("folder")
def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(sib: Sib) -> None:
    ran = sib("replay", "--database", "postgresql://nobody@127.0.0.1:9/none")

    assert ran.code == 1
    assert ran.err.startswith("error: the database cannot be worked with: ")
