"""The record file: what is read, and one file for each mistake in ``tests/bad/records``."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError
from sib_engine.core.findings import Severity
from sib_engine.services.reconcile_published import read_case
from sib_engine.terms.load_published import load_record, published_record, record_from
from sib_engine.terms.published import (
    Months,
    PaymentKind,
    PublishedLine,
    PublishedMaximum,
    PublishedPayer,
    PublishedPayment,
    PublishedResults,
    PublishedTarget,
    PublishedTotal,
    ResultStatus,
)
from tests.published_cases import RECORD, made_up_contract

BAD = Path(__file__).parents[1] / "bad" / "records"

# file: rule, file and place named by the one finding
MISTAKES = {
    "amount-in-tenths-of-a-penny.toml": ("not-an-amount", "payment[1].amount"),
    "amount-negative.toml": ("not-an-amount", "payment[1].amount"),
    "amount-too-large.toml": ("not-an-amount", "payment[1].amount"),
    "amount-with-a-comma.toml": ("not-an-amount", "payment[1].amount"),
    "another-contract.toml": ("record-of-another-contract", "record.contract"),
    "another-project.toml": ("record-of-another-contract", "record.indigo"),
    "count-not-whole.toml": ("not-a-count", "target[1].count"),
    "counts-in-another-folder.toml": ("not-a-file-name", "results[1].counts"),
    "counts-negative.toml": ("not-a-whole-number", "bad-count.csv, row 2, column count"),
    "counts-not-there.toml": ("no-such-file", "results[1].counts"),
    "counts-of-an-unknown-metric.toml": ("metric-unknown", "bad-metric.csv, row 3, column metric"),
    "day-for-a-month.toml": ("not-a-month", "payment[1].from"),
    "empty.toml": ("empty-file", "empty.toml"),
    "ends-before-it-starts.toml": ("ends-before-start", "payment[1].to"),
    "line-under-both-names.toml": ("stated-twice", "line[2]"),
    "maximum-stated-twice.toml": ("stated-twice", "maximum[2]"),
    "maximum-undated.toml": ("missing-key", "maximum[1].as_published"),
    "month-thirteen.toml": ("not-a-month", "total[1].to"),
    "no-head.toml": ("missing-key", "record"),
    "no-source.toml": ("missing-key", "record.source"),
    "not-toml.toml": ("not-toml", "not-toml.toml"),
    "not-utf-8.toml": ("not-utf-8", "not-utf-8.toml"),
    "payer-stated-twice.toml": ("stated-twice", "payer[2]"),
    "payer-that-pays-nothing.toml": ("unknown-payer", "payer[1].party"),
    "payer-without-a-figure.toml": ("nothing-stated", "payer[1]"),
    "results-stated-twice.toml": ("stated-twice", "results[2]"),
    "table-for-a-list.toml": ("not-a-list", "payment"),
    "unknown-key.toml": ("unknown-key", "payment[1].currency"),
    "unknown-kind.toml": ("not-a-choice", "payment[1].kind"),
    "unknown-metric-target.toml": ("unknown-metric", "target[1].metric"),
    "unknown-metric.toml": ("unknown-metric", "line[1].metric"),
    "unknown-payer.toml": ("unknown-payer", "payer[1].party"),
    "unknown-status.toml": ("not-a-choice", "results[1].status"),
    "unknown-table.toml": ("unknown-key", "payments"),
}


def test_every_bad_record_is_listed_here() -> None:
    assert {path.name for path in BAD.glob("*.toml")} == set(MISTAKES)


@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_a_mistake_is_one_finding_with_rule_place_and_what_would_be_accepted(name: str) -> None:
    rule, place = MISTAKES[name]

    with pytest.raises(FindingsError) as refused:
        read_case(made_up_contract(), BAD / name)

    (finding,) = refused.value.findings
    assert (finding.severity, finding.rule) == (Severity.ERROR, rule)
    assert str(finding.at).endswith(place)
    assert finding.at.file
    assert finding.accepted


def test_all_mistakes_of_a_file_are_found_at_once(tmp_path: Path) -> None:
    path = tmp_path / "made-up.toml"
    path.write_text(
        RECORD.replace('"INDIGO-POJ-9999"', '"INDIGO-POJ-1"').replace('"council"', '"borough"')
        + '[[results]]\nas_published = "2025-12"\nstatus = "final"\ncounts = "c.csv"\n'
        'from = "2020-04"\nto = "2021-03"\n',
        encoding="utf-8",
    )

    loaded = load_record(path, made_up_contract())

    assert loaded.record is None
    assert [finding.rule for finding in loaded.findings] == [
        "record-of-another-contract",
        "unknown-payer",
        "no-such-file",
    ]


def test_a_refused_record_raises_with_its_findings() -> None:
    with pytest.raises(FindingsError) as refused:
        published_record(BAD / "unknown-kind.toml", made_up_contract())

    assert len(refused.value.findings) == 1


def test_every_table_of_a_record_is_read_in_file_order_and_in_minor_units() -> None:
    text = """
record.contract = "made-up"
record.source = "made up"
maximum = [{ as_published = "2025-12", amount = 10000.50 }]
payer = [{ party = "fund", maximum = 4000, note = "before" }]
target = [{ metric = "outcomemetric1", count = 63 }]
payment = [
    { from = "2020-04", to = "2020-06", amount = 0 },
    { from = "2020-04", to = "2020-06", amount = 2000, kind = "grant" },
]
line = [{ metric = "outcomemetric2", paid = "3000.01" }]
total = [{ from = "2020-04", to = "2020-04", amount = 1, note = "a total" }]
[[results]]
as_published = "2025-05"
status = "interim"
counts = "good.csv"
from = "2020-04"
to = "2021-03"
"""

    record, findings = record_from(tomllib.loads(text, parse_float=Decimal), made_up_contract())

    quarter = Months(date(2020, 4, 1), date(2020, 6, 1))
    assert findings == ()
    assert record is not None
    assert (record.contract, record.indigo, record.source) == ("made-up", None, "made up")
    assert record.maxima == (PublishedMaximum(date(2025, 12, 1), 10000_50, None),)
    assert record.payers == (PublishedPayer("fund", None, 4000_00, None, "before"),)
    assert record.targets == (PublishedTarget("engagement", None, 63, None),)
    assert record.payments == (
        PublishedPayment(quarter, 0, PaymentKind.OUTCOMES, None),
        PublishedPayment(quarter, 2000_00, PaymentKind.GRANT, None),
    )
    assert record.lines == (PublishedLine("job_start", 3000_01, None),)
    assert record.totals == (PublishedTotal(Months(date(2020, 4, 1), date(2020, 4, 1)), 1_00, "a total"),)
    assert record.results == (
        PublishedResults(
            date(2025, 5, 1), ResultStatus.INTERIM, "good.csv", Months(date(2020, 4, 1), date(2021, 3, 1)), None
        ),
    )


def test_months_know_their_length_and_last_day() -> None:
    months = Months(date(2019, 12, 1), date(2020, 2, 1))

    assert (months.length, months.ends_on, str(months)) == (3, date(2020, 2, 29), "2019-12..2020-02")
    assert str(Months(date(2020, 2, 1), date(2020, 2, 1))) == "2020-02"
    assert months.shares_a_month_with(Months(date(2020, 2, 1), date(2020, 9, 1)))
    assert not months.shares_a_month_with(Months(date(2020, 3, 1), date(2020, 9, 1)))
