from datetime import date

from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import (
    Activity,
    Component,
    Counts,
    Employment,
    EvidenceFrom,
    EvidenceRule,
    EvidenceState,
    Needed,
)
from tests.oracle.build import contract, metric
from tests.outcomes.people import Line, Seen, document, fact, facts_of, outcomes, referral, work

PAYSLIP_OR_LETTER = EvidenceRule(("payslip", "employer letter"), Needed.ANY)
BOTH = EvidenceRule(("payslip", "employer letter"), Needed.ALL)
FORM_AND_ONE = EvidenceRule(("form", ("letter", "payslip", "P45")), Needed.ALL)
JOB = work("2021-01-04..2021-12-31", job="a")  # 91 days on 4 April 2021


def sustained(evidence: EvidenceRule, **terms: object) -> Contract:
    return contract(metrics=(metric("sustained", rule=Employment(days=91), evidence=evidence, **terms),))


def seen(evidence: EvidenceRule, *lines: Line, known_on: str | None = None) -> Seen:
    return outcomes(sustained(evidence), referral(), JOB, *lines, known_on=known_on)["P1/sustained/a"]


def test_without_a_document_the_evidence_is_missing() -> None:
    assert seen(PAYSLIP_OR_LETTER).reasons == ("evidence-missing",)


def test_a_contract_that_names_no_evidence_asks_for_none() -> None:
    assert seen(EvidenceRule()).reasons == ()


def test_a_document_dated_on_the_day_of_the_outcome_shows_it() -> None:
    row = seen(PAYSLIP_OR_LETTER, document("payslip", "2021-04-04"))

    assert row.reasons == ()
    assert row.evidence == "payslip 2021-04-04"


def test_a_document_dated_a_day_before_the_outcome_is_too_early() -> None:
    row = seen(PAYSLIP_OR_LETTER, document("payslip", "2021-04-03"))

    assert row.reasons == ("evidence-too-early",)
    assert row.evidence == ""


def test_a_later_document_mends_one_that_is_too_early() -> None:
    row = seen(PAYSLIP_OR_LETTER, document("payslip", "2021-04-03"), document("payslip", "2021-04-30"))

    assert row.reasons == ()
    assert row.evidence == "payslip 2021-04-30"


def test_a_document_of_another_kind_does_not_show_it() -> None:
    assert seen(PAYSLIP_OR_LETTER, document("bank statement", "2021-04-30")).reasons == ("evidence-missing",)


def test_kinds_are_the_same_in_capitals_and_an_inspected_document_is_as_good() -> None:
    row = seen(PAYSLIP_OR_LETTER, document("Employer Letter", "2021-04-30", held="inspected"))

    assert row.reasons == ()
    assert row.evidence == "Employer Letter 2021-04-30 (inspected)"


def test_where_all_kinds_are_needed_each_is_judged_by_itself() -> None:
    payslip, letter = document("payslip", "2021-04-30"), document("employer letter", "2021-05-02")
    early_letter = document("employer letter", "2021-04-01")

    assert seen(BOTH, payslip).reasons == ("evidence-missing",)
    assert seen(BOTH, payslip, early_letter).reasons == ("evidence-too-early",)
    assert seen(BOTH, early_letter).reasons == ("evidence-missing", "evidence-too-early")
    assert seen(BOTH, payslip, letter).reasons == ()
    assert seen(BOTH, payslip, letter).evidence == "payslip 2021-04-30, employer letter 2021-05-02"


def test_a_form_always_and_one_of_several_documents_besides() -> None:
    form, letter, payslip = (document(kind, "2021-04-30") for kind in ("form", "letter", "payslip"))

    assert seen(FORM_AND_ONE, form).reasons == ("evidence-missing",)
    assert seen(FORM_AND_ONE, letter, payslip).reasons == ("evidence-missing",)
    assert seen(FORM_AND_ONE, form, letter).reasons == ()
    assert seen(FORM_AND_ONE, form, payslip).reasons == ()


def test_what_is_missing_of_a_form_and_alternatives_is_said() -> None:
    def said(*lines: Line) -> list[tuple[str, str]]:
        ((*whys,),) = find_outcomes(sustained(FORM_AND_ONE), facts_of(referral(), JOB, *lines)).whys
        return [(why.found, why.mend) for why in whys]

    assert said() == [
        (
            "no form and none of letter, payslip or P45 is recorded for it",
            "documents (form and one of letter, payslip or P45) dated on or after 2021-04-04",
        )
    ]
    assert said(document("form", "2021-04-30")) == [
        (
            "none of letter, payslip or P45 is recorded for it; recorded is form 2021-04-30",
            "a document (one of letter, payslip or P45) dated on or after 2021-04-04",
        )
    ]
    assert said(document("form", "2021-04-30"), document("P45", "2021-04-01")) == [
        (
            "P45 2021-04-01 is 3 days too early",
            "a document (one of letter, payslip or P45) dated on or after 2021-04-04",
        )
    ]


