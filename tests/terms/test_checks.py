"""Where a check speaks and, as important, where it stays silent; one mistake a file is in tests/bad/contracts."""

import pytest

from sib_engine.core.findings import Severity
from tests.terms.edited import AGREED, clause, found, named

# --- prices -----------------------------------------------------------------------------------------------------------


def test_a_price_that_an_amendment_brings_may_begin_later_with_a_warning() -> None:
    added = '\n[metric.training]\nname = "T"\ndefinition = "a course"\n' + AGREED
    added += clause("tariff", 'id = "t"\nmetric = "training"\nfrom = 2022-04-01\nprice = 5\namendment = "a1"')

    (finding,) = found(add=added)

    assert (finding.severity, finding.at.key, finding.rule) == (Severity.WARNING, "metric.training", "price-gap")


def test_sites_without_a_price_are_named() -> None:
    (finding,) = found(
        ('sites = ["south"]', 'sites = ["north"]'), ("price = 910.005\n", 'price = 910.005\ngroups = ["x"]\n')
    )

    assert finding.rule == "price-gap"
    assert finding.what == (
        "metric 'short_weeks' has no price for site south, group x; site south on 2020-04-01, the contract's first day"
    )


def test_a_price_for_a_site_and_one_for_all_may_start_together_but_not_two_for_the_site() -> None:
    north = clause("tariff", 'id = "t"\nmetric = "engagement"\nfrom = 2020-04-01\nprice = 5\nsites = ["north"]')
    again = clause(
        "tariff", 'id = "u"\nmetric = "engagement"\nfrom = 2020-04-01\nprice = 5\nsites = ["south", "north"]'
    )

    assert named(add=north) == []
    assert named(add=north + again) == [("tariff[u]", "two-tariffs")]


def test_where_the_price_is_that_of_the_referral_earlier_prices_are_in_place() -> None:
    early = ('metric = "engagement"\nfrom = 2020-04-01', 'metric = "engagement"\nfrom = 2019-04-01')

    assert named(early) == [("tariff[engagement-1].from", "dated-before-start")]
    assert named(early, ('price_date = "outcome"', 'price_date = "start"')) == [("contract.price_date", "price-gap")]


def test_where_the_price_is_that_of_the_claim_prices_may_start_until_claims_close() -> None:
    late = clause("tariff", 'id = "t"\nmetric = "engagement"\nfrom = 2024-05-01\nprice = 5')

    assert named(add=late) == [("tariff[t].from", "never-in-force")]
    assert named(('price_date = "outcome"', 'price_date = "claim"'), add=late) == []


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_misspelt_name_is_answered_with_the_one_that_was_meant() -> None:
    (finding,) = found(('party = "lender"', 'party = "lendor"'))

    assert (finding.at.key, finding.rule) == ("commitment[loan].party", "unknown-party")
    assert finding.accepted.endswith("did you mean 'lender'?")


def test_a_metric_is_not_said_to_lack_a_tariff_while_one_is_misspelt() -> None:
    assert named(('metric = "health"', 'metric = "helth"')) == [("tariff[health-1].metric", "unknown-metric")]


def test_every_circle_of_prerequisites_is_found() -> None:
    circles = found(
        ('indigo = "outcomemetric1"', 'requires = "job_start"'),
        ('counts = "every time"', 'counts = "every time"\nrequires = ["full_weeks", "health"]'),
        (
            'definition = "13 weeks in work at 16 hours a week or more"\nrequires = ["job_start"]',
            'definition = "x"\nrequires = "health"',
        ),
    )

    assert [(finding.at.key, finding.rule) for finding in circles] == [
        ("metric.health.requires", "requires-itself"),
        ("metric.engagement.requires", "prerequisite-cycle"),
        ("metric.full_weeks.requires", "prerequisite-cycle"),
    ]
    assert circles[2].what.endswith("full_weeks -> health -> full_weeks")


def test_a_window_that_runs_from_what_waits_for_its_metric_is_a_circle() -> None:
    circle, window = found(
        ('within = { after = "engagement", months = 9 }', 'within = { after = "health", months = 9 }'),
        ('counts = "every time"', 'counts = "every time"\nrequires = "job_start"'),
    )

    assert (circle.at.key, circle.rule) == ("metric.job_start.within.after", "prerequisite-cycle")
    assert circle.what == "the metrics wait for each other in a circle: job_start -> health -> job_start"
    assert window.rule == "window-not-required"


def test_one_window_may_reach_over_several_prerequisites() -> None:
    far = ('requires = ["job_start"]', 'requires = ["job_start"]\nwithin = { after = "engagement", months = 18 }')
    referral = ('within = { after = "engagement", months = 9 }', 'within = { after = "referral", days = 90 }')

    assert named(far) == []
    assert named(referral) == []


