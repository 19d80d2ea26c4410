from pathlib import Path

import pytest

from sib_engine.core.money import currency_of
from sib_engine.payments.sampling.checked import Checked, Verdict
from sib_engine.payments.sampling.review_file import Found, Review, read_reviews, sheet_bytes

GBP = currency_of("GBP")
HEADING = "claim,verdict,right_value,code,note"


def read(folder: Path, *lines: str, heading: str = HEADING) -> tuple[tuple[Review, ...], list[tuple[str, str]]]:
    path = folder / "sheet.csv"
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    reviews, log = read_reviews(path, GBP)
    return reviews, [(finding.rule, finding.at.column) for finding in log.findings()]


def test_a_sheet_as_it_is_written_says_nothing_yet(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(sheet_bytes([("P1/engagement", "engagement, north", "engagement", "north", "400.00")]))

    reviews, log = read_reviews(path, GBP)

    assert (reviews, log.findings()) == ((), ())


def test_each_verdict_is_read_as_the_estimates_take_it(tmp_path: Path) -> None:
    reviews, findings = read(
        tmp_path,
        "a,right,,,",
        "b,wrong,,V02,no letter",
        "c,In Part,100.50,,one meeting of four",
        "d,pending,,,at the other site",
        "e,,,,",
    )

    assert findings == []
    assert [each.checked for each in reviews] == [
        Checked("a", Verdict.RIGHT),
        Checked("b", Verdict.WRONG, 0),
        Checked("c", Verdict.WRONG, 100_50),
        Checked("d", Verdict.PENDING),
    ]
    assert reviews[1] == Review(3, "b", Found.WRONG, None, "V02", "no letter")


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        ("a,maybe,,,", "verdict-unknown", "verdict"),
        (",right,,,", "cell-blank", "claim"),
        ("a,in part,,,half", "right-value-missing", "right_value"),
        ("a,in part,0.00,,half", "right-value-missing", "right_value"),
        ("a,in part,-1.00,,half", "right-value-missing", "right_value"),
        ("a,in part,a hundred,,half", "not-an-amount", "right_value"),
        ("a,right,400.00,,", "right-value-unasked", "right_value"),
        ("a,wrong,,,nobody met", "code-unknown", "code"),
        ("a,wrong,,V99,nobody met", "code-unknown", "code"),
        ("a,pending,,V02,no letter", "code-unasked", "code"),
        ("a,wrong,,V02,", "note-missing", "note"),
    ],
)
def test_each_mistake_is_named_with_its_column(tmp_path: Path, line: str, rule: str, column: str) -> None:
    _, findings = read(tmp_path, line)

    assert findings == [(rule, column)]


def test_a_claim_that_stands_twice_and_a_column_that_is_not_there_are_named(tmp_path: Path) -> None:
    assert read(tmp_path, "a,right,,,", "a,right,,,")[1] == [("claim-twice", "claim")]
    reviews, findings = read(tmp_path, "a,,", heading="claim,right_value,note")
    assert (reviews, [column for _, column in findings]) == ((), ["verdict"])
