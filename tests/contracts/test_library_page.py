"""The tables of docs/library.md say what the contracts and their records say."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from sib_engine.services.price_counts import price_counts
from sib_engine.terms import library
from sib_engine.terms.load import load
from tests.contracts.library_files import contract, paid, record

PAGE = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
NAMES = [f"{path.parent.name}/{path.stem}" for path in library.contract_files()]


def table(heading: str) -> dict[str, list[str]]:
    """Return the table below a heading: the first cell of each row, and the others."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {row[0]: row[1:] for row in rows[2:]}


EVERY = table("Every contract")
PRICED = table("What was published, and what the engine makes of it")


def test_the_first_table_lists_every_contract_in_order() -> None:
    assert list(EVERY) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_programme_metrics_and_assumed_terms_are_those_of_the_file(name: str) -> None:
    programme, metrics, assumed, _shows = EVERY[name]
    terms = contract(name)
    note = next(found.what for found in load(library.find(name)).findings if found.rule == "assumed-terms")
    numbers = re.match(r"(?:(\d+) of \d+ prices? and )?(\d+) ", note)

    assert programme == terms.programme
    assert int(metrics) == len(terms.metrics)
    assert numbers is not None
    assert assumed == " + ".join(number for number in numbers.groups() if number)


def test_the_second_table_lists_every_contract_that_has_both_counts_and_prices() -> None:
    with_counts = [name for name in NAMES if library.published_record(library.find(name)) and record(name).results]

    assert list(PRICED) == [name for name in with_counts if name != "mhep/west-london"]  # no price is published


@pytest.mark.parametrize("name", PRICED)
def test_earned_payable_and_paid_are_what_the_engine_and_the_record_say(name: str) -> None:
    pounds = [Decimal(cell.replace(",", "")) for cell in PRICED[name]]
    path = library.find(name)
    found = price_counts(name, path.parent / library.PUBLISHED_FOLDER / f"{path.stem}-2025-12.csv")

    assert found.earned is not None
    assert found.payable is not None
    in_pence = [found.earned, found.payable, paid(name), found.payable - paid(name)]
    assert pounds == [Decimal(amount) / 100 for amount in in_pence]
