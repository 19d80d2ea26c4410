"""Payers' amounts where scheduled money stands beside every mechanism that changes what outcomes earn."""

from calendar import monthrange
from datetime import date
from pathlib import Path

import pytest

from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.terms.load import load

EXAMPLES = Path(__file__).parents[2] / "docs" / "mechanisms" / "examples"
# The example of grants has one for these months already, and two would be paid for the same.
NAMES = sorted(
    path.stem for path in EXAMPLES.glob("*.csv") if path.stem != "grants" and (EXAMPLES / f"{path.stem}.toml").exists()
)


@pytest.mark.parametrize("name", NAMES)
def test_a_grant_beside_a_mechanism_is_explained_with_it(name: str, tmp_path: Path) -> None:
    text = (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")
    plain = load(EXAMPLES / f"{name}.toml").contract
    assert plain is not None
    first = plain.start
    last = date(first.year, first.month, monthrange(first.year, first.month)[1])
    grant = (
        f'\n[[grant]]\nid = "extra"\nmonths = {{ from = {first}, to = {last} }}\namount = 100\nuses_caps = false\n'
        'replaces = "nothing"\nstatus = "agreed"\nsource = "made up"\n'
    )
    path = tmp_path / f"{name}.toml"
    path.write_text(text + grant, encoding="utf-8")

    found = explain_amounts(str(path), EXAMPLES / f"{name}.csv", with_scheduled=True)
    kinds = {step.kind.value for payer in found.steps for step in payer.walk()}
    grants = sum(step.amount for payer in found.steps for step in payer.walk() if step.subject == "grant/extra")
    assert "grant" in kinds
    assert grants == 100 * 10**plain.currency.places * len(found.steps)
