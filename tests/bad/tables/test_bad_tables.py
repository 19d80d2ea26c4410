from pathlib import Path
from typing import NamedTuple

import pytest

from sib_engine.core.findings import Severity
from sib_engine.outcomes.rows_file import read_rows
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts
from tests.oracle.build import contract, metric, tariff

HERE = Path(__file__).parent
FILES = sorted(path.name for path in HERE.glob("*.csv"))


class Expected(NamedTuple):
    """The rule, the place, and some of the words of a file's one finding."""

    rule: str
    row: int | None
    column: str
    words: str


ERRORS = {
    "cell-too-long.csv": Expected("cell-too-long", 2, "evidence", "2,400 characters"),
    "count-blank.csv": Expected("cell-blank", 3, "count", "blank"),
    "count-fractional.csv": Expected("not-a-whole-number", 2, "count", "'12.5'"),
    "count-negative.csv": Expected("not-a-whole-number", 2, "count", "'-12'"),
    "count-too-large.csv": Expected("number-too-large", 2, "count", "2147483648"),
    "count-with-comma.csv": Expected("not-a-whole-number", 2, "count", "Accepted: 1200."),
    "counts-neither-yes-nor-no.csv": Expected("not-yes-or-no", 2, "counts", "'perhaps'"),
    "date-after-contract.csv": Expected("date-outside-contract", 2, "achieved_on", "from 2020-04-01 to 2024-03-31"),
    "date-before-contract.csv": Expected("date-outside-contract", 2, "achieved_on", "2020-03-31"),
    "date-day-first.csv": Expected("date-ambiguous", 2, "achieved_on", "could mean 2021-04-03 or 2021-03-04"),
    "date-not-year-first.csv": Expected("not-a-date", 2, "achieved_on", "Accepted: 2021-04-30."),
    "date-spreadsheet-number.csv": Expected("not-a-date", 2, "achieved_on", "Accepted: 2021-04-30, if so."),
    "date-that-is-none.csv": Expected("not-a-date", 2, "achieved_on", "there is no day 2021-02-30"),
    "date-with-time.csv": Expected("not-a-date", 2, "achieved_on", "Accepted: 2021-04-30."),
    "empty.csv": Expected("file-empty", None, "", "the file is empty"),
    "heading-misspelt.csv": Expected("heading-unknown", 1, "", "Accepted: 'achieved_on', perhaps"),
    "heading-missing.csv": Expected("heading-missing", 1, "metric", "no column 'metric'"),
    "heading-only.csv": Expected("no-rows", 1, "", "no row below it"),
    "heading-twice.csv": Expected("heading-repeated", 1, "", "'count' stands twice"),
    "heading-without-count-or-person.csv": Expected("heading-missing", 1, "", "neither a column 'count' nor"),
    "job-missing.csv": Expected("job-missing", 3, "job", "pays placement once per job"),
    "job-telephone-number.csv": Expected("personal-data", 2, "job", "a telephone number"),
    "line-repeated.csv": Expected("line-repeated", 4, "count", "the same as row 2"),
    "metric-blank.csv": Expected("cell-blank", 3, "metric", "blank"),
    "metric-unknown.csv": Expected("metric-unknown", 3, "metric", "Accepted: 'job_start', perhaps"),
    "nul-byte.csv": Expected("nul-byte", 3, "", "byte offset 51"),
    "person-counted-twice.csv": Expected("count-of-one-person", 2, "count", "a count of 2"),
    "person-e-mail.csv": Expected("personal-data", 3, "person", "an e-mail address"),
    "person-name-and-birth-date.csv": Expected("personal-data", 3, "person", "a name with a date of birth"),
    "person-national-insurance-number.csv": Expected("personal-data", 3, "person", "a National Insurance number"),
    "person-nhs-number.csv": Expected("personal-data", 3, "person", "can pass the check by chance"),
    "quote-never-closed.csv": Expected("quote-not-closed", 3, "", "never closed"),
    "reason-against-what-counts.csv": Expected("reason-contradicts", 2, "counts", "one or the other"),
    "reason-missing.csv": Expected("reason-missing", 2, "reasons", "gives no reason"),
    "reason-unknown.csv": Expected("reason-unknown", 2, "reasons", "Accepted: R08 evidence-missing"),
    "reference-too-long.csv": Expected("reference-too-long", 2, "person", "250 characters"),
    "reference-with-line-break.csv": Expected("reference-unprintable", 2, "person", "line break"),
    "person-called-fee.csv": Expected("row-id-reserved", 3, "person", "'fee/engagement'"),
    "row-id-of-a-grant.csv": Expected("row-id-reserved", 3, "row", "'grant/covid-2020-q2' is an id of scheduled money"),
    "row-id-twice.csv": Expected("row-id-repeated", 4, "row", "'a' is the id of row 2 already"),
    "row-nhs-number.csv": Expected("personal-data", 2, "row", "an NHS number"),
    "row-too-long.csv": Expected("cell-count", 3, "", "4 cells, the heading 3"),
    "row-too-short.csv": Expected("cell-count", 4, "", "2 cells, the heading 3"),
    "site-missing.csv": Expected("site-missing", 2, "site", "Accepted: haringey, barnet."),
    "site-unknown.csv": Expected("site-unknown", 2, "site", "'Enfield' is no site of this contract"),
    "text-after-quote.csv": Expected("quote-misplaced", 3, "", "written twice"),
    "two-delimiters.csv": Expected("delimiter-unclear", 1, "", "commas and by semicolons"),
    "utf-16.csv": Expected("not-utf-8", None, "", 'save as "CSV UTF-8"'),
    "value-without-heading.csv": Expected("value-without-heading", 3, "", "'late' stands in column 4"),
    "windows-1252.csv": Expected("not-utf-8", 3, "", "byte 0xE9 at byte offset 80"),
    "workbook.csv": Expected("workbook-damaged", None, "", "its end is missing"),
}
WARNINGS = {
    "warns-count-repeated.csv": Expected("count-repeated", 3, "count", "row 2 counts the same"),
    "warns-counts-beside-people.csv": Expected("counts-and-persons", 2, "person", "a count of engagement"),
    "warns-evidence-names-e-mail.csv": Expected("personal-data", 2, "evidence", "an e-mail address"),
    "warns-group-unknown.csv": Expected("group-unknown", 2, "group", "Accepted: care leaver."),
    "warns-recorded-before-achieved.csv": Expected("recorded-before-achieved", 2, "recorded_on", "2021-04-29"),
    "warns-started-after-achieved.csv": Expected("started-after-achieved", 2, "started_on", "2021-05-01"),
    "warns-total-beside-sites.csv": Expected("total-and-parts", 4, "site", "beside counts of single sites"),
    "warns-total-beside-parts.csv": Expected("total-and-parts", 2, "achieved_on", "beside dated ones"),
}
PERSONAL = ("943 476 5919", "9434765919", "JG 12 14 16 A", "jane.smith", "smith_jane", "1985-03-12", "07700 900123")


