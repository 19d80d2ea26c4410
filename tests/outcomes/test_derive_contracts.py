"""People's facts under the contract files of the programme, from referral to the outcome that is paid."""

from pathlib import Path

import pytest

from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load_contract
from tests.outcomes.people import Line, document, fact, outcomes, referral, work

MHEP = Path(__file__).parents[2] / "contracts" / "mhep"


def terms(name: str) -> Contract:
    return load_contract(MHEP / f"{name}.toml")


def engaged(on: str, *, site: str = "", person: str = "P1") -> list[Line]:
    """Return what engages a person on a day at the sites that ask for an appointment and a profile."""
    return [
        referral("2020-04-01", site=site, detail="unemployed", person=person),
        fact("appointment", on, site=site, person=person),
        fact("vocational profile", on, site=site, person=person),
        document("vocational profile", on, site=site, person=person),
    ]


def in_a_job(days: str, job: str, hours: str, shown_on: str) -> list[Line]:
    """Return a job with the documents for its start and for 13 weeks."""
    return [
        work(days, job=job, hours=hours),
        document("employer letter", days[:10], job=job),
        document("payslip", shown_on, job=job),
    ]


def reasons(contract: Contract, *lines: Line, known_on: str | None = None) -> dict[str, tuple[str, ...]]:
    return {row_id: row.reasons for row_id, row in outcomes(contract, *lines, known_on=known_on).items()}


@pytest.mark.parametrize("name", ["enfield", "haringey-barnet", "shropshire", "tower-hamlets-mh"])
@pytest.mark.parametrize(
    ("hours", "paid", "not_paid", "why"),
    [
        ("15.99", "sustained_under_16", "sustained_16_plus", "hours-below"),
        ("16", "sustained_16_plus", "sustained_under_16", "hours-above"),
    ],
)
def test_engagement_job_start_and_13_weeks_by_hours_band(
    name: str, hours: str, paid: str, not_paid: str, why: str
) -> None:
    lines = [*engaged("2021-06-01"), *in_a_job("2021-07-05..2021-12-31", "a", hours, "2021-10-29")]
    site = terms(name).site_codes[0]

    found = reasons(terms(name), *({**line, "site": site} for line in lines))

    assert found == {
        "P1/engagement": (),
        "P1/job_start/a": (),
        f"P1/{paid}/a": (),
        f"P1/{not_paid}/a": (why,),
    }


def test_nothing_counts_for_a_person_who_was_never_engaged() -> None:
    found = reasons(terms("enfield"), referral(), *in_a_job("2021-07-05..2021-12-31", "a", "20", "2021-10-29"))

    assert found == {
        "P1/job_start/a": ("prerequisite-missing",),
        "P1/sustained_16_plus/a": ("prerequisite-missing",),
        "P1/sustained_under_16/a": ("prerequisite-missing", "hours-above"),
    }


def test_a_job_that_started_before_the_engagement_does_not_count() -> None:
    lines = [*engaged("2021-08-01"), *in_a_job("2021-07-05..2021-12-31", "a", "20", "2021-10-29")]

    found = reasons(terms("enfield"), *lines)

    assert found["P1/job_start/a"] == ("prerequisite-later",)
    assert found["P1/sustained_16_plus/a"] == ("prerequisite-missing",)


def test_outcomes_of_the_months_that_a_grant_paid_for_do_not_count() -> None:
    found = reasons(terms("enfield"), *engaged("2020-06-30"))

    assert found == {"P1/engagement": ("grant-month",)}


def test_an_open_job_at_enfield_is_due_in_the_band_of_its_hours() -> None:
    lines = [
        *engaged("2021-06-01"),
        work("2021-07-05", job="a", hours="20"),
        document("employer letter", "2021-07-05", job="a"),
    ]

    found = outcomes(terms("enfield"), *lines, known_on="2021-08-31")

    assert {row_id: row.due_on for row_id, row in found.items() if row.due_on != "NaT"} == {
        "P1/sustained_16_plus/a": "2021-10-03"
    }


