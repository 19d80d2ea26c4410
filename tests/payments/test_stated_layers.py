from datetime import date

from sib_engine.payments.statement.layers import layers_of
from sib_engine.payments.statement.lines import LineKind, StatedLine
from tests.oracle import build

CONTRACT = build.contract(payers=("a", "b"))


def line(row: str, period: str, *shared: int, kind: LineKind = LineKind.OUTCOME) -> StatedLine:
    return StatedLine(
        statement=1,
        period=period,
        known_on=date(2020, 6, 30),
        own_period="2020-Q2",
        kind=kind,
        row=row,
        metric="m0",
        site="",
        group="",
        achieved_on=None,
        count=1,
        tariff="t",
        price="1",
        share="s",
        earned=sum(shared),
        payable=sum(shared),
        payers=("a", "b"),
        shared=shared,
        pays=shared,
        is_assumed=False,
        terms="",
        kernel="",
    )


def found(*lines: StatedLine) -> list[tuple[int, int, tuple[int, ...]]]:
    return [(layer.line, layer.period, layer.shared) for layer in layers_of(CONTRACT, lines)]


def test_what_is_stated_counts_in_the_period_of_its_statement() -> None:
    assert found(line("r1", "2020-Q2", 60, 40), line("r2", "2020-Q3", 6, 4)) == [(0, 0, (60, 40)), (1, 1, (6, 4))]


def test_what_is_taken_back_counts_where_it_was_stated() -> None:
    assert found(line("r1", "2020-Q2", 60, 40), line("r1", "2020-Q4", -60, -40))[1:] == [(1, 0, (-60, -40))]


def test_part_of_a_row_is_taken_back_where_the_row_was_stated() -> None:
    assert found(line("r1", "2020-Q2", 60, 40), line("r1", "2020-Q4", -6, -4))[1:] == [(1, 0, (-6, -4))]


def test_a_row_stated_in_steps_is_taken_back_the_latest_step_first() -> None:
    steps = (line("r1", "2020-Q2", 60, 40), line("r1", "2020-Q3", 12, 8), line("r1", "2020-Q4", -30, -20))

    assert found(*steps)[2:] == [(2, 1, (-12, -8)), (2, 0, (-18, -12))]


def test_taken_back_in_steps_a_row_gives_back_what_is_left_of_it() -> None:
    steps = (
        line("r1", "2020-Q2", 60, 40),
        line("r1", "2020-Q3", 12, 8),
        line("r1", "2020-Q4", -30, -20),
        line("r1", "2021-Q1", -42, -28),
    )

    assert found(*steps)[4:] == [(3, 0, (-42, -28))]


def test_a_row_stated_anew_after_it_was_taken_back_counts_in_its_new_period() -> None:
    steps = (
        line("r1", "2020-Q2", 60, 40),
        line("r1", "2020-Q3", -60, -40),
        line("r1", "2020-Q4", 60, 40),
        line("r1", "2021-Q1", -60, -40),
    )

    assert found(*steps) == [(0, 0, (60, 40)), (1, 0, (-60, -40)), (2, 2, (60, 40)), (3, 2, (-60, -40))]


def test_what_a_correction_puts_in_place_of_a_row_counts_where_the_row_was_stated() -> None:
    lower = (line("r1", "2020-Q2", 60, 40), line("r1", "2020-Q4", -60, -40), line("r1", "2020-Q4", 48, 32))
    higher = (line("r1", "2020-Q2", 60, 40), line("r1", "2020-Q4", -60, -40), line("r1", "2020-Q4", 72, 48))

    assert found(*lower)[1:] == [(1, 0, (-60, -40)), (2, 0, (48, 32))]
    assert found(*higher)[1:] == [(1, 0, (-60, -40)), (2, 0, (60, 40)), (2, 2, (12, 8))]


def test_a_correction_of_a_row_stated_in_steps_takes_their_places_the_oldest_first() -> None:
    steps = (
        line("r1", "2020-Q2", 60, 40),
        line("r1", "2020-Q3", 12, 8),
        line("r1", "2020-Q4", -72, -48),
        line("r1", "2020-Q4", 66, 44),
    )

    assert found(*steps)[2:] == [(2, 1, (-12, -8)), (2, 0, (-60, -40)), (3, 0, (60, 40)), (3, 1, (6, 4))]


def test_a_correction_under_another_share_keeps_the_place_and_divides_anew() -> None:
    steps = (line("r1", "2020-Q2", 60, 40), line("r1", "2020-Q4", -60, -40), line("r1", "2020-Q4", 0, 101))

    assert found(*steps)[1:] == [(1, 0, (-60, -40)), (2, 0, (0, 100)), (2, 2, (0, 1))]


def test_a_corrected_row_that_is_taken_back_later_is_taken_back_where_it_was_first_stated() -> None:
    steps = (
        line("r1", "2020-Q2", 60, 40),
        line("r1", "2020-Q3", -60, -40),
        line("r1", "2020-Q3", 48, 32),
        line("r1", "2020-Q4", -48, -32),
    )

    assert found(*steps)[3:] == [(3, 0, (-48, -32))]


def test_a_penny_that_falls_on_the_other_payer_on_the_way_back_stays_with_the_oldest_step() -> None:
    steps = (line("r1", "2020-Q2", 1, 2), line("r1", "2020-Q3", 2, 1), line("r1", "2020-Q4", -4, -2))

    assert found(*steps)[2:] == [(2, 1, (-2, -1)), (2, 0, (-2, -1))]


def test_rows_do_not_take_from_each_other() -> None:
    steps = (line("r1", "2020-Q2", 60, 40), line("r2", "2020-Q3", 60, 40), line("r1", "2020-Q4", -60, -40))

    assert found(*steps)[2:] == [(2, 0, (-60, -40))]


def test_lines_without_money_are_left_out() -> None:
    carried = line("", "2020-Q3", 0, 0, kind=LineKind.CARRIED)

    assert found(line("r1", "2020-Q2", 60, 40), carried, line("r2", "2020-Q3", 0, 0)) == [(0, 0, (60, 40))]