def test_of_alternatives_the_one_known_first_decides_and_of_all_the_last() -> None:
    row = seen(
        FORM_AND_ONE,
        document("letter", "2021-04-30", recorded_on="2021-09-01"),
        document("payslip", "2021-04-30", recorded_on="2021-06-01"),
        document("form", "2021-04-30", recorded_on="2021-07-01"),
    )

    assert row.recorded_on == "2021-07-01"


def test_documents_from_the_start_of_work_or_of_any_day_where_the_contract_says_so() -> None:
    first_day, before = document("payslip", "2021-01-04"), document("payslip", "2021-01-03")
    from_work = EvidenceRule(("payslip",), dated=EvidenceFrom.WORK)
    any_day = EvidenceRule(("payslip",), dated=EvidenceFrom.ANY)

    assert seen(from_work, first_day).reasons == ()
    assert seen(from_work, before).reasons == ("evidence-too-early",)
    assert seen(any_day, before).reasons == ()
    assert seen(EvidenceRule(("payslip",)), first_day).reasons == ("evidence-too-early",)


def test_any_day_leaves_no_day_in_what_is_missing() -> None:
    any_day = EvidenceRule(("payslip",), dated=EvidenceFrom.ANY)

    ((why,),) = find_outcomes(sustained(any_day), facts_of(referral(), JOB)).whys

    assert why.mend == "a document (payslip)"


def test_a_document_of_another_job_or_metric_does_not_show_it() -> None:
    other_job = document("payslip", "2021-04-30", job="z")
    other_metric = document("payslip", "2021-04-30", metric="job_start")
    this_one = document("payslip", "2021-04-30", job="a", metric="sustained")

    assert seen(PAYSLIP_OR_LETTER, other_job).reasons == ("evidence-missing",)
    assert seen(PAYSLIP_OR_LETTER, other_metric).reasons == ("evidence-missing",)
    assert seen(PAYSLIP_OR_LETTER, this_one).reasons == ()


def test_a_document_may_name_the_metric_by_its_indigo_id() -> None:
    terms = sustained(PAYSLIP_OR_LETTER, indigo="outcomemetric3")

    found = outcomes(terms, referral(), JOB, document("payslip", "2021-04-30", metric="outcomemetric3"))

    assert found["P1/sustained/a"].reasons == ()


def test_documents_of_either_job_show_a_run_of_two() -> None:
    found = outcomes(
        sustained(PAYSLIP_OR_LETTER),
        referral(),
        work("2021-01-04..2021-02-02", job="a"),
        work("2021-02-03..2021-12-31", job="b"),
        document("payslip", "2021-04-30", job="b"),
    )

    assert found["P1/sustained/a"].reasons == ()


def test_documents_of_another_person_show_nothing() -> None:
    found = outcomes(sustained(PAYSLIP_OR_LETTER), referral(), JOB, document("payslip", "2021-04-30", person="P2"))

    assert found["P1/sustained/a"].reasons == ("evidence-missing",)


def test_the_outcome_is_known_when_its_first_sufficient_document_is() -> None:
    late = document("payslip", "2021-04-30", recorded_on="2021-09-15")
    earlier = document("employer letter", "2021-06-30", recorded_on="2021-07-01")

    assert seen(PAYSLIP_OR_LETTER, late).recorded_on == "2021-09-15"
    assert seen(PAYSLIP_OR_LETTER, late, earlier).recorded_on == "2021-07-01"
    assert seen(BOTH, late, earlier).recorded_on == "2021-09-15"


def test_an_outcome_is_not_known_before_it_is_achieved() -> None:
    assert seen(EvidenceRule()).recorded_on == "2021-04-04"


def test_evidence_recorded_after_claims_close_is_late() -> None:
    on_the_last_day = document("payslip", "2021-04-30", recorded_on="2024-07-31")
    a_day_later = document("payslip", "2021-04-30", recorded_on="2024-08-01")

    assert seen(PAYSLIP_OR_LETTER, on_the_last_day).reasons == ()
    assert seen(PAYSLIP_OR_LETTER, a_day_later).reasons == ("recorded-late",)


