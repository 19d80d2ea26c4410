from dataclasses import replace

import pytest

from sib_engine.terms.contract import Consent, Contract, Eligibility, PriceDate, Referral
from sib_engine.terms.metric import Employment, Recorded
from tests.oracle.build import AGREED, contract, metric
from tests.outcomes.people import Line, Seen, fact, outcomes, referral, work

HEALTH = fact("health improved", "2021-03-01")


def terms(
    consent: Consent = Consent.NOT_REQUIRED, work_status: tuple[str, ...] = (), days_after_discharge: int | None = None
) -> Contract:
    return contract(
        eligibility=Eligibility(consent, work_status, days_after_discharge, AGREED),
        metrics=(metric("health", rule=Recorded("health improved")),),
    )


def seen(of: Contract, *lines: Line) -> Seen:
    return outcomes(of, *lines)["P1/health"]


def test_an_outcome_needs_a_referral_on_or_before_it() -> None:
    assert seen(terms(), HEALTH).reasons == ("no-referral",)
    assert seen(terms(), referral("2021-03-02"), HEALTH).reasons == ("no-referral",)
    assert seen(terms(), referral("2021-03-01"), HEALTH).reasons == ()


def test_an_outcome_needs_no_referral_where_the_contract_requires_none() -> None:
    of = terms()
    of = replace(of, eligibility=replace(of.eligibility, referral=Referral.NOT_REQUIRED))

    assert seen(of, HEALTH).reasons == ()
    assert seen(of, referral("2021-03-02"), HEALTH).reasons == ()


def test_a_referral_that_is_not_required_is_nothing_an_outcome_rests_on_unless_it_decides_the_price() -> None:
    required = terms()
    free = replace(required, eligibility=replace(required.eligibility, referral=Referral.NOT_REQUIRED))
    late = referral("2021-01-01", recorded_on="2021-06-01")
    health = fact("health improved", "2021-03-01", recorded_on="2021-03-05")

    assert seen(required, late, health).recorded_on == "2021-06-01"
    assert seen(free, late, health).recorded_on == "2021-03-05"
    assert seen(replace(free, price_date=PriceDate.START), late, health).recorded_on == "2021-06-01"


def test_of_two_referrals_the_earlier_one_starts_the_persons_time() -> None:
    assert seen(terms(), referral("2021-06-01"), referral("2021-02-01"), HEALTH).reasons == ()


def test_work_status_is_that_of_the_first_referral() -> None:
    workless = terms(work_status=("unemployed", "inactive"))

    assert seen(workless, referral(detail="Unemployed"), HEALTH).reasons == ()
    assert seen(workless, referral(detail="employed"), HEALTH).reasons == ("not-eligible",)
    assert seen(workless, referral(), HEALTH).reasons == ("not-eligible",)
    assert seen(
        workless, referral("2020-05-01", detail="employed"), referral("2021-01-01", detail="unemployed"), HEALTH
    ).reasons == ("not-eligible",)


def test_any_work_status_will_do_where_the_contract_names_none() -> None:
    assert seen(terms(), referral(detail="employed"), HEALTH).reasons == ()


def test_consent_must_be_given_on_or_before_the_outcome_where_it_is_required() -> None:
    required = terms(consent=Consent.REQUIRED)

    assert seen(required, referral(), HEALTH).reasons == ("no-consent",)
    assert seen(required, referral(consent_on="2021-03-02"), HEALTH).reasons == ("no-consent",)
    assert seen(required, referral(consent_on="2021-03-01"), HEALTH).reasons == ()
    assert seen(terms(), referral(), HEALTH).reasons == ()


def test_the_earliest_consent_decides_wherever_it_stands() -> None:
    later = referral(consent_on="2021-05-01")

    assert seen(terms(consent=Consent.REQUIRED), later, {**HEALTH, "consent_on": "2021-02-28"}).reasons == ()


@pytest.mark.parametrize(
    ("allowed", "reasons"), [(None, ()), (60, ()), (59, ("after-discharge",)), (0, ("after-discharge",))]
)
def test_an_outcome_counts_so_many_days_after_discharge(allowed: int | None, reasons: tuple[str, ...]) -> None:
    discharged = fact("discharge", "2020-12-31", detail="moved away")  # 60 days before

    assert seen(terms(days_after_discharge=allowed), referral(), discharged, HEALTH).reasons == reasons


def test_an_outcome_on_the_day_of_discharge_or_before_it_counts() -> None:
    of = terms(days_after_discharge=0)

    assert seen(of, referral(), fact("discharge", "2021-03-01"), HEALTH).reasons == ()
    assert seen(of, referral(), fact("discharge", "2021-06-01"), HEALTH).reasons == ()


def test_a_new_referral_takes_a_discharge_back() -> None:
    of = terms(days_after_discharge=0)
    discharged, again = fact("discharge", "2020-06-30"), referral("2021-01-01")

    assert seen(of, referral(), discharged, again, HEALTH).reasons == ()
    assert seen(of, referral(), discharged, referral("2021-03-02"), HEALTH).reasons == ("after-discharge",)


def test_the_latest_of_two_discharges_counts() -> None:
    of = terms(days_after_discharge=30)
    discharges = (fact("discharge", "2020-06-30"), fact("discharge", "2021-02-15"))

    assert seen(of, referral(), *discharges, HEALTH).reasons == ()


def test_discharges_and_referrals_of_others_do_not_matter() -> None:
    of = terms(days_after_discharge=0)
    others = (
        referral(person="P0"),
        fact("discharge", "2020-06-30", person="P0"),
        referral(person="P2"),
        fact("discharge", "2020-06-30", person="P2"),
    )

    assert seen(of, *others, referral(), HEALTH).reasons == ()
    assert seen(of, *others, HEALTH).reasons == ("no-referral",)


def test_all_reasons_are_given_at_once() -> None:
    of = contract(
        sites=("north", "south"),
        eligibility=Eligibility(Consent.REQUIRED, ("unemployed",), 10, AGREED),
        metrics=(metric("sustained", rule=Employment(days=91, self_employment=False)),),
    )

    found = outcomes(
        of,
        referral("2020-01-01", site="west", detail="employed"),
        fact("discharge", "2020-02-01"),
        work("2020-03-01..2020-03-31", job="a", competitive="no", self_employed="yes"),
    )

    assert found["P1/sustained/a"].reasons == (
        "before-start",
        "not-competitive",
        "self-employed",
        "not-long-enough",
        "wrong-site",
        "not-eligible",
        "no-consent",
        "after-discharge",
    )


def test_what_has_no_date_yet_is_judged_by_what_is_recorded_at_all() -> None:
    from_engagement = outcomes(terms(consent=Consent.REQUIRED), HEALTH)

    assert from_engagement["P1/health"].reasons == ("no-consent", "no-referral")
