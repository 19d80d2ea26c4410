"""`sib demo` as a newcomer runs it: in a folder of its own, on the data that comes with the engine."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.cli.command import Sib, program_speak, sib_alone
from tests.synthetic.sites import FINAL_COUNTS, folder

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo printed at a width, where it wrote its files, and what was in each."""

    out: str
    files: Path
    written: dict[str, bytes]


@cache
def demo(columns: int | None) -> Demo:
    """Return the demo without a terminal, or in one of a width; both write into the same folder."""
    where = folder("newcomer")
    ran = sib_alone("demo", "--out", "demo-output", folder=where, columns=columns)
    assert (ran.code, ran.err) == (0, "")
    files = where / "demo-output"
    return Demo(ran.out, files, {path.name: path.read_bytes() for path in files.iterdir()})


FIGURES = (
    "£1,617,330.00",  # Reboot West, each outcome once: price card and results, GO Lab INDIGO, December 2025
    "13 of 23 lines equal what was paid",
    "£1,871,540.00",  # Reboot West as paid
    "£3,155,150.00",  # Ambition earned
    "£2,944,525.00",  # Ambition payable: its contract cap
    "£842,230.00",  # Haringey & Barnet: the boroughs
    "£596,918.00",  # Haringey & Barnet: the fund, at its maximum
    "51%",  # Enfield: assumed earnings over what was paid
    "95%",  # Shropshire: the same
    "62%", "61%", "64%",
)  # fmt: skip


def test_the_key_figures_are_there() -> None:
    assert [figure for figure in FIGURES if figure not in demo(None).out] == []


def test_the_ten_lines_paid_more_than_once_each_have_their_multiple() -> None:
    times = re.findall(r" ([0-9]+) x the price", demo(None).out)

    assert times == ["527", "453", "482", "466", "202", "145", "121", "106", "43", "11"]


CODES = (
    "payments-above-maximum",
    "payments-differ-from-payers-paid",
    "payer-paid-above-its-maximum",
    "maximum-restated",
    "payer-paid-is-its-maximum",
    "payer-maxima-do-not-add-up",
    "payer-maximum-is-the-contracts",
    "target-restated",
    "more-outcomes-than-required",
    "targets-not-published",
    "payments-overlap",
    "payment-spans-periods",
)


def test_every_kind_of_anomaly_in_the_published_figures_is_named() -> None:
    assert [code for code in CODES if f"[{code}]" not in demo(None).out] == []


def test_the_made_up_totals_stand_beside_the_published_ones() -> None:
    for site, counts in FINAL_COUNTS.items():
        totals = " / ".join(f"{count:,}" for count in counts.values())
        line = next(line for line in demo(None).out.splitlines() if line.startswith(f"{site.partition('/')[2]} "))
        assert line.count(totals) == 2


def test_what_is_assumed_or_made_up_is_said_to_be() -> None:
    out = " ".join(demo(None).out.split())

    assert (
        "The prices used below are ASSUMED: they show how the contracts work and cannot account for the payments made."
        in out
    )
    assert "SYNTHETIC facts" in out
    assert "Lines marked * rest on ASSUMED terms" in out


def test_it_shows_what_falls_due_what_to_chase_and_why_one_paid_and_one_did_not() -> None:
    out = demo(None).out

    for words in (
        "the list to chase",
        "what becomes payable if it lasts",
        "does NOT count:",
        "earned: £1,400.95 = 1 x",
    ):
        assert words in out


@pytest.mark.parametrize("columns", [None, 80])
def test_nothing_a_person_should_not_see_is_printed_and_nothing_is_cut_off(columns: int | None) -> None:
    out = demo(columns).out

    assert program_speak(out) == []
    assert "\u2026" not in out
    for total in ("2,068,967", "1,466,074", "1,171 / 359 / 60 / 136"):
        assert total in out


def test_tables_fit_the_terminal() -> None:
    wide = [line for line in demo(80).out.splitlines() if len(line) > 80]

    # Digests, paths and commands to copy are kept on one line.
    assert [line for line in wide if "sib1:" not in line and "sib " not in line and not line.startswith("/")] == []


def test_it_says_where_its_files_are_and_they_are_there() -> None:
    found = demo(None)
    names = set(found.written)

    assert str(found.files) in found.out
    sites = {site.partition("/")[2] for site in FINAL_COUNTS}
    of_sites = {f"{site}.{kind}.csv" for site in sites for kind in ("facts", "rows")}
    stated = {f"tower-hamlets-mh.statement-{number}.{kind}" for number in (1, 2) for kind in ("csv", "pdf", "xlsx")}
    known = {f"tower-hamlets-mh.rows-{day}.csv" for day in ("2020-09-30", "2020-12-31")}
    of_store = {"store.db", "enfield.facts.2021-Q1.csv", "enfield.facts.2021-Q2.csv", "enfield.paid.csv"}
    assert names == of_sites | stated | known | of_store
    for name in (name for name in names if name.endswith(".csv")):
        with (found.files / name).open(encoding="utf-8", newline="") as stream:
            assert len(list(csv.reader(stream))) > 1


def test_the_commands_it_suggests_work_as_written(sib: Sib, monkeypatch: pytest.MonkeyPatch) -> None:
    found = demo(None)
    suggested = re.findall(r"^(?:Try:)? +sib (.*)$", found.out, re.MULTILINE)
    monkeypatch.chdir(found.files.parent)

    assert len(suggested) == 6
    for words in suggested:
        ran = sib(*words.split())
        assert (ran.code, ran.err) == (0, "")


def test_running_it_again_writes_the_same_bytes() -> None:
    def but_the_store(found: Demo) -> dict[str, bytes]:
        # A database has its own way of laying out the same rows; its audit trail has one head, which is printed.
        return {name: content for name, content in found.written.items() if name != "store.db"}

    assert but_the_store(demo(None)) == but_the_store(demo(80))
    heads = [re.findall(r"sha256:[0-9a-f]{64}", found.out) for found in (demo(None), demo(80))]
    assert heads[0] == heads[1]
    assert len(heads[0]) == 1


def test_the_readme_shows_what_it_prints() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- demo: begin -->\n```text\n")[2].partition("```\n<!-- demo: end -->")[0]
    printed = "\n".join(line.rstrip() for line in demo(112).out.splitlines())

    parts = [part.strip("\n") for part in shown.split("\n...\n")]
    assert len(parts) == 7
    assert [part.partition("\n")[0] for part in parts if part not in printed] == []
