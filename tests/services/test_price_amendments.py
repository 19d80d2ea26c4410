"""An amendment that reaches into the past, in pounds."""

from pathlib import Path

from sib_engine.services.check_contract import check_contract
from tests.terms.edited import AGREED

BAD = Path(__file__).parents[1] / "bad" / "contracts"
NEW_PRICE = f"""
[[tariff]]
id = "t3"
metric = "job_start"
from = 2022-04-01
price = 800.00
amendment = "a1"
{AGREED}"""
LATER = f"""
[[amendment]]
id = "a2"
signed_on = 2022-07-15
effective_from = 2022-06-01
replaces = "contract-cap"
text = "a lower cap"
{AGREED}
[[cap]]
id = "lower-cap"
on = ["contract"]
limit = 5000.00
amendment = "a2"
{AGREED}"""
ROWS = "metric,count,achieved_on\njob_start,1,2022-03-15\njob_start,10,2022-04-15\njob_start,5,2022-06-15\n"


def files(folder: Path, *, add: str = "", change: tuple[str, str] = ("", "")) -> tuple[str, Path]:
    text = (BAD / "amendment-reaches-back.toml").read_text(encoding="utf-8").replace(*change)
    contract, rows = folder / "amendment-reaches-back.toml", folder / "rows.csv"
    contract.write_text(text + NEW_PRICE + add, encoding="utf-8")
    rows.write_text(ROWS, encoding="utf-8")
    return str(contract), rows


def test_what_was_achieved_before_the_signature_is_priced_with_the_amendment_and_without(tmp_path: Path) -> None:
    name, rows = files(tmp_path)

    found = check_contract(name, rows=rows).findings

    assert [(finding.at.key, finding.rule) for finding in found] == [
        ("amendment[a1].signed_on", "amendment-reaches-back"),
        ("amendment[a1]", "amendment-moves"),
    ]
    assert found[1].what == (
        "of the 11 outcomes achieved before it was signed on 2022-06-01, it moves what is payable"
        " from £7,700.00 to £8,700.00: +£1,000.00 (council +£580.00, fund +£420.00)"
    )


def test_a_later_amendment_is_measured_against_the_terms_that_it_changed(tmp_path: Path) -> None:
    name, rows = files(tmp_path, add=LATER)

    checked = check_contract(name, rows=rows)

    assert checked.as_dict()["moved"] == [
        {
            "amendment": "a1",
            "signed_on": "2022-06-01",
            "effective_from": "2022-04-01",
            "outcomes": 11,
            "undecided": [],
            "money": [
                {"name": "earned", "before": "7700.00", "after": "8700.00", "change": "1000.00"},
                {"name": "payable", "before": "7700.00", "after": "8700.00", "change": "1000.00"},
                {"name": "council", "before": "4466.00", "after": "5046.00", "change": "580.00"},
                {"name": "fund", "before": "3234.00", "after": "3654.00", "change": "420.00"},
            ],
        },
        {
            "amendment": "a2",
            "signed_on": "2022-07-15",
            "effective_from": "2022-06-01",
            "outcomes": 16,
            "undecided": [],
            "money": [
                {"name": "earned", "before": "12700.00", "after": "12700.00", "change": "0.00"},
                {"name": "payable", "before": "12700.00", "after": "8700.00", "change": "-4000.00"},
                {"name": "council", "before": "7366.00", "after": "5046.00", "change": "-2320.00"},
                {"name": "fund", "before": "5334.00", "after": "3654.00", "change": "-1680.00"},
            ],
        },
    ]


def test_an_amendment_signed_in_time_moves_nothing_of_the_past(tmp_path: Path) -> None:
    name, rows = files(tmp_path, change=("signed_on = 2022-06-01", "signed_on = 2022-03-01"))

    checked = check_contract(name, rows=rows)

    assert (checked.findings, checked.moved) == ((), ())


def test_without_rows_nothing_is_priced(tmp_path: Path) -> None:
    name, _rows = files(tmp_path)

    checked = check_contract(name)

    assert checked.moved is None
    assert "moved" not in checked.as_dict()


def moved(folder: Path, add: str, rows: str, *, replaces: str = "") -> tuple[str, dict[str, str]]:
    """Return what is said of an amendment of 1 April 2022, signed on 15 July, and by how much it moves each figure."""
    text = (BAD / "amendment-reaches-back.toml").read_text(encoding="utf-8").replace("2022-06-01", "2022-07-15")
    named = f'replaces = ["{replaces}"]\n' if replaces else ""
    contract, file = folder / "amendment-reaches-back.toml", folder / "rows.csv"
    contract.write_text(text.replace('text = "new terms"\n', f'text = "new terms"\n{named}') + add, encoding="utf-8")
    file.write_text(rows, encoding="utf-8")
    checked = check_contract(str(contract), rows=file)
    assert checked.moved is not None
    assert checked.contract is not None
    (found,) = checked.moved
    return found.finding(checked.contract).what, {
        each["name"]: each["change"] for each in found.as_dict(checked.contract)["money"]
    }


THREE = "metric,count,achieved_on\nengagement,3,2022-05-10\n"
SPRING = "months = { from = 2022-04-01, to = 2022-06-30 }\n"


def test_a_grant_in_place_of_outcomes_moves_the_grant_less_the_outcomes(tmp_path: Path) -> None:
    grant = f'id = "covid"\n{SPRING}amount = 30000.00\nreplaces = "outcome payments"\namendment = "a1"\n'

    what, changes = moved(tmp_path, f"\n[[grant]]\n{grant}{AGREED}", THREE)

    assert changes == {"earned": "28800.00", "payable": "28800.00", "council": "16704.00", "fund": "12096.00"}
    assert what.startswith("of the 3 outcomes achieved before it was signed on 2022-07-15, it moves what is payable")


def test_a_dearer_fee_moves_every_instalment_that_had_fallen_due(tmp_path: Path) -> None:
    old = f'\n[[fee]]\nid = "old"\nmonths = {{ from = 2022-01-01, to = 2022-12-31 }}\nmonthly = 1000.00\n{AGREED}'
    new = '\n[[fee]]\nid = "new"\nmonths = { from = 2022-04-01, to = 2022-12-31 }\nmonthly = 1500.00\n'

    _, changes = moved(tmp_path, f'{old}{new}amendment = "a1"\n{AGREED}', THREE, replaces="old")

    # April, May and June; July is not over on the day of the signature.
    assert changes["payable"] == "1500.00"


def test_outcomes_that_do_not_count_are_not_among_those_priced(tmp_path: Path) -> None:
    listed = ("P1,1,2022-05-10", "P1,1,2022-05-12", "P2,1,2022-05-12")
    rows = "\n".join(["metric,person,count,achieved_on", *(f"job_start,{row}" for row in listed)])

    what, _ = moved(tmp_path, NEW_PRICE, rows)

    assert what.startswith("of the 2 outcomes achieved before it was signed")


def test_of_changed_terms_it_is_said_that_outcomes_do_not_show_what_they_let_count(tmp_path: Path) -> None:
    terms = 'id = "late"\nmetric = "engagement"\nfrom = 2022-04-01\nclaim_within_days = 30\namendment = "a1"\n'

    what, _ = moved(tmp_path, f"\n[[metric_terms]]\n{terms}{AGREED}", THREE)

    assert what.endswith(
        "; what late lets count, or not, cannot be said from outcomes: `sib outcomes` decides it from facts"
    )