@pytest.fixture
def two_sites() -> Contract:
    once = Counts.ONCE_PER_PERSON
    return contract(
        sites=["haringey", "barnet"],
        metrics=(
            metric("engagement", counts=once, indigo="outcomemetric1"),
            metric("job_start", counts=once),
            metric("placement", counts=Counts.ONCE_PER_JOB),
        ),
        tariffs=(tariff("engagement", "500.00"), tariff("engagement", "600.00", groups=("care leaver",))),
    )


def test_every_bad_table_is_expected() -> None:
    assert sorted({*ERRORS, *WARNINGS}) == FILES


@pytest.mark.parametrize("name", ERRORS)
def test_a_bad_table_is_refused_with_its_one_mistake_named(name: str, two_sites: Contract) -> None:
    found, findings = read_rows(HERE / name, two_sites)

    assert found is None
    assert len(findings) == 1
    _assert_says(name, ERRORS[name], str(findings[0]))
    place = findings[0].at
    assert (findings[0].severity, findings[0].rule, place.row, place.column) == (Severity.ERROR, *ERRORS[name][:3])


@pytest.mark.parametrize("name", WARNINGS)
def test_a_doubtful_table_is_read_with_its_one_doubt_named(name: str, two_sites: Contract) -> None:
    found, findings = read_rows(HERE / name, two_sites)

    assert found is not None
    assert len(findings) == 1
    _assert_says(name, WARNINGS[name], str(findings[0]))
    place = findings[0].at
    assert (findings[0].severity, findings[0].rule, place.row, place.column) == (Severity.WARNING, *WARNINGS[name][:3])


def _assert_says(name: str, expected: Expected, said: str) -> None:
    assert name in said
    assert expected.words in said
    assert not any(value in said for value in PERSONAL)
