"""What a list said is what it says later, asked as known then: every reading command, on both databases."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from sib_engine.cli.main import sib as program
from tests.cli.command import Sib
from tests.cli.test_store_commands import FACTS, LETTER, MAPPING, PAID
from tests.store.office import SOURCE
from tests.store.stores import KINDS, fresh_store

CODE = "two-quarters"
CLAIM = "P2/job_start/shop"
READS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("org", "list"): ("--as", "root"),
    ("user", "list"): ("--as", "root"),
    ("contract", "registered"): ("--as", "vera"),
    ("claims", "list"): (CODE, "--as", "vera"),
    ("claims", "show"): (CODE, CLAIM, "--as", "ada"),
    ("claims", "chase"): (CODE, "--as", "ada"),
    ("claims", "due"): (CODE, "--as", "vera"),
    ("claims", "uploads"): (CODE, "--as", "vera"),
    ("claims", "mapping", "list"): (CODE, "--as", "vera"),
    ("statements", "draft"): (CODE, "2021-Q2", "--as", "abe"),
    ("statements", "list"): (CODE, "--as", "abe"),
    ("statements", "show"): (CODE, "1", "--as", "ada"),
    ("invoices", "list"): (CODE, "--as", "ada"),
    ("position",): (CODE, "--as", "abe"),
    ("accrual",): (CODE, "2021-06-30", "--as", "abe"),
}
"""Every command that can be asked as known then and answers in JSON, and what it is given."""

WITHOUT_JSON = {("contract", "source"), ("claims", "mapping", "show"), ("replay",)}


@pytest.fixture(params=KINDS)
def sib_in(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sib: Sib) -> Iterator[Sib]:
    """The command, on a fresh store of one kind."""
    with fresh_store(request.param, tmp_path) as store:
        monkeypatch.setenv("SIB_DATABASE_URL", store.url.render_as_string(hide_password=False))
        monkeypatch.setenv("SIB_EVIDENCE_DIR", str(tmp_path / "evidence"))
        monkeypatch.chdir(tmp_path)
        yield sib


def run(sib: Sib, *words: str) -> str:
    ran = sib(*words)
    assert (words, ran.code, ran.err) == (words, 0, "")
    return ran.out


def upload(sib: Sib, *lines: str) -> None:
    heading = FACTS.splitlines()[0]
    path = Path(f"facts-{len(list(Path().glob('facts-*')))}.csv")
    path.write_text("\n".join((heading, *lines)) + "\n", encoding="utf-8")
    run(sib, "claims", "import", CODE, str(path), "--as", "ada")


def state(sib: Sib, period: str) -> None:
    digest = json.loads(run(sib, "statements", "draft", CODE, period, "--json", "--as", "abe"))["digest"]
    run(sib, "statements", "approve", CODE, period, digest, "--as", "abe")


def starts_now(person: str) -> tuple[str, ...]:
    """Return the facts of somebody who has been in work for two weeks, so that 13 weeks fall due later."""
    day = datetime.now(UTC).date() - timedelta(days=14)
    return (
        f"{person},referral,2021-02-01,,,,,,,,,ES-02",
        f"{person},vocational profile,2021-05-03,,,,,,,,,",
        f"{person},employment,{day},,inn,16,yes,no,,,,",
        f"{person},evidence,{day},,inn,,,,employer letter,job_start,held,",
    )


def goes_on_until_a_quarter_is_stated(sib: Sib) -> None:
    source = SOURCE.read_text(encoding="utf-8").replace("claims_close = 2022-03-31", "claims_close = 2099-03-31")
    source = source.replace("end = 2021-12-31", "end = 2098-12-31")
    Path("two-quarters.toml").write_text(source, encoding="utf-8")
    for organisation in ("Riverside Council", "Riverside Outcomes Fund", "Harbour Works"):
        run(sib, "org", "add", organisation)
    people = {"root": "administrator", "vera": "verifier", "abe": "approver", "tom": "top-up funder", "ada": "provider"}
    of = {"ada": "Harbour Works", "tom": "Riverside Outcomes Fund"}
    for login in people:
        run(sib, "user", "add", login, "--name", login, "--organisation", of.get(login, "Riverside Council"))
    run(sib, "user", "grant", "root", "administrator")
    run(sib, "contract", "register", "two-quarters.toml", "--as", "root")
    for login, role in people.items():
        if login != "root":
            run(sib, "user", "grant", login, role, "--contract", CODE, "--as", "root")
    work = "employment,2021-04-12,,shop,16,yes,no,,,,"
    upload(sib, *FACTS.splitlines()[1:], f"H-2,{work}", "H-4,referral,2021-02-01,,,,,,,,,ES-01")
    upload(sib, *starts_now("H-5"))
    run(sib, "claims", "decide", CODE, "accept", "--all-passed", "--as", "vera")
    state(sib, "2021-Q1")
    run(sib, "statements", "send", CODE, "1", "--as", "abe")


def goes_on_in_every_way(sib: Sib) -> None:
    """Give one command at least of each kind that a list could show."""
    Path("letter.pdf").write_bytes(LETTER)
    Path("mapping.json").write_text(MAPPING, encoding="utf-8")
    run(sib, "claims", "mapping", "save", CODE, "mapping.json", "--as", "ada")
    run(sib, "org", "add", "Harbour Capital", "--as", "root")
    run(sib, "user", "add", "ivy", "--name", "Ivy", "--organisation", "Harbour Capital", "--as", "root")
    run(sib, "user", "grant", "ivy", "investor", "--contract", CODE, "--as", "root")
    run(sib, "user", "grant", "vera", "auditor", "--as", "root")
    run(
        sib,
        "claims",
        "attach",
        CODE,
        CLAIM,
        "letter.pdf",
        *("--kind", "employer letter", "--dated", "2021-04-20"),
        "--as",
        "ada",
    )
    upload(sib, "H-2,employment,2021-04-12,2021-05-03,shop,16,yes,no,,,,", "H-3,referral,2021-02-01,,,,,,,,,ES-01")
    upload(sib, "H-4,vocational profile,2021-05-03,,,,,,,,,", *starts_now("H-6"))
    run(sib, "claims", "withdraw-facts", CODE, "--fact", "3", "--reason", "entered in error", "--as", "ada")
    run(sib, "claims", "decide", CODE, "query", "P3/engagement", "--note", "which day?", "--as", "vera")
    run(sib, "statements", "dispute", CODE, "1", "1", "--note", "who is it?", "--as", "tom")
    bill_to = ("--bill-to", "council", "PO-17", "exempt", "--bill-to", "fund", "none", "outside_scope")
    numbered = ("--scheme", "SIB-{year}-{serial:04}")
    out = run(sib, "invoices", "issue", CODE, "1", *bill_to, *numbered, "--as", "ada")
    number = re.findall(r"SIB-[0-9]{4}-[0-9]{4}", out)[0]
    Path("paid.csv").write_text(f"{PAID}council,{number},T-1,{datetime.now(UTC).date()},100.00\n", encoding="utf-8")
    run(sib, "payments", "confirm", CODE, "paid.csv", "--as", "abe")
    amended = Path("two-quarters.toml").read_text(encoding="utf-8").replace("limit = 50000", "limit = 40000")
    Path("two-quarters.toml").write_text(amended, encoding="utf-8")
    run(sib, "contract", "register", "two-quarters.toml", "--note", "a smaller cap", "--as", "root")
    state(sib, "2021-Q2")


def answers(sib: Sib, *more: str) -> dict[tuple[str, ...], Any]:
    return {path: json.loads(run(sib, *path, *words, "--json", *more)) for path, words in READS.items()}


def n_entries(sib: Sib) -> int:
    return int(re.findall(r"^([0-9,]+) entries", run(sib, "audit", "verify"))[0])


def test_every_list_says_later_what_it_said_then(sib_in: Sib) -> None:
    goes_on_until_a_quarter_is_stated(sib_in)
    then, seq = answers(sib_in), n_entries(sib_in)
    source = run(sib_in, "contract", "source", CODE, "--as", "vera")

    goes_on_in_every_way(sib_in)

    now = answers(sib_in)
    assert [path for path in READS if now[path] == then[path]] == []
    assert answers(sib_in, "--as-known-on", str(seq)) == then
    assert run(sib_in, "contract", "source", CODE, "--as-known-on", str(seq), "--as", "vera") == source
    assert "as known at entry" in run(sib_in, "replay", CODE, "--as-known-on", str(seq))
    today = datetime.now(UTC).date().isoformat()
    assert answers(sib_in, "--as-known-on", today) == now


def test_what_was_not_known_then_is_said_in_a_sentence(sib_in: Sib) -> None:
    goes_on_until_a_quarter_is_stated(sib_in)
    today = datetime.now(UTC).date()
    asked = ("claims", "list", CODE, "--as", "vera", "--as-known-on")

    before = sib_in(*asked, "2019-12-31")
    early = sib_in(*asked, "2")
    late = sib_in(*asked, "999")
    tomorrow = sib_in(*asked, str(today + timedelta(days=2)))
    unclear = sib_in(*asked, "yesterday")

    assert before.err.startswith(f"error: two-quarters was registered on {today}, as entry ")
    assert "nothing was known of it at 2019-12-31; accepted: a day from" in before.err
    assert "nothing was known of it at entry 2" in early.err
    assert late.err.startswith("error: the audit trail has no entry 999; accepted: 1 to ")
    assert "is yet to come: nobody knows what will be known then" in tomorrow.err
    assert "'yesterday' is no date such as 2020-04-30, and no number of an entry such as 12" in unclear.err
    assert [ran.code for ran in (before, early, late, tomorrow, unclear)] == [1, 1, 1, 1, 2]


def test_every_command_with_the_option_is_tried_here() -> None:
    def with_option(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
        for name, below in command.commands.items() if isinstance(command, click.Group) else ():
            yield from with_option(below, *path, name)
        if any("--as-known-on" in option.opts and option.name == "known_on" for option in command.params):
            yield path

    of_files = {("outcomes",), ("statement",), ("explain",)}
    assert set(with_option(program)) - of_files == set(READS) | WITHOUT_JSON