def test_one_of_two_needed_documents_that_came_too_late_is_not_mended_by_the_other() -> None:
    terms = sustained(BOTH, claim_within_days=60)  # 60 days after 4 April: 3 June 2021
    on_the_last_day = document("payslip", "2021-04-30", recorded_on="2021-06-03")
    a_day_later = document("payslip", "2021-04-30", recorded_on="2021-06-04")
    letter = document("employer letter", "2021-04-30", recorded_on="2021-05-01")

    def row(*lines: Line) -> Seen:
        return outcomes(terms, referral(), JOB, *lines)["P1/sustained/a"]

    assert (row(on_the_last_day).reasons, row(on_the_last_day).by_when) == (("evidence-missing",), "2021-06-03")
    assert (row(a_day_later).reasons, row(a_day_later).by_when) == (("evidence-missing", "recorded-late"), "NaT")
    assert (row(a_day_later, letter).reasons, row(a_day_later, letter).by_when) == (("recorded-late",), "NaT")


def test_the_last_day_to_record_what_is_missing_is_given() -> None:
    until_close = seen(PAYSLIP_OR_LETTER)
    within_60_days = outcomes(sustained(PAYSLIP_OR_LETTER, claim_within_days=60), referral(), JOB)
    close_comes_first = outcomes(
        contract(
            claims_close=date(2021, 5, 1),
            metrics=(metric("sustained", rule=Employment(days=91), evidence=PAYSLIP_OR_LETTER, claim_within_days=60),),
        ),
        referral(),
        JOB,
    )

    assert until_close.by_when == "2024-07-31"
    assert within_60_days["P1/sustained/a"].by_when == "2021-06-03"
    assert close_comes_first["P1/sustained/a"].by_when == "2021-05-01"


def test_evidence_that_came_later_was_missing_as_known_before() -> None:
    payslip = document("payslip", "2021-04-30", recorded_on="2021-09-15")

    assert seen(PAYSLIP_OR_LETTER, payslip, known_on="2021-09-14").reasons == ("evidence-missing",)
    assert seen(PAYSLIP_OR_LETTER, payslip, known_on="2021-09-15").reasons == ()


def test_a_document_of_any_part_shows_an_activity_whose_last_part_came_later() -> None:
    rule = Activity((Component("appointment"), Component("vocational profile")), Needed.ALL)
    terms = contract(
        metrics=(
            metric("engagement", rule=rule, evidence=EvidenceRule(("profile form",)), counts=Counts.ONCE_PER_PERSON),
        )
    )
    parts = (referral(), fact("vocational profile", "2021-05-02"), fact("appointment", "2021-05-10"))

    with_the_profile = outcomes(terms, *parts, document("profile form", "2021-05-02"))
    before_any_part = outcomes(terms, *parts, document("profile form", "2021-05-01"))

    assert with_the_profile["P1/engagement"].reasons == ()
    assert with_the_profile["P1/engagement"].achieved_on == "2021-05-10"
    assert before_any_part["P1/engagement"].reasons == ("evidence-too-early",)


def test_evidence_is_not_asked_of_what_is_not_achieved_yet() -> None:
    rule = Activity((Component("appointment", 3),), Needed.ALL)
    terms = contract(
        metrics=(
            metric("engagement", rule=rule, evidence=PAYSLIP_OR_LETTER),
            metric("sustained", rule=Employment(days=91), evidence=PAYSLIP_OR_LETTER),
        )
    )

    found = outcomes(
        terms,
        referral(),
        fact("appointment", "2021-01-04"),
        work("2021-01-04", job="a"),
        work("2021-01-04..2021-01-31", job="b", person="P2"),
        referral(person="P2"),
    )

    assert found["P1/engagement"].reasons == ("component-missing",)
    assert found["P1/sustained/a"].reasons == ("still-running",)
    assert found["P2/sustained/b"].reasons == ("evidence-missing", "not-long-enough")


def test_where_a_document_must_be_held_or_inspected_one_that_is_only_reported_shows_nothing() -> None:
    rule = EvidenceRule(("payslip",), Needed.ANY, must_be=EvidenceState.SEEN)

    facts = facts_of(referral(), JOB, document("payslip", "2021-04-30", held=""))
    ((why,),) = find_outcomes(sustained(rule), facts).whys

    assert seen(rule, document("payslip", "2021-04-30", held="")).reasons == ("evidence-missing",)
    assert why.found == (
        "no payslip is recorded for it; recorded is payslip 2021-04-30 (neither held nor inspected) (not accepted)"
    )
    assert why.mend == "a document (payslip) dated on or after 2021-04-04, held or inspected"
    assert seen(rule, document("payslip", "2021-04-30", held="held")).reasons == ()
    assert seen(rule, document("payslip", "2021-04-30", held="inspected")).reasons == ()
    assert seen(EvidenceRule(("payslip",)), document("payslip", "2021-04-30", held="")).reasons == ()
