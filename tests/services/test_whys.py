"""What is said of each reason, on the documentation's own facts: dates that anybody can check with a calendar."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.reasons import TEXTS, Reason
from sib_engine.outcomes.why.words import Why
from sib_engine.services.derive_outcomes import DerivedOutcomes, derive_outcomes
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.price_counts import price_counts
from tests.synthetic.sites import example

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
RIVERSIDE = str(EXAMPLES / "riverside.toml")
CONTRACTS = {"enfield": "mhep/enfield", "riverside": RIVERSIDE, "west-london": "mhep/west-london"}
CLOSE = "2024-07-31"
"""Last day for claims at Enfield, an assumed term."""


@cache
def derived(name: str, known_on: str = "") -> DerivedOutcomes:
    day = date.fromisoformat(known_on) if known_on else None
    return derive_outcomes(CONTRACTS[name], EXAMPLES / f"{name}-facts.csv", known_on=day)


def why(name: str, row: str, reason: Reason, known_on: str = "") -> Why:
    lines = derived(name, known_on).listed()
    whys = next(line.whys for line in lines if line.row == row)
    return next(each for each in whys if each.reason is reason)


SAID = [
    ("enfield", "E11/job_start/shop", Reason.DUPLICATE,
     "E11/job_start/cafe of 2021-01-04 (facts row 82) is counted already; 'job_start' counts once per person",
     "nothing can, while that one stands; if it is another person's, a corrected record", None),
    ("enfield", "E12/sustained_16_plus/cafe", Reason.AFTER_END,
     "dated 2024-04-01, 1 day after the contract's last day, 2024-03-31",
     "nothing can for this date: an outcome on or before 2024-03-31 would", None),
    ("enfield", "E09/job_start/cafe", Reason.PREREQUISITE_MISSING,
     "E09/engagement of 2020-11-23 (facts row 66), which must come first, does not count: R08 evidence-missing",
     "for E09/engagement: a document (vocational profile) dated on or after 2020-11-23", CLOSE),
    ("enfield", "E12/sustained_16_plus/cafe", Reason.PREREQUISITE_MISSING,
     "E12/job_start/cafe of 2024-01-02 (facts row 91), which must come first, does not count: R10 recorded-late",
     "nothing can: E12/job_start/cafe cannot count", None),
    ("enfield", "E14/job_start/cafe", Reason.PREREQUISITE_LATER,
     "dated 2020-11-02, 21 days before E14/engagement of 2020-11-23 (facts row 98), which must come first",
     "'job_start' on or after 2020-11-23; or corrected dates, if the record is wrong", CLOSE),
    ("west-london", "W02/job_start/depot", Reason.OUTSIDE_WINDOW,
     ("dated 2020-12-16, 1 day after 2020-12-15, the last day: 9 months from W02/engagement of 2020-03-15 "
     "(facts row 9)"),
     "a date on or before 2020-12-15, if the record is wrong; else nothing", "2022-10-31"),
    ("enfield", "E01/sustained_under_16/cafe", Reason.EVIDENCE_MISSING,
     "no payslip, time slip or self-declaration is recorded for it",
     "a document (payslip, time slip or self-declaration) dated on or after 2021-04-04", CLOSE),
    ("enfield", "E08/sustained_16_plus/cafe", Reason.EVIDENCE_TOO_EARLY,
     "payslip 2021-03-31 is 4 days too early",
     "a document (payslip, time slip or self-declaration) dated on or after 2021-04-04", CLOSE),
    ("enfield", "E12/job_start/cafe", Reason.RECORDED_LATE,
     "recorded on 2024-08-10, 10 days after the deadline of 2024-07-31 (the contract's last day for claims)",
     "nothing can, unless the contract is amended", None),
    ("riverside", "R08/job_start/cafe", Reason.RECORDED_LATE,
     "recorded on 2021-04-03, 1 day after the deadline of 2021-04-02 (60 days after the outcome)",
     "nothing can, unless the contract is amended", None),
    ("enfield", "E07/job_start/library", Reason.NOT_COMPETITIVE,
     "job 'library' (facts row 55) is not recorded as competitive work",
     "a competitive, paid job; or 'competitive' corrected in facts row 55, if it is wrong", CLOSE),
    ("enfield", "E05/sustained_16_plus/cafe", Reason.HOURS_BELOW,
     "15.69 hours a week on average from 2021-01-04 to 2021-04-04; the metric asks for 16 hours or more",
     ("pay records or hours that come to 16 hours or more a week from 2021-01-04 to 2021-04-04; as it is, such hours "
     "belong to sustained_under_16"), CLOSE),
    ("riverside", "R07/sustained_16_plus/cafe", Reason.HOURS_BELOW,
     "15.80 hours a week from 2021-03-01 to 2021-03-31; the metric asks for 16 hours or more all the time",
     "pay records that give 16 hours or more from 2021-03-01 to 2021-03-31; sustained_8_plus, if all its hours fit",
     "2023-03-31"),
    ("enfield", "E01/sustained_under_16/cafe", Reason.HOURS_ABOVE,
     "20.00 hours a week on average from 2021-01-04 to 2021-04-04; the metric asks for less than 16 hours",
     "nothing as this metric: such hours belong to sustained_16_plus", None),
    ("enfield", "E04/sustained_16_plus/cafe", Reason.NOT_LONG_ENOUGH,
     "42 of 91 days in work, from 2021-01-04 to 2021-02-14: 49 days short",
     "a further job from 2021-02-22 at the latest, for 49 days more", "2021-02-22"),
    ("enfield", "E04/sustained_16_plus/shop", Reason.GAP_TOO_LONG,
     "a break of 8 days, from 2021-02-15 to 2021-02-22 (7 allowed)",
     "91 days in work from the new job on: 2021-02-23 to 2021-05-24, if there is no break", None),
    ("riverside", "R06/sustained_16_plus/shop", Reason.EMPLOYER_CHANGED,
     "the employer changed on 2021-04-12, and days with the one before are not added",
     "91 days in work with the new employer: 2021-04-12 to 2021-07-11, if there is no break", None),
    ("enfield", "E13/engagement", Reason.WRONG_SITE,
     "site 'hackney' is not in this contract",
     "a corrected site (enfield), or a claim under that site's own contract", CLOSE),
    ("riverside", "R03/engagement", Reason.NOT_ELIGIBLE,
     "work status at the referral of 2021-01-04: 'in work'",
     "a corrected referral of 2021-01-04 with work status 'out of work'", None),
    ("riverside", "R02/engagement", Reason.NO_CONSENT,
     "no consent is recorded", "the person's consent, recorded and dated on or before 2021-01-18", None),
    ("enfield", "E17/engagement", Reason.NO_REFERRAL,
     "no referral is recorded", "the person's referral, recorded and dated on or before 2020-11-23", None),
    ("riverside", "R04/six_months/cafe", Reason.AFTER_DISCHARGE,
     ("discharged on 2021-02-26; the last day that still counts is 2021-05-28, 91 days later, and this is dated "
     "2021-07-31, 64 days too late"),
     ("a discharge dated 2021-05-01 or later, or a new referral between 2021-02-27 and 2021-07-31, if the record is "
     "wrong"), None),
    ("enfield", "E10/engagement", Reason.GRANT_MONTH,
     "dated 2020-05-12, and the grant 'covid-2020-q2' paid for 2020-04-01 to 2020-06-30 instead of outcomes",
     "nothing can: the grant paid", None),
    ("west-london", "W03/engagement", Reason.COMPONENT_MISSING,
     "appointment: 2 of 3 recorded, vocational profile: 0 of 1 recorded",
     "1 more appointment or 1 more vocational profile, with its date", "2022-10-31"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "row", "reason", "found", "mend", "by"), SAID)
def test_a_reason_says_what_was_found_what_would_mend_it_and_by_when(
    name: str, row: str, reason: Reason, found: str, mend: str, by: str | None
) -> None:
    said = why(name, row, reason)

    assert said == Why(reason, found, mend, None if by is None else date.fromisoformat(by))


def test_work_that_still_lasts_says_how_far_it_is_and_to_which_day_it_has_to_last() -> None:
    said = why("enfield", "E01/sustained_16_plus/cafe", Reason.STILL_RUNNING, "2021-02-28")

    assert said.found == "56 of 91 days in work so far, from 2021-01-04 to 2021-02-28"
    assert said.mend == "the work lasting to 2021-04-04, its due date, with evidence"
    assert said.by == date(2024, 7, 31)


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_reason_is_left_with_its_general_text_alone(name: str) -> None:
    said = [each for line in derived(name).listed() for each in line.whys]

    assert said
    assert [each for each in said if each.found == TEXTS[each.reason].title] == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_explain_says_of_a_row_in_a_file_what_outcomes_said_when_it_wrote_the_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    found = derive_outcomes(CONTRACTS[name], EXAMPLES / f"{name}-facts.csv", out=path)

    for line in found.listed(only_not_counting=True)[::4]:
        outcome = explain_amounts(CONTRACTS[name], path, row=line.row).outcome
        assert outcome is not None
        said = [(each.found, each.mend, each.by) for each in outcome.reasons]
        assert said == [(each.found, each.mend, each.by) for each in line.whys]


def test_a_made_up_file_of_a_whole_site_leaves_no_reason_without_its_own_words() -> None:
    said = [each for line in example("mhep/enfield").derived.listed() for each in line.whys]

    assert len(said) > 500
    assert [each for each in said if each.found == TEXTS[each.reason].title] == []


def rows_file(folder: Path, *lines: str) -> Path:
    path = folder / "rows.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_duplicate_in_a_file_of_rows_names_the_other_row_and_its_place_in_the_file(tmp_path: Path) -> None:
    head = "row,person,metric,achieved_on"
    path = rows_file(
        tmp_path, head, "b,P1,engagement,2021-05-04", "x,P2,engagement,2021-01-04", "a,P1,engagement,2021-03-01"
    )

    outcome = explain_amounts("mhep/enfield", path, row="b").outcome

    assert outcome is not None
    (reason,) = outcome.reasons
    assert reason.code == "R01 duplicate"
    assert reason.found == "a of 2021-03-01 (row 4) is counted already; 'engagement' counts once per person"


def test_an_outcome_of_the_other_band_names_the_one_that_won(tmp_path: Path) -> None:
    head = "row,person,metric,achieved_on"
    path = rows_file(tmp_path, head, "hi,P1,sustained_16_plus,2021-04-04", "lo,P1,sustained_under_16,2021-04-04")

    outcome = explain_amounts("mhep/enfield", path, row="lo").outcome

    assert outcome is not None
    (reason,) = outcome.reasons
    assert (reason.code, reason.by) == ("R25 other-band", None)
    assert (
        reason.found
        == "hi of 2021-04-04 (row 2) is counted already; one of sustained_under_16, sustained_16_plus is paid"
    )
    assert reason.mend == "nothing can, while that one stands"


def test_an_outcome_claimed_too_soon_names_the_job_start_and_its_own_first_possible_day(tmp_path: Path) -> None:
    path = rows_file(
        tmp_path,
        "row,person,metric,achieved_on,counts,reasons",
        "job,P1,job_start,2021-01-04,yes,",
        "soon,P1,sustained_16_plus,2021-03-20,no,R06 too-soon",
    )

    outcome = explain_amounts("mhep/enfield", path, row="soon").outcome

    assert outcome is not None
    (reason,) = outcome.reasons
    # 28 days of January, 28 of February, 31 of March, 4 of April.
    assert (
        reason.found
        == "dated 2021-03-20, 15 days too early: 91 days from job of 2021-01-04 (row 2) are complete on 2021-04-04"
    )
    assert (reason.mend, reason.by) == ("the same outcome on or after 2021-04-04", date(2024, 7, 31))


def test_a_prerequisite_that_no_row_is_about_is_named_with_its_last_day(tmp_path: Path) -> None:
    path = rows_file(
        tmp_path,
        "row,person,metric,achieved_on,counts,reasons",
        "job,P1,job_start,2021-01-04,no,R04 prerequisite-missing",
        "other,P2,engagement,2021-01-04,yes,",
    )

    outcome = explain_amounts("mhep/enfield", path, row="job").outcome

    assert outcome is not None
    (reason,) = outcome.reasons
    assert reason.found == "no 'engagement' of this person is recorded, and it must come first"
    assert reason.mend == "'engagement' on or before 2021-01-04, recorded with its evidence"
    assert reason.by == date(2024, 7, 31)


def test_an_outcome_before_the_contract_says_by_how_much_and_which_day_is_the_first(tmp_path: Path) -> None:
    path = rows_file(
        tmp_path, "row,person,metric,achieved_on,counts,reasons", "early,P1,engagement,2020-03-30,no,R02 before-start"
    )

    outcome = explain_amounts("mhep/enfield", path, row="early").outcome

    assert outcome is not None
    assert [each.found for each in outcome.reasons] == [
        "dated 2020-03-30, 2 days before the contract's first day, 2020-04-01"
    ]


def test_a_refusal_to_price_names_the_row_and_its_place_in_the_file(tmp_path: Path) -> None:
    # Riverside has one price for an engagement, and two for a job start: which one depends on the day.
    path = rows_file(tmp_path, "row,metric,count", "one,engagement,2", "six,job_start,6")

    expected = (
        r"^'six' \(row 3 of the file\): 6 of metric 'job_start' have no date, and more than one tariff could apply$"
    )
    with pytest.raises(RefusedError, match=expected):
        price_counts(RIVERSIDE, path)
    with pytest.raises(RefusedError, match=expected):
        explain_amounts(RIVERSIDE, path)
