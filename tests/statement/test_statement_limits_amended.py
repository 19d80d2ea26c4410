"""Statements across an amendment that replaces a bonus, a cap or a minimum: what came before stays as it was."""

from datetime import date

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.services.draw_statement import DrawnStatement
from sib_engine.services.simulate_contract import simulate_contract
from tests.statement.conftest import EngineWith
from tests.statement.engine import Engine

AGREED = 'status = "agreed"\nsource = "made up"\n'
PRICE_100 = {"price = 300.01": "price = 100.00", "limit = 2000.00": "limit = 200000.00"}


def clause(table: str, id_: str, terms: str, amendment: str = "") -> str:
    brought = f'amendment = "{amendment}"\n' if amendment else ""
    return f'\n[[{table}]]\nid = "{id_}"\n{terms}\n{brought}{AGREED}'


def amendment(replaces: str, *, signed_on: str = "2020-09-01", effective_from: str = "2020-10-01") -> str:
    dates = f"signed_on = {signed_on}\neffective_from = {effective_from}\n"
    named = f'replaces = ["{replaces}"]\n' if replaces else ""
    return f'\n[[amendment]]\nid = "a1"\n{dates}{named}text = "new terms"\n{AGREED}'


def replaced(table: str, old: str, new: str, **dates: str) -> str:
    """Return a clause, the amendment that replaces it (by default from the third quarter on), and what it brings."""
    return clause(table, "old", old) + amendment("old", **dates) + clause(table, "new", new, "a1")


def outcomes(engine: Engine, *per_quarter: int) -> None:
    """Know so many outcomes in each quarter from the second of 2020 on, each worth £100."""
    for place, n_outcomes in enumerate(per_quarter):
        for number in range(n_outcomes):
            months = 3 + 3 * place
            day = f"{2020 + months // 12}-{months % 12 + 1:02d}-{number + 1:02d}"
            engine.accept(f"Q{place + 2}-{number}/engagement", "engagement", day)


def totals(engine: Engine, *periods: str) -> list[int]:
    return [engine.state(period).statement.total for period in periods]


def stated(drawn: DrawnStatement) -> list[tuple[str, str, int]]:
    return [(line.kind.value, line.row, line.payable) for line in drawn.statement.lines]


QUARTERS = ("2020-Q2", "2020-Q3", "2020-Q4")


def test_a_dearer_bonus_pays_outcomes_of_its_own_days_and_counts_those_before(engine_with: EngineWith) -> None:
    bonuses = replaced(
        "bonus", 'on = ["contract"]\nabove = 2\nprice = 250.00', 'on = ["contract"]\nabove = 2\nprice = 500.00'
    )
    engine = engine_with(replace=PRICE_100, more=bonuses)
    outcomes(engine, 4, 3, 2)

    assert totals(engine, *QUARTERS) == [90000, 105000, 120000]


def test_a_bonus_that_an_amendment_brings_pays_nothing_of_the_days_before(engine_with: EngineWith) -> None:
    bonus = amendment("") + clause("bonus", "new", 'on = ["contract"]\nabove = 5\nprice = 500.00', "a1")
    engine = engine_with(replace=PRICE_100, more=bonus)
    outcomes(engine, 4, 3, 2)

    assert totals(engine, *QUARTERS) == [40000, 30000, 120000]


def test_a_bonus_that_an_amendment_ends_stays_for_the_days_before(engine_with: EngineWith) -> None:
    bonus = clause("bonus", "old", 'on = ["contract"]\nabove = 2\nprice = 250.00') + amendment("old")
    engine = engine_with(replace=PRICE_100, more=bonus)
    outcomes(engine, 4, 3, 2)

    assert totals(engine, *QUARTERS) == [90000, 105000, 20000]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [(("299.00", "500.00"), [29900, 29900, 50000]), (("300.00", "200.00"), [30000, 30000, 20000])],
)
def test_a_cap_by_period_raised_or_lowered_leaves_the_closed_periods_as_they_were(
    limits: tuple[str, str], expected: list[int], engine_with: EngineWith
) -> None:
    old, new = (f'on = ["period"]\nlimit = {limit}' for limit in limits)
    engine = engine_with(replace=PRICE_100, more=replaced("cap", old, new))
    outcomes(engine, 4, 3, 6)

    assert totals(engine, *QUARTERS) == expected