def test_a_window_may_not_begin_with_its_own_metric() -> None:
    own = ('within = { after = "engagement", months = 9 }', 'within = { after = "job_start", months = 9 }')

    assert named(own) == [("metric.job_start.within.after", "window-after-itself")]


@pytest.mark.parametrize(
    ("not_before", "closes", "is_shut"),
    [
        ("months = 3", "months = 6", False),
        ("months = 3", "months = 3", False),
        ("days = 28", "months = 1", False),
        ("days = 29", "months = 1", True),  # 28 days after 31 January or in any February that has no 29th
        ("months = 2", "days = 62", False),
        ("months = 2", "days = 61", True),  # July and August have 62
    ],
)
def test_a_window_may_not_close_before_it_opens_for_anybody(not_before: str, closes: str, *, is_shut: bool) -> None:
    window = f'within = {{ after = "engagement", not_before = {{ {not_before} }}, {closes} }}'
    expected = [("metric.job_start.within.not_before", "window-never-opens")] if is_shut else []

    assert named(('within = { after = "engagement", months = 9 }', window)) == expected


# --- eligibility ------------------------------------------------------------------------------------------------------


def test_what_is_read_from_the_referral_needs_one() -> None:
    not_required = ('consent = "required"', 'consent = "required"\nreferral = "not required"')
    any_status = ('work_status = ["unemployed", "economically inactive"]\n', "")
    by_referral = ('price_date = "outcome"', 'price_date = "start"')
    window = ('within = { after = "engagement", months = 9 }', 'within = { after = "referral", months = 9 }')

    assert [(one.severity, one.at.key, one.rule) for one in found(not_required, by_referral, window)] == [
        (Severity.ERROR, "eligibility.referral", "referral-not-required"),
        (Severity.WARNING, "contract.price_date", "referral-not-required"),
        (Severity.WARNING, "metric.job_start.within.after", "referral-not-required"),
        (Severity.WARNING, "contract.price_date", "price-gap"),
    ]
    assert named(not_required, any_status) == []
    assert named(('consent = "required"', 'referral = "required"'), window) == []


# --- bands ------------------------------------------------------------------------------------------------------------


UPGRADE = ('rule = "exclusive"', 'rule = "upgrade pays the difference"')
NO_CAP_BY_METRIC = ('on = ["metric", "site"]\nmetrics = ["short_weeks", "full_weeks"]', 'on = ["person"]')


def test_bands_that_pay_the_difference_may_overlap_but_leave_no_gap() -> None:
    low = ("limit = 60000.00", "limit = 1000.00")

    assert named(UPGRADE, NO_CAP_BY_METRIC, low, ("hours_below = 16", "hours_below = 20")) == []
    assert named(UPGRADE, NO_CAP_BY_METRIC, low, ("hours_below = 16", "hours_below = 15")) == [
        ("band[weeks]", "band-gap")
    ]


def test_a_metric_is_in_one_band_and_its_neighbours_count_alike() -> None:
    second = clause("band", 'id = "other"\nmetrics = ["health", "full_weeks"]\nrule = "exclusive"')

    assert named(add=second) == [
        ("band[other].metrics", "metric-in-two-bands"),
        ("band[other].metrics", "band-counts-differ"),
    ]


REST = ": the order in which outcomes are stated may decide how much is paid in all"


@pytest.mark.parametrize(
    ("on", "narrowed", "how"),
    [
        ('["metric"]', "", "counts each of its metrics apart"),
        ('["metric", "person"]', "", "counts each of its metrics apart"),
        ('["period"]', "", "counts each period apart"),
        ('["site"]', "", "counts each site apart, for people who move between them"),
        ('["person"]', 'metrics = ["full_weeks"]', "covers only some of its metrics (not short_weeks)"),
        ('["contract"]', 'metrics = ["engagement", "short_weeks"]', "covers only some of its metrics (not full_weeks)"),
    ],
)
def test_a_cap_that_counts_the_steps_of_an_upgrade_apart_is_named(on: str, narrowed: str, how: str) -> None:
    cap = clause("cap", f'id = "c"\non = {on}\nlimit = 900\n{narrowed}')
    said = [one.what for one in found(UPGRADE, NO_CAP_BY_METRIC, add=cap) if one.rule == "band-across-caps"]

    assert said == [f"an upgrade pays the difference, and cap 'c' {how}{REST}"]


