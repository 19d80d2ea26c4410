import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.services.draw_statement import draw_statement
from tests.statement.conftest import EngineWith

EARLIER = Path(__file__).parent / "earlier"

GRANT = """
[[grant]]
id = "covid-1"
months = { from = 2020-04-01, to = 2020-06-30 }
amount = 500.00
replaces = "nothing"
status = "agreed"
source = "made up"
"""

FUND_CAP = """
[[cap]]
id = "fund-cap"
on = ["payer"]
payer = "fund"
limit = 100.00
overflow = "council"
status = "agreed"
source = "made up"
"""


def change(path: Path, old: str, new: str) -> None:
    """Change the contract file as somebody would in place."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("limit = 2000.00", "limit = 500.00", r"1 of what was stated \(P1/job_start\) would change by -£200\.00"),
        (GRANT, "", r"1 of what was stated \(grant/covid-1\) would change by -£500\.00"),
        ('source = "made up"\n\n[[party]]', 'source = "made up"\n' + FUND_CAP + "\n[[party]]", r"\(payer fund\)"),
    ],
)
def test_terms_changed_in_place_that_move_stated_money_are_refused_in_pounds(
    engine_with: EngineWith, old: str, new: str, said: str
) -> None:
    engine = engine_with(more=GRANT, replace={"limit = 2000.00": "limit = 2000.00"})
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    if "limit = 500.00" in new:
        change(engine.contract, GRANT, GRANT.replace('replaces = "nothing"', 'replaces = "nothing"\nuses_caps = false'))
    text = engine.contract.read_text(encoding="utf-8")
    engine.contract.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(RefusedError, match=said):
        engine.preview("2020-Q3")


def test_share_that_divides_otherwise_than_what_is_stated_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    change(engine.contract, '"58%", fund = "42%"', '"50%", fund = "50%"')

    with pytest.raises(RefusedError, match="share 'split' divided what is stated in another way"):
        engine.preview("2020-Q3", accepts_restatement=True)


@pytest.mark.parametrize("spoil", ["drop", "double", "edit"])
def test_lines_that_are_not_as_they_were_written_are_refused(engine_with: EngineWith, spoil: str) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-05-05")
    engine.state("2020-Q2")
    with engine.stated[0].open(newline="", encoding="utf-8") as stream:
        heading, *lines = list(csv.reader(stream))
    if spoil == "drop":
        lines.pop()
    elif spoil == "double":
        lines.append(lines[0])
    else:
        at = heading.index("pays fund")
        lines[0][at] = "94.00"
    with engine.stated[0].open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([heading, *lines])

    with pytest.raises(FindingsError) as refused:
        engine.preview("2020-Q3")

    assert [finding.rule for finding in refused.value.findings] == ["statement-changed"]


def test_statement_left_out_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    for quarter, day in (("2020-Q2", "2020-05-04"), ("2020-Q3", "2020-08-04")):
        engine.accept(f"{quarter}/job_start", "job_start", day)
        engine.state(quarter)
    del engine.stated[0]

    with pytest.raises(FindingsError) as refused:
        engine.preview("2020-Q4")

    assert [finding.what for finding in refused.value.findings] == [
        "statement 1 is not among the files, and later ones are"
    ]


def test_statement_that_would_know_less_than_one_before_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04", recorded_on="2020-07-10")
    engine.preview("2020-Q2")
    drawn = draw_statement(str(engine.contract), engine.folder / "rows.csv", "2020-Q2", known_on=date(2020, 12, 1))
    assert drawn.statement.total == 70000
    engine.keep(drawn)

    with pytest.raises(RefusedError, match="statement 1 used what was known on 2020-12-01"):
        engine.preview("2020-Q3")


def test_undated_outcomes_are_refused_because_no_period_can_be_told(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "")

    with pytest.raises(RefusedError, match="1 outcome has no date"):
        engine.preview("2020-Q2")


@pytest.mark.parametrize("period", ["2020-Q1", "2050-Q1"])
def test_period_outside_the_contract_is_refused(engine_with: EngineWith, period: str) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")

    with pytest.raises(RefusedError, match="it states from 2020-Q2 to 2022-Q3, when claims close"):
        engine.preview(period)


def test_grant_waits_until_its_months_are_over_and_known(engine_with: EngineWith) -> None:
    engine = engine_with(more=GRANT)
    engine.preview("2020-Q2")

    early = draw_statement(str(engine.contract), engine.folder / "rows.csv", "2020-Q2", known_on=date(2020, 6, 1))

    assert early.statement.total == 0


def test_grant_outside_the_caps_is_outside_a_payers_cap_too(engine_with: EngineWith) -> None:
    outside = GRANT.replace('replaces = "nothing"', 'replaces = "nothing"\nuses_caps = false')
    engine = engine_with(more=outside + FUND_CAP)

    # 42 % of the grant of 500.00 is 210.00, above the fund's cap of 100.00, which does not count it.
    assert engine.pays("2020-Q2") == {"council": 29000, "fund": 21000}


def test_payer_who_joins_the_contract_later_does_not_spoil_what_was_stated(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    joined = """
[[party]]
id = "trust"
role = "outcomes_payer"
organisation = "A trust"
status = "agreed"
source = "made up"