@pytest.mark.parametrize(("new", "expected"), [("900.00", [40000, 30000, 20000]), ("500.00", [40000, 30000, 0])])
def test_a_cap_on_the_contract_leaves_what_is_left_of_the_new_limit(
    new: str, expected: list[int], engine_with: EngineWith
) -> None:
    caps = replaced("cap", 'on = ["contract"]\nlimit = 700.00', f'on = ["contract"]\nlimit = {new}')
    engine = engine_with(replace=PRICE_100, more=caps)
    outcomes(engine, 4, 4, 5)

    assert totals(engine, *QUARTERS) == expected


def test_a_minimum_by_period_raised_ahead_holds_back_nothing_of_the_closed_periods(engine_with: EngineWith) -> None:
    minimums = replaced("minimum", 'on = ["period"]\nat_least = 3', 'on = ["period"]\nat_least = 5')
    engine = engine_with(replace=PRICE_100, more=minimums)
    outcomes(engine, 4, 3, 4)

    assert totals(engine, *QUARTERS) == [40000, 30000, 0]


def test_a_minimum_goes_on_counting_across_its_replacement(engine_with: EngineWith) -> None:
    minimums = replaced("minimum", 'on = ["contract"]\nat_least = 6', 'on = ["contract"]\nat_least = 8')
    engine = engine_with(replace=PRICE_100, more=minimums)
    outcomes(engine, 4, 1, 1, 2)

    assert totals(engine, *QUARTERS, "2021-Q1") == [0, 0, 50000, 30000]


def test_a_share_of_outcomes_meets_what_is_left_of_the_new_share(engine_with: EngineWith) -> None:
    caps = replaced("cap", 'on = ["contract"]\nshare = "50%"', 'on = ["contract"]\nshare = "75%"')
    engine = engine_with(replace=PRICE_100, more=caps)
    outcomes(engine, 4, 2, 2)

    # 2 of 4; 3 of 6; 6 of 8, of which the first six are paid up to 4 (half of 8).
    assert totals(engine, *QUARTERS) == [20000, 10000, 30000]


def test_a_late_outcome_of_an_earlier_day_fills_the_old_cap_and_is_taken_off_the_new_one(
    engine_with: EngineWith,
) -> None:
    caps = replaced("cap", 'on = ["contract"]\nlimit = 500.00', 'on = ["contract"]\nlimit = 700.00')
    engine = engine_with(replace=PRICE_100, more=caps)
    outcomes(engine, 3, 0, 5)
    assert totals(engine, *QUARTERS) == [30000, 0, 40000]

    engine.accept("late/engagement", "engagement", "2020-05-01", recorded_on="2021-01-05")

    assert stated(engine.state("2021-Q1")) == [
        ("headroom", "Q4-3/engagement", -10000),
        ("outcome", "late/engagement", 10000),
    ]


@pytest.mark.parametrize(("new", "moved"), [("500.00", "£101.00"), ("200.00", "-£99.00")])
def test_a_cap_that_reaches_back_is_asked_about_up_or_down(new: str, moved: str, engine_with: EngineWith) -> None:
    caps = replaced(
        "cap",
        'on = ["period"]\nlimit = 299.00',
        f'on = ["period"]\nlimit = {new}',
        signed_on="2020-10-20",
        effective_from="2020-04-01",
    )
    engine = engine_with(replace=PRICE_100, more=caps)
    outcomes(engine, 4)
    assert totals(engine, "2020-Q2", "2020-Q3") == [29900, 0]

    with pytest.raises(RefusedError, match=f"would change by {moved} in all"):
        engine.preview("2020-Q4")

    assert engine.state("2020-Q4", accepts_restatement=True).statement.total == int(moved.replace("£", "")[:-3]) * 100


def test_what_a_replaced_clause_does_is_said_with_its_days(engine_with: EngineWith) -> None:
    caps = replaced("cap", 'on = ["contract"]\nlimit = 300.00', 'on = ["contract"]\nlimit = 500.00')
    engine = engine_with(replace=PRICE_100, more=caps)
    outcomes(engine, 4, 0, 3)
    engine.state("2020-Q2")

    drawn = engine.state("2020-Q4")

    assert [(cap.cap, cap.scope, cap.used, cap.taken) for cap in drawn.headroom][-2:] == [
        ("old", "the contract, for outcomes before 2020-10-01", None, 10000),
        ("new", "the contract", 50000, 10000),
    ]


