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
effective_from = 2022-07-01
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
            "effective_from": "2022-07-01",
            "outcomes": 16,
            "money": [
                {"name": "earned", "before": "12700.00", "after": "12700.00", "change": "0.00"},
                {"name": "payable", "before": "12700.00", "after": "5000.00", "change": "-7700.00"},
                {"name": "council", "before": "7366.00", "after": "2900.00", "change": "-4466.00"},
                {"name": "fund", "before": "5334.00", "after": "2100.00", "change": "-3234.00"},
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
