from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Activity, Component, Counts, Needed, Recorded
from tests.oracle.build import contract, metric
from tests.outcomes.people import fact, facts_of, outcomes, referral

APPOINTMENTS = Component("appointment", 3)
PROFILE = Component("vocational profile")
EVERY_TIME = Counts.EVERY_TIME


def engagement(needed: Needed, *components: Component, counts: Counts = Counts.ONCE_PER_PERSON) -> Contract:
    return contract(metrics=(metric("engagement", rule=Activity(components, needed), counts=counts),))


EITHER = engagement(Needed.ANY, APPOINTMENTS, PROFILE)
BOTH = engagement(Needed.ALL, APPOINTMENTS, PROFILE)


def test_a_blank_site_of_a_contract_of_several_is_said_to_be_missing() -> None:
    terms = contract(sites=("north", "south"), metrics=(metric("engagement", rule=Activity((PROFILE,), Needed.ANY)),))
    profile = fact("vocational profile", "2021-01-20")

    (blank,) = find_outcomes(terms, facts_of(referral(), profile)).whys
    (elsewhere,) = find_outcomes(terms, facts_of(referral(site="east"), profile)).whys

    assert [(why.found, why.mend) for why in blank] == [("no site is recorded", "the site, recorded: north or south")]
    assert [(why.found, why.mend) for why in elsewhere] == [
        (
            "site 'east' is not in this contract",
            "a corrected site (north or south), or a claim under that site's own contract",
        )
    ]


def test_three_appointments_are_complete_on_the_day_of_the_third() -> None:
    found = outcomes(
        EITHER,
        referral(),
        fact("appointment", "2020-06-20"),
        fact("appointment", "2020-05-01"),
        fact("appointment", "2020-06-09"),
        fact("appointment", "2020-07-30"),
    )

    assert [*found] == ["P1/engagement"]
    assert found["P1/engagement"].achieved_on == "2020-06-20"
    assert found["P1/engagement"].reasons == ()


def test_any_of_is_achieved_on_the_earliest_complete_part() -> None:
    found = outcomes(
        EITHER,
        referral(),
        *(fact("appointment", day) for day in ("2020-05-01", "2020-05-02", "2020-05-03")),
        fact("vocational profile", "2020-05-02"),
    )

    assert found["P1/engagement"].achieved_on == "2020-05-02"
    assert found["P1/engagement"].details == "3 x appointment by 2020-05-03, vocational profile by 2020-05-02"


def test_all_of_is_achieved_on_the_latest_part() -> None:
    found = outcomes(
        BOTH,
        referral(),
        *(fact("appointment", day) for day in ("2020-05-01", "2020-05-02", "2020-05-03")),
        fact("vocational profile", "2020-05-02"),
    )

    assert found["P1/engagement"].achieved_on == "2020-05-03"


def test_a_missing_part_is_named_with_how_far_it_is() -> None:
    profile_only = outcomes(BOTH, referral(), fact("vocational profile", "2020-05-02"))
    two_appointments = outcomes(
        EITHER, referral(), fact("appointment", "2020-05-01"), fact("appointment", "2020-05-09")
    )

    assert profile_only["P1/engagement"].reasons == ("component-missing",)
    assert profile_only["P1/engagement"].details == "missing: appointment (0 of 3 recorded)"
    assert profile_only["P1/engagement"].achieved_on == "NaT"
    assert two_appointments["P1/engagement"].details == ("missing: appointment (2 of 3 recorded) or vocational profile")


def test_there_is_no_row_where_nothing_is_recorded() -> None:
    assert outcomes(BOTH, referral(), fact("employer contact", "2020-05-02")) == {}


def test_what_was_recorded_late_decides_when_the_outcome_was_known() -> None:
    found = outcomes(
        BOTH,
        referral(),
        fact("appointment", "2020-05-01", recorded_on="2020-09-30"),
        fact("appointment", "2020-05-02"),
        fact("appointment", "2020-05-03"),
        fact("appointment", "2020-05-04", recorded_on="2021-01-01"),  # a fourth one is not needed
        fact("vocational profile", "2020-05-02", recorded_on="2020-08-01"),
    )

    assert found["P1/engagement"].recorded_on == "2020-09-30"


def test_several_appointments_on_one_day_count_each_but_the_same_line_twice_counts_once() -> None:
    three_on_a_day = outcomes(
        EITHER, referral(), *(fact("appointment", "2020-05-01", detail=str(number)) for number in range(3))
    )
    one_line_three_times = outcomes(EITHER, referral(), *(fact("appointment", "2020-05-01") for _ in range(3)))

    assert three_on_a_day["P1/engagement"].reasons == ()
    assert one_line_three_times["P1/engagement"].details == (
        "missing: appointment (1 of 3 recorded) or vocational profile"
    )


def test_every_time_begins_again_after_each_third_appointment() -> None:
    every_time = engagement(Needed.ANY, APPOINTMENTS, counts=Counts.EVERY_TIME)

    found = outcomes(every_time, referral(), *(fact("appointment", f"2020-05-{day:02d}") for day in range(1, 8)))

    assert {row_id: (row.achieved_on, row.reasons) for row_id, row in found.items()} == {
        "P1/engagement/2020-05-03": ("2020-05-03", ()),
        "P1/engagement/2020-05-06": ("2020-05-06", ()),
        "P1/engagement": ("NaT", ("component-missing",)),
    }


