from dataclasses import replace
from datetime import date
from pathlib import Path

from sib_engine.terms.amend import at_last, extension_to, in_force, states
from sib_engine.terms.contract import Contract
from sib_engine.terms.diff import Change, ClauseChange, TermChange, diff
from sib_engine.terms.load import load_contract
from sib_engine.terms.metric import Employment
from sib_engine.terms.versions import metric_versions, version_on
from tests.terms.edited import clause, contract, named

CONTRACT = load_contract(Path(__file__).parent / "clean.toml")


def ids(under: Contract) -> dict[str, list[str]]:
    return {
        "tariffs": [each.id for each in under.tariffs if each.metric == "job_start"],
        "caps": [each.id for each in under.caps],
        "shares": [each.id for each in under.shares],
        "targets": [each.id for each in under.targets],
    }


def test_before_an_amendment_takes_effect_nothing_that_it_brings_is_in_force() -> None:
    assert ids(in_force(CONTRACT, date(2022, 3, 31))) == {
        "tariffs": ["job-start-1"],
        "caps": ["contract-cap", "weeks-at-a-site", "fund-cap"],
        "shares": ["split", "split-engagement"],
        "targets": ["high-engagement", "high-job-start", "low-full-weeks-north"],
    }


def test_from_its_day_on_caps_and_targets_are_replaced_while_dated_prices_and_shares_stay_for_earlier_days() -> None:
    assert ids(in_force(CONTRACT, date(2022, 4, 1))) == {
        "tariffs": ["job-start-1", "job-start-2"],
        "caps": ["contract-cap-2", "weeks-at-a-site", "fund-cap"],
        "shares": ["split", "split-engagement", "split-2"],
        "targets": ["high-engagement", "high-job-start-2", "low-full-weeks-north"],
    }


def test_a_view_of_the_contract_keeps_its_digest() -> None:
    assert in_force(CONTRACT, date(2020, 4, 1)).digest == CONTRACT.digest


def test_a_contract_has_a_state_for_its_start_and_one_for_each_later_amendment() -> None:
    assert [len(state.tariffs) for state in states(CONTRACT)] == [7, 8]


EXTENDED = clause(
    "amendment",
    'id = "a2"\nsigned_on = 2024-01-10\neffective_from = 2024-02-01\n'
    'contract = { end = 2025-03-31, claims_close = 2025-07-31 }\ntext = "one more year"',
)
EXTENDED_AGAIN = clause(
    "amendment",
    'id = "a3"\nsigned_on = 2025-01-10\neffective_from = 2025-02-01\n'
    'contract = { end = 2025-06-30 }\ntext = "three more months"',
)
SHORTER_BREAKS = clause(
    "metric_terms",
    'id = "breaks"\nmetric = "full_weeks"\nfrom = 2022-07-01\namendment = "a1"\n'
    'employment = { gap_days = 3 }\ndrops = "employment.within_weeks"',
)


def days(under: Contract) -> tuple[date, date]:
    return under.end, under.claims_close


def test_the_last_days_are_those_of_the_last_amendment_to_take_effect() -> None:
    made = contract(add=EXTENDED + EXTENDED_AGAIN)

    assert days(in_force(made, date(2024, 1, 31))) == (date(2024, 3, 31), date(2024, 7, 31))
    assert days(in_force(made, date(2024, 2, 1))) == (date(2025, 3, 31), date(2025, 7, 31))
    assert days(at_last(made)) == (date(2025, 6, 30), date(2025, 7, 31))
    assert extension_to(made, date(2024, 3, 31)) is None
    assert [getattr(extension_to(made, day), "id", "") for day in (date(2024, 4, 1), date(2025, 6, 30))] == ["a2", "a3"]


def test_changed_terms_begin_with_their_amendment_and_their_own_day() -> None:
    made = contract(add=SHORTER_BREAKS)
    full_weeks = next(metric for metric in made.metrics if metric.code == "full_weeks")

    assert in_force(made, date(2022, 3, 31)).metric_terms == ()
    assert in_force(made, date(2022, 4, 1)).metric_terms == made.metric_terms
    first, second = metric_versions(made, full_weeks)
    assert (first.clause, first.starts_on, first.ends_before) == ("full_weeks", None, date(2022, 7, 1))
    assert (second.clause, second.starts_on, second.ends_before) == ("breaks", date(2022, 7, 1), None)
    assert isinstance(full_weeks.rule, Employment)
    assert second.terms.rule == replace(full_weeks.rule, gap_days=3, within_days=None)
    assert version_on((first, second), None) is second


def test_the_digest_covers_days_and_terms_that_an_amendment_changes() -> None:
    digests = {
        contract(add=text).digest
        for text in ("", EXTENDED, EXTENDED.replace("2025-07-31", "2025-08-31"), SHORTER_BREAKS)
    }

    assert len(digests) == 4


def test_a_version_is_shown_and_compared_as_a_clause_of_its_own() -> None:
    assert diff(contract(), contract(add=SHORTER_BREAKS)) == (
        ClauseChange(
            "metric_terms",
            "breaks",
            Change.ADDED,
            (
                TermChange("metric", None, "full_weeks"),
                TermChange("from", None, "1 July 2022"),
                TermChange("employment.gap_days", None, "3"),
                TermChange("drops", None, "employment.within_weeks"),
                TermChange("amendment", None, "a1"),
                TermChange("status", None, "agreed"),
                TermChange("source", None, "made up"),
            ),
        ),
    )


def test_two_lengths_replace_one_another() -> None:
    longer = 'id = "longer"\nmetric = "full_weeks"\nfrom = 2022-07-01\nemployment = { months = 6 }\n'
    longer += 'drops = "employment.within_weeks"'
    made = contract(add=clause("metric_terms", longer))
    full_weeks = next(metric for metric in made.metrics if metric.code == "full_weeks")

    now = metric_versions(made, full_weeks)[1].terms.rule

    assert (getattr(now, "days", 0), getattr(now, "months", 0)) == (None, 6)


def test_a_later_version_is_held_against_the_bands_too() -> None:
    lower = 'id = "lower"\nmetric = "full_weeks"\nfrom = 2022-07-01\nemployment = { hours_from = 12 }'

    assert named(add=clause("metric_terms", lower)) == [("band[weeks]", "band-overlap")]