[[amendment]]
id = "a1"
signed_on = 2020-09-01
effective_from = 2020-10-01
text = "A trust joins."
status = "agreed"
source = "made up"

[[share]]
id = "split-2"
metric = "*"
from = 2020-10-01
payers = { council = "50%", trust = "50%" }
amendment = "a1"
status = "agreed"
source = "made up"
"""
    text = engine.contract.read_text(encoding="utf-8")
    engine.contract.write_text(text + joined, encoding="utf-8")
    engine.accept("P2/job_start", "job_start", "2020-11-04")

    assert engine.pays("2020-Q4") == {"council": 35000, "fund": 0, "trust": 35000}


def lines_kept(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def written(path: Path, lines: Sequence[Mapping[str, str]], *, without: str = "") -> None:
    heading = [name for name in lines[0] if name != without]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, heading, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)


def test_a_column_that_is_missing_is_named_where_the_lines_are_not_those_that_were_written(
    engine_with: EngineWith,
) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    written(engine.stated[0], lines_kept(engine.stated[0]), without="pays fund")

    with pytest.raises(FindingsError) as refused:
        engine.preview("2020-Q3")

    (finding,) = refused.value.findings
    assert finding.what == (
        "the lines of statement 1 are not those that were written: one was edited, lost or added; "
        "the file has no column 'pays fund'"
    )


def test_a_statement_drawn_up_after_another_first_one_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    engine.accept("P2/job_start", "job_start", "2020-07-06")
    engine.state("2020-Q3")
    first, second = engine.stated
    digest = lines_kept(second)[0]["follows"]
    assert digest == lines_kept(first)[0]["digest"]
    engine.accept("P1/engagement", "engagement", "2020-05-04")
    first.unlink()
    engine.stated = []
    engine.state("2020-Q2")
    engine.stated = [first, second]

    with pytest.raises(FindingsError) as refused:
        engine.preview("2020-Q4")

    (finding,) = refused.value.findings
    assert (finding.rule, finding.at.column) == ("statement-not-following", "follows")
    assert finding.what == "statement 2 was drawn up after a statement 1 that is not the one given here"
    assert finding.accepted == f"the lines of statement 1 whose digest is {digest}"


def test_statements_written_before_they_said_which_they_follow_are_read_with_a_note(engine_with: EngineWith) -> None:
    """The lines of both statements as the engine wrote them before it had the columns ``why`` and ``follows``."""
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-07-06")
    engine.stated = [EARLIER / "lines-1.csv", EARLIER / "lines-2.csv"]

    drawn = engine.preview("2020-Q4", accepts_restatement=True)

    assert (drawn.statement.number, drawn.statement.lines) == (3, ())
    assert [(finding.rule, finding.what[:63]) for finding in drawn.findings] == [
        ("statement-untied", "statement 2 does not say which statement it was drawn up after ")
    ]
