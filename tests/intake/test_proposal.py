from sib_engine.outcomes.intake.mapping import FactRule, Source
from sib_engine.outcomes.intake.mapping_file import mapping_of
from sib_engine.outcomes.intake.proposal import Proposal, proposed
from tests.intake.trackers import terms

HEADINGS = (
    "Client ID", "Name", "Date of referral", "1st appt", "Job start date", "Job 1 end", "Weekly hours", "Employer name",
    "Job 2 start", "13 week evidence date", "Gender", "Notes",
)  # fmt: skip


def proposal(*headings: str) -> Proposal:
    return proposed(headings or HEADINGS, terms(), name="made-up", sheet="Caseload", heading_row=3)


def test_headings_are_guessed_each_with_a_reason_and_the_others_are_named() -> None:
    found = proposal()

    assert [(each.heading, each.fact, each.column, each.job) for each in found.guesses] == [
        ("Client ID", "every fact", "person", ""),
        ("Date of referral", "referral", "on", ""),
        ("1st appt", "appointment", "on", ""),
        ("Job start date", "employment", "on", "1"),
        ("Job 1 end", "employment", "until", "1"),
        ("Weekly hours", "employment", "hours", "1"),
        ("Employer name", "employment", "detail", "1"),
        ("Job 2 start", "employment", "on", "2"),
        ("13 week evidence date", "evidence", "on", ""),
        ("Gender", "referral", "sex", ""),
    ]
    assert found.unknown == ("Name", "Notes")
    assert all(each.reason for each in found.guesses)
    assert "say which document it is: payslip, employer letter" in dict(found.missing)["detail of evidence"]


def test_a_proposal_is_no_mapping_until_somebody_has_agreed_to_it() -> None:
    found, findings = mapping_of(proposal().as_json().encode())

    assert found is None
    assert {"mapping-proposed", "dates-undeclared"} <= {each.rule for each in findings}


def test_what_money_hangs_on_is_left_open_and_refused_until_it_is_filled_in() -> None:
    confirmed = proposal().confirmed(name="ours", dates=["dd/mm/yyyy"])

    found, findings = mapping_of(confirmed.as_json().encode())

    assert found is None
    assert [(each.rule, each.at.key.partition(".")[2]) for each in findings] == [
        ("source-unclear", "competitive"),
        ("source-unclear", "competitive"),
        ("source-unclear", "detail"),
    ]


def test_a_proposal_without_open_questions_can_be_saved_as_it_is() -> None:
    confirmed = proposal("Participant ref", "Referral date", "Appointment").confirmed(name="ours", dates=["dd/mm/yyyy"])

    found, findings = mapping_of(confirmed.as_json().encode())

    assert findings == ()
    assert found is not None
    assert found.facts == (
        FactRule({"fact": Source(constant="referral"), "on": Source("Referral date")}),
        FactRule({"fact": Source(constant="appointment"), "on": Source("Appointment")}),
    )
    assert (found.sheet, found.heading_row, found.contract) == ("Caseload", 3, "made-up")


def test_of_two_headings_that_would_feed_the_same_the_first_is_taken() -> None:
    assert proposal("ID", "Client number", "Referred").unknown == ("Client number",)


def test_a_missing_person_is_said() -> None:
    assert proposal("Referred").missing == (("person of every fact", "no column seems to feed it"),)
