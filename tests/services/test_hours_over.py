"""Somebody whose hours rise in one job, from facts to money, under each kind of band."""

from pathlib import Path

import pytest

from sib_engine.services.derive_outcomes import derive_outcomes
from sib_engine.services.diff_contracts import diff_contracts
from sib_engine.services.draw_statement import draw_statement
from sib_engine.services.price_counts import PricedCounts, price_counts

TWO_PAYERS = Path(__file__).parents[1] / "statement" / "two-payers.toml"

FACTS = """\
person,fact,on,until,job,hours,competitive
P1,referral,2020-06-01,,,,
P1,employment,2021-01-04,2021-04-04,cafe,12,yes
P1,employment,2021-04-05,2021-12-31,cafe,20,yes
"""


def clauses(metric: str, price: str, hours: str, over: str) -> str:
    return f"""
[metric.{metric}]
name = "{metric}"
definition = "13 weeks in work"
employment = {{ weeks = 13, {hours}, hours_over = "{over}" }}
status = "agreed"
source = "made up"

[[tariff]]
id = "price-{metric}"
metric = "{metric}"
from = 2020-04-01
price = {price}
status = "agreed"
source = "made up"
"""


def written(folder: Path, band: str, over: str = "any period") -> str:
    folder.mkdir(exist_ok=True)
    text = TWO_PAYERS.read_text(encoding="utf-8")
    text += clauses("under", "900.00", "hours_below = 16", over) + clauses("over", "1400.00", "hours_from = 16", over)
    text += f'\n[[band]]\nid = "hours"\nmetrics = ["under", "over"]\nrule = "{band}"\nstatus = "agreed"\nsource = "x"\n'
    (folder / TWO_PAYERS.name).write_text(text, encoding="utf-8")
    (folder / "facts.csv").write_text(FACTS, encoding="utf-8")
    return str(folder / TWO_PAYERS.name)


def priced(contract: str) -> PricedCounts:
    folder = Path(contract).parent
    derive_outcomes(contract, folder / "facts.csv", out=folder / "rows.csv")
    return price_counts(contract, folder / "rows.csv")


def earned(found: PricedCounts) -> dict[str, int | None]:
    return {line.metric: line.earned for line in found.lines}


def test_an_upgrade_band_pays_the_difference_when_the_hours_of_one_job_rise(tmp_path: Path) -> None:
    contract = written(tmp_path, "upgrade pays the difference")

    found = priced(contract)

    assert earned(found) == {"under": 90_000, "over": 50_000}  # 1,400.00 in all
    assert {payer.payer: payer.amount for payer in found.payers} == {"council": 81_200, "fund": 58_800}


def test_both_outcomes_are_lines_of_the_quarter_in_which_they_were_reached(tmp_path: Path) -> None:
    # Reached on 4 April and 20 May 2021. 58 % of 900.00 is 522.00, and of 500.00 it is 290.00.
    contract = written(tmp_path, "upgrade pays the difference")
    priced(contract)

    drawn = draw_statement(contract, tmp_path / "rows.csv", "2021-04-01")

    assert {(line.metric, line.count, line.payable, line.pays) for line in drawn.summary} == {
        ("under", 1, 90_000, (52_200, 37_800)),
        ("over", 1, 50_000, (29_000, 21_000)),
    }


def test_an_exclusive_band_pays_the_lower_only(tmp_path: Path) -> None:
    assert earned(priced(written(tmp_path, "exclusive"))) == {"under": 90_000}


@pytest.mark.parametrize("band", ["exclusive", "upgrade pays the difference"])
def test_where_the_first_period_decides_the_upper_band_is_never_reached(band: str, tmp_path: Path) -> None:
    assert earned(priced(written(tmp_path, band, "the first period"))) == {"under": 90_000}


def test_a_change_of_the_term_is_named(tmp_path: Path) -> None:
    before = written(tmp_path / "before", "exclusive", "the first period")
    after = written(tmp_path / "after", "exclusive")

    changed = diff_contracts(before, after).clauses

    assert [(clause.id, term.key, term.before, term.after) for clause in changed for term in clause.terms] == [
        ("under", "employment.hours_over", "the first period", "any period"),
        ("over", "employment.hours_over", "the first period", "any period"),
    ]
