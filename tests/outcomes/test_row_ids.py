"""An id stays with its outcome, whatever else comes to light."""

import numpy as np

from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.row_ids import RESERVED, unique_ids
from sib_engine.payments.scheduled.entry import ScheduledKind
from sib_engine.payments.statement.draw_up import Known, Statement, draw_up
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts, Length, Recorded, Window
from tests.oracle import build
from tests.outcomes.people import Line, fact, facts_of, referral


def terms(counts: Counts, within: Window | None = None) -> Contract:
    visit = build.metric("visit", rule=Recorded("visit"), counts=counts, within=within)
    return build.contract(
        metrics=(visit,), tariffs=(build.tariff("visit", "10"),), shares=(build.share("s", {"lcf": "1"}),)
    )


def ids(contract: Contract, *lines: Line) -> dict[str, str]:
    """Return the day of each row that counts, by id."""
    table = find_outcomes(contract, facts_of(referral("2020-04-01"), *lines))
    counted = table.take(table.counts)
    return dict(zip(counted.row_ids(), counted.rows.achieved_on.astype(str).tolist(), strict=True))


def visit(on: str, recorded_on: str = "") -> Line:
    return fact("visit", on, recorded_on=recorded_on or on)


def test_what_counts_every_time_is_called_by_its_day() -> None:
    assert ids(terms(Counts.EVERY_TIME), visit("2020-05-04")) == {"P1/visit/2020-05-04": "2020-05-04"}


def test_two_of_one_day_are_told_apart_by_which_was_known_first() -> None:
    of = terms(Counts.EVERY_TIME)
    first, second = visit("2020-05-04", "2020-05-05"), visit("2020-05-04", "2020-05-06")

    assert list(ids(of, second, first)) == ["P1/visit/2020-05-04", "P1/visit/2020-05-04/2"]


def test_an_earlier_one_that_comes_late_takes_no_id_of_another() -> None:
    of = terms(Counts.EVERY_TIME)
    before = ids(of, visit("2020-05-04"), visit("2020-06-08"))

    after = ids(of, visit("2020-05-04"), visit("2020-06-08"), visit("2020-04-20", "2020-07-10"))

    assert after == before | {"P1/visit/2020-04-20": "2020-04-20"}


def test_the_only_one_that_counts_keeps_the_plain_id_and_later_ones_their_day() -> None:
    too_soon = Window("referral", not_before=Length(days=60))
    once = terms(Counts.ONCE_PER_PERSON, too_soon)
    late = visit("2020-04-20", "2020-07-10")

    assert ids(terms(Counts.ONCE_PER_PERSON), visit("2020-05-04"), visit("2020-06-08")) == {"P1/visit": "2020-05-04"}
    assert ids(once, visit("2020-05-04"), visit("2020-06-08")) == {"P1/visit/2020-06-08": "2020-06-08"}
    assert ids(once, visit("2020-05-04"), visit("2020-06-08"), late) == {"P1/visit/2020-06-08": "2020-06-08"}


def test_without_days_equal_rows_are_numbered() -> None:
    undated = [np.array(["NaT", "NaT"], dtype="datetime64[D]")]

    assert unique_ids(["a", "a"], undated, taken=(), days=["", ""]) == ["a", "a/2"]
    assert unique_ids(["a", "a"], undated, taken={"a"}, days=["", ""]) == ["a/2", "a/3"]


def stated(contract: Contract, period: int, lines: list[StatedLine], *facts: Line) -> Statement:
    when = contract.periods.period(period)
    table = find_outcomes(contract, facts_of(referral("2020-04-01"), *facts), known_on=when.end)
    counted = table.take(table.counts)
    statement = draw_up(contract, Known(counted.rows, counted.row_ids(), (), ()), when, stated=lines)
    lines.extend(statement.lines)
    return statement


def test_a_late_earlier_fact_is_stated_alone_and_in_its_own_period() -> None:
    of = terms(Counts.EVERY_TIME)
    known = (visit("2020-05-04"), visit("2020-07-08"))
    late = visit("2020-04-20", "2020-10-10")
    lines: list[StatedLine] = []

    stated(of, 1, lines, *known)
    second = stated(of, 2, lines, *known, late)

    assert [(line.row, line.own_period, line.payable) for line in second.lines] == [
        ("P1/visit/2020-04-20", "2020-Q2", 1000)
    ]
    assert [line.row for line in lines] == ["P1/visit/2020-05-04", "P1/visit/2020-07-08", "P1/visit/2020-04-20"]


def test_no_outcome_may_be_called_as_any_kind_of_scheduled_money_is() -> None:
    assert set(RESERVED) == set(ScheduledKind)