@pytest.mark.parametrize(
    "terms",
    [
        'on = ["contract"]',
        'on = ["person"]',
        'on = ["person"]\nmetrics = ["full_weeks", "short_weeks"]',
        'on = ["site"]\nsites = ["north"]',
        'on = ["metric"]\nmetrics = ["health"]',
        'on = ["payer", "period"]\npayer = "fund"',
    ],
)
def test_a_cap_that_counts_a_whole_band_or_none_of_it_is_not(terms: str) -> None:
    cap = clause("cap", f'id = "c"\n{terms}\nlimit = 900')

    assert "band-across-caps" not in [rule for _, rule in named(UPGRADE, NO_CAP_BY_METRIC, add=cap)]


def test_a_band_that_pays_for_one_metric_only_may_meet_any_caps() -> None:
    cap = clause("cap", 'id = "c"\non = ["metric"]\nlimit = 900')

    assert "band-across-caps" not in [rule for _, rule in named(NO_CAP_BY_METRIC, add=cap)]


# --- caps -------------------------------------------------------------------------------------------------------------


def person_cap(
    limit: str, *, on: str = '["person"]', metrics: str = '["engagement", "short_weeks", "full_weeks"]'
) -> str:
    return clause("cap", f'id = "person-cap"\non = {on}\nmetrics = {metrics}\nlimit = {limit}')


def test_one_person_is_paid_for_one_metric_of_a_band() -> None:
    # Engagement 400.00 and the dearer of the two bands, 1,600.00 for the young: 2,000.00.
    findings = found(add=person_cap("2000.01"))

    assert findings[0].rule == "unreachable-cap"
    assert findings[0].what.endswith("one person earns at most £2,000.00")
    assert "unreachable-cap" not in [rule for _, rule in named(add=person_cap("2000.00"))]


def test_a_cap_on_each_metric_of_a_person_is_held_against_the_dearest() -> None:
    on = '["person", "metric"]'

    assert ("cap[person-cap].limit", "unreachable-cap") in named(add=person_cap("1600.01", on=on))
    assert ("cap[person-cap].limit", "unreachable-cap") not in named(add=person_cap("1600.00", on=on))


def test_what_counts_every_time_has_no_most() -> None:
    assert named(add=person_cap("9999.00", on='["person", "metric"]', metrics='["health"]')) == []


def test_a_cap_and_the_one_that_replaced_it_are_never_compared() -> None:
    # contract-cap 150,000 until the amendment, contract-cap-2 170,000 from then on: neither is out of reach.
    assert named() == []
    assert ("cap[contract-cap-2].limit", "unreachable-cap") in named(
        ('replaces = ["contract-cap", ', 'replaces = ["weeks-at-a-site", ')
    )


def test_the_same_cap_twice_is_said_of_the_second() -> None:
    again = clause(
        "cap", 'id = "again"\non = ["site", "metric"]\nmetrics = ["full_weeks", "short_weeks"]\nlimit = 60000'
    )

    assert named(add=again) == [("cap[again].limit", "unreachable-cap")]


@pytest.mark.parametrize("overflow", ["lost", "charity", "fund"])
def test_overflow_goes_to_another_payer_or_is_lost(overflow: str) -> None:
    expected = {
        "lost": [],
        "charity": [("cap[fund-cap].overflow", "not-a-payer")],
        "fund": [("cap[fund-cap].overflow", "overflow-to-itself")],
    }

    assert named(('overflow = "council"', f'overflow = "{overflow}"')) == expected[overflow]


def test_overflow_to_a_payer_that_no_share_names_is_a_warning() -> None:
    other = clause("party", 'id = "other"\nrole = "top_up_funder"\norganisation = "Another fund"')

    assert named(('overflow = "council"', 'overflow = "other"'), add=other) == [
        ("cap[fund-cap].overflow", "overflow-payer-without-share")
    ]


def test_a_payer_may_have_a_cap_by_period_and_one_in_all() -> None:
    by_period = clause(
        "cap", 'id = "p"\non = ["payer", "period"]\npayer = "fund"\nlimit = 9000\noverflow = "next period"'
    )

    assert named(add=by_period) == []


def test_overflow_of_a_period_may_meet_a_cap_by_period_and_overflow_of_the_whole_contract_may_not() -> None:
    by_period = clause("cap", 'id = "p"\non = ["payer", "period"]\npayer = "council"\nlimit = 9000')

    assert named(add=by_period) == [("cap[fund-cap].overflow", "overflow-of-no-period")]
    assert named(('on = ["payer"]', 'on = ["payer", "period"]'), add=by_period) == []
    assert named(('overflow = "council"', 'overflow = "lost"'), add=by_period) == []


# --- amendments -------------------------------------------------------------------------------------------------------


