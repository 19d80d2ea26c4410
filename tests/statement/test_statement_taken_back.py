"""What takes back stated money though its own facts are as they were: what it is, and that the line says so."""

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.services.check_contract import check_contract
from sib_engine.services.draw_statement import DrawnStatement
from tests.statement.conftest import EngineWith

CROSSING = {
    'on = ["contract"]\nlimit = 2000.00': 'on = ["person"]\nlimit = 800.00\nstatus = "agreed"\nsource = "made up"\n\n'
    '[[cap]]\nid = "metric-cap"\non = ["metric"]\nlimit = 1200.00'
}
LOWER_CAP = """
[[amendment]]
id = "am1"
signed_on = 2020-07-10
effective_from = 2020-07-15
replaces = ["contract-cap"]
text = "A lower cap."
status = "agreed"
source = "made up"

[[cap]]
id = "lower-cap"
on = ["contract"]
limit = 1000.00
amendment = "am1"
status = "agreed"
source = "made up"
"""


def lines(drawn: DrawnStatement) -> list[tuple[str, str, int, str]]:
    return [(line.kind.value, line.row, line.payable, line.why) for line in drawn.statement.lines]


def test_under_caps_that_cross_a_withdrawal_can_take_back_from_another_and_the_line_says_which_cap(
    engine_with: EngineWith,
) -> None:
    engine = engine_with(replace=CROSSING)
    engine.accept("P1/engagement", "engagement", "2020-04-20")
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")  # 300.01, and 499.99 that are left of the person's 800.00
    engine.accept("P2/job_start", "job_start", "2020-07-06")
    engine.state("2020-Q3")  # 700.00, and 0.01 of the metric's 1,200.00 is left
    engine.withdraw("P1/engagement")

    assert lines(engine.preview("2020-Q4")) == [
        ("correction", "P1/engagement", -30001, "no longer among the rows"),
        (
            "headroom",
            "P2/job_start",
            -20000,
            "counted as stated; metric-cap leaves less for it, as what is known of other outcomes has changed",
        ),
        ("headroom", "P1/job_start", 20001, ""),
    ]


def test_an_outcome_stated_earlier_that_earns_more_takes_its_room_first_and_the_line_says_so(
    engine_with: EngineWith,
) -> None:
    engine = engine_with()  # 2,000.00 in all
    engine.accept("count/1", "job_start", "2020-05-04", person="", count="1")
    engine.state("2020-Q2")
    engine.accept("P2/job_start", "job_start", "2020-07-06")
    engine.state("2020-Q3")
    engine.accept("count/1", "job_start", "2020-05-04", person="", count="2")

    assert lines(engine.preview("2020-Q4")) == [
        (
            "headroom",
            "P2/job_start",
            -10000,
            "counted as stated; contract-cap leaves less for it, as what is known of other outcomes has changed",
        ),
        ("correction", "count/1", 70000, "count was 1, is 2"),
    ]


def test_a_withdrawal_under_caps_that_nest_takes_nothing_from_anybody_else(engine_with: EngineWith) -> None:
    engine = engine_with(replace={"limit = 2000.00": "limit = 1200.00"})
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-05-05")
    engine.state("2020-Q2")
    engine.withdraw("P1/job_start")

    assert [line[:3] for line in lines(engine.preview("2020-Q3"))] == [
        ("correction", "P1/job_start", -70000),
        ("headroom", "P2/job_start", 20000),
    ]


def test_an_amendment_that_lowers_a_cap_from_a_later_day_leaves_what_was_stated_before_it(
    engine_with: EngineWith,
) -> None:
    engine = engine_with(more=LOWER_CAP)
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-05-05")
    engine.state("2020-Q2")
    engine.accept("P3/job_start", "job_start", "2020-08-03")

    drawn = engine.preview("2020-Q3")

    # 1,400.00 was paid under the old cap; the new one of 1,000.00 leaves nothing for what comes after it.
    assert [line[:3] for line in lines(drawn)] == [("outcome", "P3/job_start", 0)]
    assert drawn.as_dict()["restatements"] == []


def test_an_amendment_that_lowers_a_cap_for_the_past_is_priced_refused_and_explained(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.accept("P2/job_start", "job_start", "2020-05-05")
    engine.state("2020-Q2")
    back = LOWER_CAP.replace("effective_from = 2020-07-15", "effective_from = 2020-05-01")
    engine.contract.write_text(engine.contract.read_text(encoding="utf-8") + back, encoding="utf-8")

    with pytest.raises(RefusedError, match=r"1 of what was stated \(P2/job_start\) would change by -£400\.00"):
        engine.preview("2020-Q3")
    drawn = engine.preview("2020-Q3", accepts_restatement=True)
    moved = [
        finding.what
        for finding in check_contract(str(engine.contract), rows=engine.folder / "rows.csv").findings
        if finding.rule == "amendment-moves"
    ]

    why = "counted as stated; lower-cap leaves less for it, as amendment am1 has taken effect since statement 1"
    assert lines(drawn) == [("headroom", "P2/job_start", -40000, why)]
    assert drawn.as_dict()["restatements"] == [{"of": "P2/job_start", "before": "700.00", "after": "300.00"}]
    said = "of the 2 outcomes achieved before it was signed on 2020-07-10, it moves what is payable from"
    assert moved == [f"{said} £1,400.00 to £1,000.00: -£400.00 (council -£232.00, fund -£168.00)"]


def test_an_amendment_that_moves_nothing_of_the_past_is_not_reported(engine_with: EngineWith) -> None:
    engine = engine_with(more=LOWER_CAP)
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.preview("2020-Q2")

    assert check_contract(str(engine.contract), rows=engine.folder / "rows.csv").moved == ()


def test_a_price_raised_for_the_past_is_one_correction_at_its_net_amount(engine_with: EngineWith) -> None:
    engine = engine_with()
    engine.accept("P1/job_start", "job_start", "2020-05-04")
    engine.state("2020-Q2")
    text = engine.contract.read_text(encoding="utf-8").replace("price = 700.00", "price = 800.00")
    engine.contract.write_text(text, encoding="utf-8")

    drawn = engine.preview("2020-Q3", accepts_restatement=True)

    assert [line[:3] for line in lines(drawn)] == [
        ("correction", "P1/job_start", -70000),
        ("correction", "P1/job_start", 80000),
    ]
    assert [(each.row, each.count, each.payable, each.why) for each in drawn.corrections] == [
        ("P1/job_start", 0, 10000, "price was '700.00', is '800.00'")
    ]
    assert drawn.as_dict()["corrections"][0]["payable"] == "100.00"


def test_what_is_clawed_back_says_why(engine_with: EngineWith) -> None:
    claw_back = 'employment = {}\nclaw_back = { share = "50%", days = 90, from = "outcome" }'
    engine = engine_with(replace={'definition = "Started a job."': f'definition = "Started a job."\n{claw_back}'})
    engine.accept("P1/job_start", "job_start", "2020-05-04", person="P1")
    engine.state("2020-Q2")
    engine.accept("P1/job_start", "job_start", "2020-05-04", person="P1", ended_on="2020-07-10")

    why = "the job ended on 2020-07-10, within 90 days of the outcome of 2020-05-04: 50% is taken back"
    assert [line[2:] for line in lines(engine.preview("2020-Q3"))] == [(-35000, f"{why}, rounded half-even")]