@pytest.mark.parametrize(("new", "moved"), [("300.00", "£52.00"), ("150.00", "-£50.00")])
def test_a_changed_cap_on_a_payer_moves_what_is_stated_only_once_that_is_accepted(
    new: str, moved: str, engine_with: EngineWith
) -> None:
    on_fund = 'on = ["payer"]\npayer = "fund"\noverflow = "lost"\nlimit = '
    engine = engine_with(replace=PRICE_100, more=replaced("cap", f"{on_fund}200.00", f"{on_fund}{new}"))
    outcomes(engine, 6)
    before = sum(totals(engine, "2020-Q2", "2020-Q3"))

    with pytest.raises(RefusedError, match=f"1 of what was stated \\(payer fund\\) would change by {moved} in all"):
        engine.preview("2020-Q4")

    after = engine.state("2020-Q4", accepts_restatement=True).statement.total
    assert (before, after) == (54800, int(moved.replace("£", "")[:-3]) * 100)


SPRING_AND_SUMMER = (
    'id = "old"\nmonths = { from = 2020-04-01, to = 2020-06-30 }\namount = 300.00\nreplaces = "nothing"\n',
    'id = "new"\nmonths = { from = 2020-07-01, to = 2020-09-30 }\namount = 500.00\nreplaces = "nothing"\n',
)


def test_a_grant_that_fell_due_stays_when_an_amendment_replaces_it(engine_with: EngineWith) -> None:
    old, new = SPRING_AND_SUMMER
    more = f"\n[[grant]]\n{old}{AGREED}" + amendment("old", signed_on="2020-06-01", effective_from="2020-07-01")
    engine = engine_with(more=f'{more}\n[[grant]]\n{new}amendment = "a1"\n{AGREED}')

    assert stated(engine.state("2020-Q2")) == [("grant", "grant/old", 30000)]
    assert stated(engine.state("2020-Q3")) == [("grant", "grant/new", 50000)]


def test_a_grant_that_is_replaced_before_its_last_day_is_not_paid(engine_with: EngineWith) -> None:
    old, _ = SPRING_AND_SUMMER
    more = f"\n[[grant]]\n{old}{AGREED}" + amendment("old", signed_on="2020-05-01", effective_from="2020-06-30")

    assert stated(engine_with(more=more).state("2020-Q2")) == []


def test_a_claw_back_undone_by_its_own_fact_says_so(engine_with: EngineWith) -> None:
    terms = 'employment = { competitive = true }\nclaw_back = { days = 90, from = "statement", share = "50%" }\n'
    engine = engine_with(replace={'name = "Job start"': f'{terms}name = "Job start"'})
    engine.accept("P1/job_start", "job_start", "2020-06-01")
    engine.state("2020-Q2")
    engine.accept("P1/job_start", "job_start", "2020-06-01", ended_on="2020-08-01")
    engine.state("2020-Q3")
    engine.accept("P1/job_start", "job_start", "2020-06-01", ended_on="")

    drawn = engine.state("2020-Q4")

    assert [(line.row, line.payable, line.why) for line in drawn.statement.lines] == [
        (
            "P1/job_start",
            35000,
            "its job is no longer known to have ended soon: what was taken back for that is due again",
        )
    ]


@pytest.mark.parametrize(("on", "payable"), [(date(2020, 8, 15), 35000), (date(2020, 10, 1), 60000)])
def test_one_more_is_worth_what_the_bonus_of_its_day_makes_of_it(
    on: date, payable: int, engine_with: EngineWith
) -> None:
    above_two = 'on = ["contract"]\nabove = 2\nprice = '
    engine = engine_with(replace=PRICE_100, more=replaced("bonus", f"{above_two}250.00", f"{above_two}500.00"))
    outcomes(engine, 3)
    engine.preview("2020-Q2")

    found = simulate_contract(str(engine.contract), at=engine.folder / "rows.csv", on=on, metric="engagement")

    assert [line.worth.payable for line in found.lines if line.worth is not None] == [payable]


def test_before_an_amendment_takes_effect_one_more_meets_none_of_its_caps_on_payers(engine_with: EngineWith) -> None:
    none = 'on = ["payer"]\npayer = "fund"\noverflow = "lost"\nlimit = 0.00'
    engine = engine_with(replace=PRICE_100, more=amendment("") + clause("cap", "none", none, "a1"))

    def worth(on: date) -> list[int]:
        lines = simulate_contract(str(engine.contract), on=on, metric="engagement").lines
        return [sum(line.worth.payers) for line in lines if line.worth is not None]

    assert (worth(date(2020, 9, 30)), worth(date(2020, 10, 1))) == ([10000], [5800])
