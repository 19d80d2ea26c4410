import hashlib
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from sib_engine.terms.digest import digest_of
from sib_engine.terms.load import load_contract

CLEAN = Path(__file__).parent / "clean.toml"

TINY = """
[[tariff]]
price = 466.980          # the form of a number does not matter
id = "t1"
from = 2020-04-01
sites = ["north", "south"]

[share]
payers = { fund = "42%", council = "58%" }

[cap]
is_real = true
limit = 1000
"""

CANONICAL = (
    '{"cap":{"is_real":true,"limit":{"number":"1000"}},'
    '"share":{"payers":[["fund","42%"],["council","58%"]]},'
    '"tariff":[{"from":{"date":"2020-04-01"},"id":"t1","price":{"number":"466.98"},"sites":["north","south"]}]}'
)


def digest(text: str) -> str:
    return digest_of(tomllib.loads(text, parse_float=Decimal))


def changed(tmp_path: Path, old: str, new: str) -> str:
    text = CLEAN.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path = tmp_path / "clean.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load_contract(path).digest


def test_the_digest_is_that_of_the_canonical_form_written_out_by_hand() -> None:
    assert digest(TINY) == "sib1:" + hashlib.sha256(CANONICAL.encode()).hexdigest()
    assert digest(TINY) == "sib1:43e5213c587bcded91a6551375c5e5a0fe58cbf58617c64d862c6b36ff1b0c2c"


def test_a_contract_keeps_its_digest_for_ever(tmp_path: Path) -> None:
    as_first_pinned = changed(tmp_path, "{ weeks = 13, hours_from", "{ weeks = 13, within_weeks = 16, hours_from")

    assert as_first_pinned == "sib1:759a6ed44d60638abdf4dbb19a1f6e8ff2e35d2f1a7a31fe6b8c4aa83258bf37"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Every table of the format", "# Another comment"),
        ("price = 400.00", "price   =   400.00"),
        ("price = 400.00", "price = 400"),
        ("limit = 150000.00", "limit = 150000"),
        ('id = "council"\nrole = "outcomes_payer"', 'role = "outcomes_payer"\nid = "council"'),
        ("period = { months = 3, anchor = 2020-04-01 }", "period = { anchor = 2020-04-01, months = 3 }"),
    ],
)
def test_layout_does_not_change_the_digest(tmp_path: Path, old: str, new: str) -> None:
    assert changed(tmp_path, old, new) == load_contract(CLEAN).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("price = 400.00", "price = 400.01"),
        ("limit = 150000.00", "limit = 150000.01"),
        ("count = 100", "count = 101"),
        ("amounts = [10000.00, 20000.00]", "amounts = [20000.00, 10000.00]"),
        ('council = "58%", fund = "42%"', 'council = "57%", fund = "43%"'),
        ('council = "58%", fund = "42%"', 'fund = "42%", council = "58%"'),  # the odd penny goes to the first listed
        ("claims_close = 2024-07-31", "claims_close = 2024-08-31"),
        ("gap_days = 7", "gap_days = 8"),
        ('source = "made up"', 'source = "found out"'),
        (
            '[site.north]\nname = "North"\n\n[site.south]\nname = "South"',
            '[site.south]\nname = "South"\n\n[site.north]\nname = "North"',
        ),
    ],
)
def test_every_figure_and_every_order_that_is_a_term_changes_the_digest(tmp_path: Path, old: str, new: str) -> None:
    assert changed(tmp_path, old, new) != load_contract(CLEAN).digest