def test_every_time_each_of_several_alternatives_counts_by_itself() -> None:
    either = engagement(Needed.ANY, Component("course"), Component("job"), Component("volunteering"), counts=EVERY_TIME)

    found = outcomes(
        either,
        referral(),
        fact("course", "2020-05-01"),
        fact("job", "2020-05-20"),
        fact("volunteering", "2020-06-03"),
        fact("course", "2020-07-07"),
    )

    assert {row_id: row.details for row_id, row in found.items()} == {
        "P1/engagement/2020-05-01": "course by 2020-05-01",
        "P1/engagement/2020-05-20": "job by 2020-05-20",
        "P1/engagement/2020-06-03": "volunteering by 2020-06-03",
        "P1/engagement/2020-07-07": "course by 2020-07-07",
    }


def test_every_time_only_the_alternative_that_is_begun_is_said_to_be_incomplete() -> None:
    found = outcomes(
        engagement(Needed.ANY, APPOINTMENTS, PROFILE, counts=EVERY_TIME),
        referral(),
        fact("appointment", "2020-05-01"),
        fact("vocational profile", "2020-05-02"),
    )

    assert {row_id: row.details for row_id, row in found.items()} == {
        "P1/engagement": "missing: appointment (1 of 3 recorded)",
        "P1/engagement/2020-05-02": "vocational profile by 2020-05-02",
    }


def test_every_time_all_of_several_parts_are_taken_in_turn() -> None:
    found = outcomes(
        engagement(Needed.ALL, Component("visit"), Component("report"), counts=EVERY_TIME),
        referral(),
        fact("visit", "2020-05-01"),
        fact("visit", "2020-05-09"),
        fact("report", "2020-05-20"),
    )

    assert {row_id: row.details for row_id, row in found.items()} == {
        "P1/engagement/2020-05-20": "visit by 2020-05-01, report by 2020-05-20",
        "P1/engagement": "missing: report",
    }


def test_per_job_the_facts_of_each_job_are_counted_apart() -> None:
    per_job = engagement(Needed.ALL, Component("support visit", 2), counts=Counts.ONCE_PER_JOB)

    found = outcomes(
        per_job,
        referral(),
        fact("support visit", "2020-05-01", job="a"),
        fact("support visit", "2020-05-02", job="b"),
        fact("support visit", "2020-05-03", job="a"),
    )

    assert {row_id: (row.achieved_on, row.reasons) for row_id, row in found.items()} == {
        "P1/engagement/a": ("2020-05-03", ()),
        "P1/engagement/b": ("NaT", ("component-missing",)),
    }


def test_names_of_facts_are_the_same_in_capitals() -> None:
    found = outcomes(EITHER, referral(), fact("Vocational Profile", "2020-05-02"))

    assert found["P1/engagement"].reasons == ()


def test_three_appointments_are_three_however_their_capitals_are_written() -> None:
    names = ("Appointment", "appointment", "APPOINTMENT")

    found = outcomes(EITHER, referral(), *(fact(name, f"2020-05-0{day}") for day, name in enumerate(names, start=1)))

    assert (found["P1/engagement"].achieved_on, found["P1/engagement"].reasons) == ("2020-05-03", ())


def test_a_recorded_metric_has_a_row_for_each_record_and_one_of_them_counts() -> None:
    terms = contract(metrics=(metric("health", rule=Recorded("health improved"), counts=Counts.ONCE_PER_PERSON),))

    found = outcomes(
        terms, referral(), fact("health improved", "2020-08-01"), fact("health improved", "2020-06-01", detail="again")
    )

    assert {row_id: (row.achieved_on, row.reasons) for row_id, row in found.items()} == {
        "P1/health": ("2020-06-01", ()),
        "P1/health/2020-08-01": ("2020-08-01", ("duplicate",)),
    }


def test_the_site_is_that_of_the_fact_that_completes_else_the_persons_own() -> None:
    terms = contract(
        sites=("north", "south"), metrics=(metric("engagement", rule=Activity((APPOINTMENTS, PROFILE), Needed.ANY)),)
    )

    found = outcomes(
        terms,
        referral(site="north"),
        fact("vocational profile", "2020-05-02"),
        referral(site="north", person="P2"),
        fact("vocational profile", "2020-05-02", person="P2", site="South"),
        referral(site="east", person="P3"),
        fact("vocational profile", "2020-05-02", person="P3"),
        fact("vocational profile", "2020-05-02", person="P4"),
    )

    assert {row_id: (row.site, row.reasons) for row_id, row in found.items()} == {
        "P1/engagement": ("north", ()),
        "P2/engagement": ("south", ()),
        "P3/engagement": ("east", ("wrong-site",)),
        "P4/engagement": ("", ("wrong-site", "no-referral")),
    }


def test_the_persons_own_site_is_that_of_the_referral() -> None:
    terms = contract(sites=("north", "south"), metrics=(metric("engagement", rule=Activity((PROFILE,), Needed.ANY)),))

    found = outcomes(
        terms,
        fact("appointment", "2020-03-01", site="south"),
        fact("vocational profile", "2020-05-02"),
        referral(site="north"),
    )

    assert found["P1/engagement"].site == "north"


def test_with_a_single_site_a_blank_one_is_that_site() -> None:
    terms = contract(sites=("north",), metrics=(metric("engagement", rule=Activity((PROFILE,), Needed.ANY)),))

    found = outcomes(terms, referral(), fact("vocational profile", "2020-05-02"))

    assert (found["P1/engagement"].site, found["P1/engagement"].reasons) == ("north", ())
