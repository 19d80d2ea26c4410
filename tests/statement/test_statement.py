import pytest

from sib_engine.core.errors import FindingsError, RefusedError
from tests.statement.conftest import EngineWith
from tests.statement.engine import lines_of


def test_an_outcome_known_late_is_a_line_of_the_quarter_in_which_it_was_achieved(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/engagement", "engagement", "2020-04-20", recorded_on="2020-05-01")
    engine.state("2020-Q2")

    engine.accept("P1/job_start", "job_start", "2020-05-04", recorded_on="2020-08-01")

    assert lines_of(engine.preview("2020-Q2")) == []
    assert lines_of(engine.state("2020-Q3")) == [("2020-Q2", "job_start", 1, 70000)]


def test_running_the_same_period_twice_adds_nothing(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/engagement", "engagement", "2020-04-20")
    engine.accept("P2/job_start", "job_start", "2020-06-30")

    first = engine.pays("2020-Q2")
    second = engine.state("2020-Q2")

    # 1000.01: 58 % is 580.0058 and 42 % is 420.0042, so 580.01 and 420.00 after penny by penny.
    assert first == {"council": 58001, "fund": 42000}
    assert second.statement.lines == ()
    assert second.statement.pays == (0, 0)


def test_withdrawn_outcome_is_a_negative_line_in_the_original_mix(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")

    engine.withdraw("P1/job_start")
    drawn = engine.state("2020-Q3")

    assert [(line.kind, line.count, line.payable, line.pays) for line in drawn.statement.lines] == [
        ("correction", -1, -70000, (-40600, -29400))
    ]
    assert engine.preview("2020-Q4").statement.lines == ()


def test_delete_run_add_again_run_leaves_the_same_total(engine_with: EngineWith) -> None:
    engine = engine_with()
    for person in ("P1", "P2"):
        engine.accept(f"{person}/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    kept = engine.rows["P1/job_start"]
    engine.withdraw("P1/job_start")
    engine.state("2020-Q3")
    engine.rows["P1/job_start"] = kept

    again = engine.state("2020-Q4")

    assert lines_of(again) == [("2020-Q2", "job_start", 1, 70000)]
    assert again.statement.due == 140000
    assert engine.preview("2021-Q1").statement.lines == ()


def test_cap_limits_the_amount_and_headroom_freed_by_a_withdrawal_is_released(engine_with: EngineWith) -> None:
    engine = engine_with()
    for day, person in enumerate(("P1", "P2", "P3"), start=1):
        engine.accept(f"{person}/job_start", "job_start", f"2020-05-0{day}")
    first = engine.state("2020-Q2")

    engine.withdraw("P1/job_start")
    second = engine.state("2020-Q3")

    # 3 x 700.00 is 100.00 over the cap of 2,000.00: the last in time is cut to 600.00.
    assert [line.payable for line in first.statement.lines] == [70000, 70000, 60000]
    assert [(line.kind, line.row, line.payable) for line in second.statement.lines] == [
        ("correction", "P1/job_start", -70000),
        ("headroom", "P3/job_start", 10000),
    ]
    assert second.statement.due == 140000


def test_claw_back_never_takes_more_than_the_line_was_paid(engine_with: EngineWith) -> None:
    engine = engine_with()
    for day, person in enumerate(("P1", "P2", "P3"), start=1):
        engine.accept(f"{person}/job_start", "job_start", f"2020-05-0{day}")
    engine.state("2020-Q2")

    engine.withdraw("P3/job_start")

    assert [line.payable for line in engine.state("2020-Q3").statement.lines] == [-60000]


def test_outcome_cut_to_nothing_is_stated_with_its_count_and_pays_nothing(engine_with: EngineWith) -> None:
    engine = engine_with(replace={"limit = 2000.00": "limit = 700.00"})
    engine.accept("P1/job_start", "job_start", "2020-05-01")
    engine.accept("P2/job_start", "job_start", "2020-05-02")

    drawn = engine.state("2020-Q2")

    assert [(line.row, line.earned, line.payable) for line in drawn.statement.lines] == [
        ("P1/job_start", 70000, 70000),
        ("P2/job_start", 70000, 0),
    ]
    assert engine.preview("2020-Q3").statement.lines == ()


def test_corrected_date_in_another_tariff_takes_back_the_old_price_and_states_the_new(
    engine_with: EngineWith,
) -> None:
    later = """
[[tariff]]
id = "price-job-2021"
metric = "job_start"
from = 2021-01-01
price = 750.00
status = "agreed"
source = "made up"
"""
    engine = engine_with(more=later)
    engine.accept("P1/job_start", "job_start", "2020-12-30")
    engine.state("2020-Q4")

    engine.accept("P1/job_start", "job_start", "2021-01-02")
    drawn = engine.state("2021-Q1")

    assert [(line.count, line.tariff, line.payable, line.own_period) for line in drawn.statement.lines] == [
        (-1, "price-job", -70000, "2020-Q4"),
        (1, "price-job-2021", 75000, "2021-Q1"),
    ]


def test_grant_is_stated_once_at_the_end_of_its_months_and_uses_the_cap(engine_with: EngineWith) -> None:
    grant = """
[[grant]]
id = "covid-1"
months = { from = 2020-04-01, to = 2020-06-30 }
amount = 1500.00
replaces = "outcome payments"
status = "agreed"
source = "made up"
"""
    engine = engine_with(more=grant)
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-07-04")

    first = engine.state("2020-Q2")
    second = engine.state("2020-Q3")

    assert [(line.kind, line.row, line.payable, line.pays) for line in first.statement.lines] == [
        ("grant", "grant/covid-1", 150000, (87000, 63000))
    ]
    # 2,000.00 less the grant leaves 500.00 of the second person's 700.00; the first started in a month of the grant.
    assert lines_of(second) == [("2020-Q3", "job_start", 1, 50000)]


def test_payer_cap_spills_to_the_other_payer_and_a_claw_back_undoes_the_spill(engine_with: EngineWith) -> None:
    payer_cap = """
[[cap]]
id = "fund-cap"
on = ["payer"]
payer = "fund"
limit = 400.00
overflow = "council"
status = "agreed"
source = "made up"
"""
    engine = engine_with(more=payer_cap)
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-07-04")

    # 42 % of 700.00 is 294.00; the second 294.00 only finds 106.00 of headroom, and 188.00 fall to the council.
    assert engine.pays("2020-Q2") == {"council": 40600, "fund": 29400}
    assert engine.pays("2020-Q3") == {"council": 59400, "fund": 10600}
    engine.withdraw("P1/job_start")
    assert engine.pays("2020-Q4") == {"council": -59400, "fund": -10600}


def test_payer_cap_per_period_carries_what_it_cuts_over_to_the_next_statement(engine_with: EngineWith) -> None:
    payer_cap = """
[[cap]]
id = "fund-quarter"
on = ["payer", "period"]
payer = "fund"
limit = 200.00
overflow = "next period"
status = "agreed"
source = "made up"
"""
    engine = engine_with(more=payer_cap)
    engine.accept("P1/job_start", "job_start", "2020-05-04")

    assert engine.pays("2020-Q2") == {"council": 40600, "fund": 20000}
    second = engine.state("2020-Q3")
    assert [(line.kind, line.pays) for line in second.statement.lines] == [("carried over", (0, 9400))]
    assert engine.preview("2020-Q4").statement.lines == ()


def test_statement_before_one_already_stated_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q3")

    with pytest.raises(RefusedError, match="2020-Q3 is stated already, so 2020-Q2 cannot be stated after it"):
        engine.preview("2020-Q2")


def test_label_that_names_no_period_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")

    with pytest.raises(RefusedError, match="'second quarter' names no period"):
        engine.preview("second quarter")


def test_same_statement_given_twice_is_refused(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    engine.stated *= 2

    with pytest.raises(FindingsError) as refused:
        engine.preview("2020-Q3")

    assert [finding.rule for finding in refused.value.findings] == ["statement-twice"]


def test_new_terms_that_change_what_was_stated_are_refused_in_pounds_until_accepted(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    text = engine.contract.read_text(encoding="utf-8")
    engine.contract.write_text(text.replace("price = 700.00", "price = 725.00"), encoding="utf-8")

    with pytest.raises(RefusedError, match=r"1 of what was stated \(P1/job_start\) would change by £25\.00"):
        engine.preview("2020-Q3")
    drawn = engine.preview("2020-Q3", accepts_restatement=True)

    assert [line.payable for line in drawn.statement.lines] == [-70000, 72500]


def test_order_of_rows_in_the_file_changes_nothing(engine_with: EngineWith) -> None:
    engine = engine_with()
    for day, person in enumerate(("P3", "P1", "P2", "P4"), start=1):
        engine.accept(f"{person}/job_start", "job_start", f"2020-05-0{5 - day}")
    one_way = engine.preview("2020-Q2").statement

    engine.rows = dict(reversed(engine.rows.items()))
    other_way = engine.preview("2020-Q2").statement

    assert one_way.lines == other_way.lines
    assert one_way.digest == other_way.digest


AMENDED = """
[[amendment]]
id = "a1"
signed_on = 2020-09-01
effective_from = 2020-10-01
replaces = ["contract-cap"]
text = "The cap is raised."
status = "agreed"
source = "made up"

[[cap]]
id = "contract-cap-2"
on = ["contract"]
limit = 2100.00
amendment = "a1"
status = "agreed"
source = "made up"
"""


def test_amended_cap_holds_for_outcomes_from_its_day_on_and_leaves_those_before_as_they_were(
    engine_with: EngineWith,
) -> None:
    engine = engine_with(more=AMENDED)
    for day, person in enumerate(("P1", "P2", "P3"), start=1):
        engine.accept(f"{person}/job_start", "job_start", f"2020-05-0{day}")
    engine.accept("P4/job_start", "job_start", "2020-10-01")

    before = engine.state("2020-Q3")
    after = engine.state("2020-Q4")

    assert before.statement.due == 200000
    assert [(line.kind, line.row, line.payable) for line in after.statement.lines] == [
        ("outcome", "P4/job_start", 10000)
    ]


def test_statement_of_nothing_keeps_its_number_and_its_place(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-08-04")

    first = engine.state("2020-Q2")
    second = engine.state("2020-Q3")

    assert (first.statement.lines, first.statement.number) == ((), 1)
    assert second.statement.number == 2
    with pytest.raises(RefusedError, match="2020-Q3 is stated already"):
        engine.preview("2020-Q2")


def test_grant_outside_the_caps_uses_none_of_their_headroom(engine_with: EngineWith) -> None:
    grant = """
[[grant]]
id = "set-up"
months = { from = 2020-04-01, to = 2020-06-30 }
amount = 1500.00
replaces = "nothing"
uses_caps = false
status = "agreed"
source = "made up"
"""
    engine = engine_with(more=grant)
    engine.accept("P1/job_start", "job_start", "2020-05-04")

    drawn = engine.state("2020-Q2")

    assert drawn.statement.total == 220000
    assert [(each.cap, each.used) for each in drawn.headroom] == [("contract-cap", 70000)]


def test_outcome_of_a_grant_month_is_not_paid_and_lets_what_requires_it_follow(engine_with: EngineWith) -> None:
    grant = """
[[grant]]
id = "covid-1"
months = { from = 2020-04-01, to = 2020-06-30 }
amount = 100.00
replaces = "outcome payments"
status = "agreed"
source = "made up"
"""
    engine = engine_with(more=grant)
    engine.accept("P1/engagement", "engagement", "2020-05-04")
    engine.accept("P1/engagement/again", "engagement", "2020-09-04")
    engine.accept("P1/job_start", "job_start", "2020-08-04")

    # The engagement of the grant month is the person's one engagement: the later one is a duplicate of it.
    assert lines_of(engine.state("2020-Q3")) == [("2020-Q2", "", 1, 10000), ("2020-Q3", "job_start", 1, 70000)]
