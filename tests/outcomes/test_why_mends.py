"""What is said of a row holds: what would make it count would, and where nothing can, that is said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import Reason
from sib_engine.outcomes.why.words import Why
from sib_engine.terms.contract import Consent, Contract, Eligibility
from sib_engine.terms.metric import Counts, Employment, EvidenceRule, HoursRule, Length, Needed, Window
from tests.oracle.build import AGREED, contract, metric
from tests.outcomes.people import Line, document, fact, facts_of, read, referral, work

ONCE = Counts.ONCE_PER_PERSON


def why(terms: Contract, row: str, reason: Reason, *lines: Line, known_on: date | None = None) -> Why:
    table = find_outcomes(terms, facts_of(*lines), known_on=known_on)
    (said,) = [each for each in table.whys[table.row_ids().index(row)] if each.reason is reason]
    return said


def lasting(rule: Employment, *, end: date) -> Contract:
    return replace(contract(metrics=(metric("sustained", rule=rule, counts=ONCE),)), end=end)


def short(rule: Employment, *, end: date) -> tuple[str, str | None]:
    """Return what is said of 91 days of work that ended on the last day of 2021."""
    of = lasting(rule, end=end)
    said = why(of, "P1/sustained/a", Reason.NOT_LONG_ENOUGH, referral(), work("2021-10-02..2021-12-31", job="a"))
    return said.mend, None if said.by is None else said.by.isoformat()


def test_no_further_work_helps_that_could_not_be_long_enough_within_the_contract() -> None:
    nothing = "nothing: the contract's last day is 2021-12-31, before 91 days more could be worked"
    end = date(2021, 12, 31)

    assert short(Employment(days=182, gap_days=7), end=end) == (nothing, None)
    assert short(Employment(days=182, gap_days=2**18), end=end) == (nothing, None)
    assert short(Employment(days=182, within_days=200), end=end) == (nothing, None)


def test_further_work_has_to_begin_early_enough_for_the_end_of_the_contract() -> None:
    rule = Employment(days=182, gap_days=7)

    assert short(rule, end=date(2022, 4, 1)) == (
        "a further job from 2022-01-01 at the latest, for 91 days more",
        "2022-01-01",
    )
    assert short(rule, end=date(2022, 3, 31))[0].startswith("nothing: ")
    assert short(rule, end=date(2022, 12, 31)) == (
        "a further job from 2022-01-08 at the latest, for 91 days more",
        "2022-01-08",
    )
    assert short(Employment(days=182, within_days=365), end=date(2022, 6, 30)) == (
        "91 days more in work by 2022-06-30, the contract's last day",
        "2022-06-30",
    )


def test_what_is_too_soon_cannot_be_repeated_after_the_contract_is_over() -> None:
    window = Window("visit", not_before=Length(days=60))
    terms = contract(metrics=(metric("visit", counts=ONCE), metric("later", counts=ONCE, within=window)))
    lines = (referral(), fact("visit", "2021-12-01"), fact("later", "2021-12-20"))

    said = why(replace(terms, end=date(2021, 12, 31)), "P1/later", Reason.TOO_SOON, *lines)

    assert (said.mend, said.by) == ("nothing can: the contract's last day is 2021-12-31, before 2022-01-30", None)


def test_a_corrected_date_would_have_to_lie_before_the_outcome_that_counts_already() -> None:
    start = metric("start", rule=Employment(), counts=ONCE, within=Window("visit", days=90))
    terms = contract(metrics=(metric("visit", counts=ONCE), start))
    lines = (referral(), fact("visit", "2021-01-01"))
    late = work("2021-06-01..2021-12-31", job="b")

    alone = why(terms, "P1/start/b", Reason.OUTSIDE_WINDOW, *lines, late)
    second = why(terms, "P1/start/b", Reason.OUTSIDE_WINDOW, *lines, work("2021-02-01..2021-03-31", job="a"), late)

    assert alone.mend == "a date on or before 2021-04-01, if the record is wrong; else nothing"
    assert second.mend == (
        "a date on or before 2021-04-01 and before P1/start/a of 2021-02-01 (facts row 4), which counts already,"
        " if the record is wrong; else nothing"
    )


def test_what_came_too_soon_is_told_of_the_outcome_that_counts_already() -> None:
    window = Window("visit", not_before=Length(days=60))
    terms = contract(metrics=(metric("visit", counts=ONCE), metric("form", counts=ONCE, within=window)))
    lines = (referral(), fact("visit", "2021-01-01"), fact("form", "2021-02-01"))

    later = why(terms, "P1/form", Reason.TOO_SOON, *lines, fact("form", "2021-05-01"))
    first_day = why(terms, "P1/form", Reason.TOO_SOON, *lines, fact("form", "2021-03-02"))

    assert later.mend == (
        "the same outcome on or after 2021-03-02 and before P1/form/2021-05-01 of 2021-05-01 (facts row 5),"
        " which counts already"
    )
    assert first_day.mend == (
        "nothing can, while P1/form/2021-03-02 of 2021-03-02 (facts row 5) counts: 'form' counts once per person"
    )


def test_a_referral_on_the_day_of_the_discharge_is_said_not_to_follow_it() -> None:
    terms = contract(metrics=(metric("form"),), eligibility=Eligibility(Consent.NOT_REQUIRED, (), 0, AGREED))
    lines = (referral(), fact("discharge", "2021-01-05"), fact("form", "2021-03-01"))

    said = why(terms, "P1/form/2021-03-01", Reason.AFTER_DISCHARGE, *lines, referral("2021-01-05"))

    assert said.found.endswith("55 days too late; a referral of the day of the discharge does not follow it")
    assert said.mend == (
        "a discharge dated 2021-03-01 or later, or a new referral between 2021-01-06 and 2021-03-01,"
        " if the record is wrong"
    )


def test_a_second_referral_is_said_to_lift_a_discharge_only() -> None:
    _, (finding,) = read(referral(), referral("2021-01-05"))

    assert finding.what == (
        "person 'P1' has another referral: the earliest one is used, and a later one only lifts a discharge before it"
    )


def test_what_is_due_after_the_last_day_for_claims_is_not_said_to_be_recorded_already() -> None:
    terms = replace(lasting(Employment(days=91), end=date(2022, 12, 31)), claims_close=date(2022, 3, 31))

    said = why(
        terms,
        "P1/sustained/a",
        Reason.RECORDED_LATE,
        referral(),
        work("2022-01-02..", job="a"),
        known_on=date(2022, 2, 1),
    )

    assert said.found == (
        "to be recorded on 2022-04-02 at the earliest, 2 days after the deadline of 2022-03-31"
        " (the contract's last day for claims)"
    )


def test_one_day_is_called_a_day() -> None:
    start = metric("start", rule=Employment(hours_from=Decimal(16), hours=HoursRule.CONTRACTED), counts=ONCE)
    line = work("2021-05-29..2021-12-31", job="a", hours="12")

    said = why(contract(metrics=(start,)), "P1/start/a", Reason.HOURS_BELOW, referral(), line)

    assert said.mend == "weekly hours of the job that give 16 hours or more on 2021-05-29"


def test_several_documents_are_not_called_a_document() -> None:
    both = EvidenceRule(("payslip", "letter"), Needed.ALL)
    terms = contract(metrics=(metric("sustained", rule=Employment(days=28), counts=ONCE, evidence=both),))
    lines = (referral(), work("2021-01-04..2021-12-31", job="a"))

    none = why(terms, "P1/sustained/a", Reason.EVIDENCE_MISSING, *lines)
    one = why(terms, "P1/sustained/a", Reason.EVIDENCE_MISSING, *lines, document("payslip", "2021-03-01"))

    assert none.mend == "documents (payslip and letter) dated on or after 2021-01-31"
    assert one.mend == "a document (letter) dated on or after 2021-01-31"
