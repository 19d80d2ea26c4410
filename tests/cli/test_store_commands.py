"""The commands on the store, one after the other, as a newcomer would type them: each example, as it is written."""

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from sib_engine.cli.main import sib as program
from tests.cli.command import Ran, Sib

CONTRACT = Path(__file__).parents[1] / "store" / "two-quarters.toml"
FACTS = """\
person,fact,on,until,job,hours,competitive,self_employed,detail,metric,held
H-1,referral,2021-01-11,,,,,,,,
H-1,vocational profile,2021-01-20,,,,,,,,
H-1,employment,2021-02-01,,cafe,20,yes,no,,,
H-1,evidence,2021-02-05,,cafe,,,,employer letter,job_start,held
H-2,referral,2021-02-01,,,,,,,,
H-2,vocational profile,2021-02-10,,,,,,,,
"""
EXAMPLES = {
    ("db",),
    ("db", "upgrade"),
    ("org",),
    ("org", "add"),
    ("user",),
    ("user", "add"),
    ("user", "grant"),
    ("user", "end"),
    ("contract", "register"),
    ("claims",),
    ("claims", "preview"),
    ("claims", "import"),
    ("claims", "list"),
    ("claims", "decide"),
    ("statements",),
    ("statements", "draft"),
    ("statements", "approve"),
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
    (words,) = re.findall(r"Example: sib (.*)", command.help or "")
    return shlex.split(words)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(CONTRACT, tmp_path / "two-quarters.toml")
    (tmp_path / "facts.csv").write_text(FACTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("SIB_DATABASE_URL", "SIB_USER"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_every_example_works_as_written_one_after_the_other(sib: Sib) -> None:
    done = set()

    def run(*words: str) -> Ran:
        ran = sib(*words)
        assert (words, ran.code, ran.err) == (words, 0, "")
        return ran

    def example(*path: str) -> Ran:
        done.add(path)
        return run(*example_of(*path))

    example("db")
    assert "already" in example("db", "upgrade").out
    example("org")
    run("org", "add", "Riverside Outcomes Fund")
    example("user")
    run("user", "grant", "root", "administrator")
    example("org", "add")
    example("user", "add")
    run("user", "add", "ada", "--name", "Ada Quill", "--organisation", "Harbour Works", "--as", "root")
    run("user", "add", "abe", "--name", "Abe Lund", "--organisation", "Riverside Council", "--as", "root")
    assert "registered as version 1" in example("contract", "register").out
    example("user", "grant")
    run("user", "grant", "ada", "provider", "--contract", "two-quarters", "--as", "root")
    run("user", "grant", "abe", "approver", "--contract", "two-quarters", "--as", "root")
    assert "£1,800.00  would earn now" in example("claims", "preview").out
    assert "taken in." in example("claims", "import").out
    assert "P1/job_start/cafe" in example("claims").out
    assert "4 claims" in example("claims", "list").out
    assert example("claims", "decide").out == "3 claims: accept\n"
    example("statements")
    drawn = example("statements", "draft").out
    digest = re.findall(r"sib1:[0-9a-f]{64}", drawn)[-1]
    done.add(("statements", "approve"))
    words = [digest if word == "sib1:..." else word for word in example_of("statements", "approve")]
    assert "approved." in run(*words).out
    example("audit", "anchor")
    assert "agrees with 1 anchor" in example("audit", "verify").out
    assert "the audit trail is whole" in example("audit").out
    assert "the same" in example("replay").out
    example("user", "end")
    assert done == EXAMPLES


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