def test_a_clause_is_replaced_once_and_not_by_the_amendment_that_brings_it() -> None:
    second = 'id = "a2"\nsigned_on = 2023-01-01\neffective_from = 2023-02-01\ntext = "x"\nreplaces = '
    cap = clause("cap", 'id = "cap-3"\non = ["contract"]\nlimit = 180000\namendment = "a2"')

    assert named(add=clause("amendment", second + '"contract-cap"') + cap) == [
        ("amendment[a2].replaces", "replaced-twice"),
        ("cap[cap-3].limit", "unreachable-cap"),
    ]
    assert ("amendment[a2].replaces", "replaces-its-own") in named(add=clause("amendment", second + '"cap-3"') + cap)


def test_a_price_is_not_replaced_by_one_for_another_metric() -> None:
    (finding,) = found(('"job-start-1"]', '"engagement-1"]'))

    assert (finding.severity, finding.rule) == (Severity.WARNING, "replaced-in-part")
    assert finding.what.startswith("tariff 'engagement-1' stays in force for engagement")


# --- targets, plans, provenance ---------------------------------------------------------------------------------------


def test_prices_rounded_to_the_penny_may_carry_targets_a_little_over_the_cap() -> None:
    # 100 engagements at 400.01 are 40,001.00: half a penny for each of 100 is 50 pence.
    price = ("price = 400.00", "price = 400.01")
    cap = clause("cap", 'id = "e"\non = ["contract"]\nmetrics = ["engagement"]\nlimit = 40000.50')
    tight = cap.replace("40000.50", "40000.49")

    assert named(price, add=cap) == []
    assert named(price, add=tight) == [("cap[e].limit", "target-above-cap")]


def test_targets_of_periods_count_where_none_is_stated_for_the_whole() -> None:
    by_period = clause("target", 'id = "q"\ncase = "high"\nmetric = "engagement"\ncount = 900\nperiod = "2020-Q4"')
    other_case = by_period.replace('"high"', '"medium"')

    assert named(add=by_period) == []
    assert named(add=other_case) == [
        ("cap[contract-cap].limit", "target-above-cap"),
        ("cap[contract-cap-2].limit", "target-above-cap"),
    ]


@pytest.mark.parametrize("period", ["2020-Q5", "soon", "2199-Q4", "9999-Q4", "2020-04-01..2020-06-30"])
def test_a_target_is_for_a_period_of_the_contract(period: str) -> None:
    rule = "target-outside-contract" if period == "2199-Q4" else "unknown-period"

    assert named(('period = "2020-Q3"', f'period = "{period}"')) == [("target[low-full-weeks-north].period", rule)]


def test_plans_may_share_the_month_of_the_change() -> None:
    assert named(('in_force = { from = "2021-01" }', 'in_force = { from = "2020-12" }')) == [
        ("plan[plan2].in_force", "plans-overlap")
    ]
    assert named(('to = "2021-01" }', 'to = "2020-11" }')) == []


def test_what_is_assumed_is_one_note_that_counts_prices_and_terms() -> None:
    findings = found(
        ('price = 400.00\nstatus = "agreed"', 'price = 400.00\nstatus = "assumed"'),
        ("gap_days = 7,", "gap_days = 7,"),
        (
            'definition = "recorded as better"',
            'definition = "recorded as better"\nassumed = { counts = "why", recorded = "why" }',
        ),
    )

    assert [(each.severity, each.rule, each.what) for each in findings] == [
        (
            Severity.NOTE,
            "assumed-terms",
            "1 of 8 prices and 2 other terms are assumed: neither published nor agreed",
        )
    ]


def test_what_has_no_price_is_one_note() -> None:
    findings = found(('price = 400.00\nstatus = "agreed"', 'status = "unpriced"'))

    assert [(each.severity, each.rule, each.what) for each in findings] == [
        (Severity.NOTE, "unpriced-terms", "1 of 8 tariffs has no price: no amount can be derived from counts")
    ]


@pytest.mark.parametrize("text", ["020 7946 0000", "born 12 March 2001", "1234567890"])
def test_an_office_line_and_dates_are_no_personal_data(text: str) -> None:
    assert named(('organisation = "A charity"', f'organisation = "A charity, {text}"')) == []


@pytest.mark.parametrize("text", ["943 476 5919", "AB 12 34 56 C", "jo@example.org"])
def test_a_number_that_stands_for_a_person_is_a_warning_and_is_not_repeated(text: str) -> None:
    (finding,) = found(('organisation = "A charity"', f'organisation = "A charity, {text}"'))

    assert (finding.severity, finding.rule) == (Severity.WARNING, "personal-data")
    assert text not in finding.what