def test_a_job_start_in_west_london_counts_up_to_nine_months_after_engagement() -> None:
    def start(on: str) -> tuple[str, ...]:
        lines = (
            referral("2019-02-01"),
            fact("vocational profile", "2019-03-31"),
            document("vocational profile", "2019-03-31"),
            work(f"{on}..2020-12-31", job="a"),
            document("first payslip", "2020-01-31", job="a"),
        )
        return reasons(terms("west-london"), *lines)["P1/job_start/a"]

    assert start("2019-12-31") == ()
    assert start("2020-01-01") == ("outside-window",)


def test_a_health_improvement_counts_from_six_months_after_the_engagement_in_west_london() -> None:
    def better(on: str) -> tuple[str, ...]:
        lines = (
            referral("2019-02-01"),
            fact("vocational profile", "2019-03-31"),
            document("vocational profile", "2019-03-31"),
            fact("health_improvement", on),
        )
        return reasons(terms("west-london"), *lines)["P1/health_improvement"]

    assert better("2019-09-29") == ("too-soon",)
    assert better("2019-09-30") == ()
    assert better("2021-09-30") == ()


def test_three_appointments_engage_a_person_in_west_london() -> None:
    appointments = [fact("appointment", f"2019-03-{day}") for day in ("04", "11", "18")]

    found = outcomes(
        terms("west-london"), referral("2019-02-01"), *appointments, document("appointment record", "2019-03-18")
    )

    assert (found["P1/engagement"].achieved_on, found["P1/engagement"].reasons) == ("2019-03-18", ())


def test_each_job_counts_at_tower_hamlets_learning_disability() -> None:
    lines = [
        *engaged("2021-02-01"),
        *in_a_job("2021-03-01..2021-06-30", "a", "8", "2021-06-30"),
        *in_a_job("2021-07-01..2021-12-31", "b", "20", "2021-10-29"),
    ]

    per_job = reasons(terms("tower-hamlets-ld"), *lines)
    per_person = reasons(terms("tower-hamlets-mh"), *lines)

    assert [row_id for row_id, why in per_job.items() if not why] == [
        "P1/engagement",
        "P1/job_start/a",
        "P1/job_start/b",
        "P1/sustained_16_plus/b",
        "P1/sustained_under_16/a",
    ]
    assert [row_id for row_id, why in per_person.items() if not why] == [
        "P1/engagement",
        "P1/job_start/a",
        "P1/sustained_under_16/a",
    ]
    assert per_person["P1/job_start/b"] == ("duplicate",)


def test_volunteering_gives_neither_a_job_start_nor_13_weeks() -> None:
    lines = [*engaged("2021-06-01"), *in_a_job("2021-07-05..2021-12-31", "v", "20", "2021-10-29")]
    lines[4] = {**lines[4], "competitive": "no"}

    found = reasons(terms("enfield"), *lines)

    assert found["P1/job_start/v"] == ("not-competitive",)
    assert found["P1/sustained_16_plus/v"] == ("prerequisite-missing", "not-competitive")


def test_a_person_of_another_site_does_not_count() -> None:
    found = outcomes(terms("enfield"), *engaged("2021-06-01", site="camden"))

    assert (found["P1/engagement"].site, found["P1/engagement"].reasons) == ("camden", ("wrong-site",))


def test_the_order_of_the_lines_changes_nothing() -> None:
    lines = [
        *engaged("2021-02-01"),
        *in_a_job("2021-03-01..2021-06-30", "a", "8", "2021-06-30"),
        *in_a_job("2021-07-01..2021-12-31", "b", "20", "2021-10-29"),
        document("self-declaration", "2021-10-29", job="b"),
        *engaged("2021-05-01", person="P2"),
        referral("2021-09-01", person="P2", site="camden"),
        fact("appointment", "2021-05-01", person="P2", site="camden", detail="second"),
    ]

    for name in ("tower-hamlets-ld", "enfield"):
        assert outcomes(terms(name), *lines) == outcomes(terms(name), *reversed(lines))
