import csv
from collections import Counter

import pytest

from sib_engine.outcomes.reasons import Reason, bit
from tests.synthetic.sites import FINAL_COUNTS, example


@pytest.mark.parametrize("site", FINAL_COUNTS)
def test_what_counts_in_the_made_up_facts_is_what_was_published(site: str) -> None:
    assert example(site).counted == FINAL_COUNTS[site]


@pytest.mark.parametrize("seed", [2, 3, 2026])
def test_another_seed_tells_of_other_people_and_reaches_the_same_totals(seed: int) -> None:
    first, other = example("mhep/enfield"), example("mhep/enfield", seed)

    assert other.counted == FINAL_COUNTS["mhep/enfield"]
    assert other.facts.read_bytes() != first.facts.read_bytes()


@pytest.mark.parametrize("site", FINAL_COUNTS)
def test_every_fact_and_every_outcome_is_marked_as_made_up(site: str) -> None:
    for path in (example(site).facts, example(site).rows):
        with path.open(encoding="utf-8", newline="") as stream:
            people = [line["person"] for line in csv.DictReader(stream)]
        assert people
        assert all(person.startswith("SYN-") for person in people)


@pytest.mark.parametrize("site", FINAL_COUNTS)
def test_the_made_up_file_reads_without_an_error_and_its_lines_are_all_there(site: str) -> None:
    made = example(site)
    lines = made.facts.read_text(encoding="utf-8").splitlines()

    assert made.n_lines == len(lines) - 1
    # Lines that stand twice and people of another site are there on purpose, and are warned of.
    assert {finding.rule for finding in made.derived.findings} <= {"row-repeated", "site-unknown"}


def test_the_troubles_of_real_records_all_appear() -> None:
    wanted = {1, 8, 9, 10, 11, 13, 14, 15, 16, 17, 20, 26, 27}
    found = {
        reason.value
        for site in FINAL_COUNTS
        for reason in Reason
        if ((example(site).derived.table.mask & bit(reason)) != 0).any()
    }

    assert wanted <= found


@pytest.mark.parametrize("site", FINAL_COUNTS)
def test_hours_lie_on_both_sides_of_sixteen_and_exactly_on_it(site: str) -> None:
    with example(site).facts.open(encoding="utf-8", newline="") as stream:
        hours = {line["hours"] for line in csv.DictReader(stream) if line["fact"] == "employment"}

    assert "15.75" in hours
    assert hours & {"16", "16.00"}


@pytest.mark.parametrize("site", FINAL_COUNTS)
def test_some_people_change_jobs_and_some_jobs_have_no_last_day(site: str) -> None:
    with example(site).facts.open(encoding="utf-8", newline="") as stream:
        jobs = [line for line in csv.DictReader(stream) if line["fact"] == "employment"]

    assert max(Counter(line["person"] for line in jobs).values()) > 1
    assert any(not line["until"] for line in jobs)


@pytest.mark.parametrize("site", FINAL_COUNTS)
def test_nothing_counts_outside_the_contract_or_in_a_month_that_a_grant_paid_for(site: str) -> None:
    derived = example(site).derived
    days = derived.table.rows.achieved_on[derived.table.counts].tolist()

    assert all(derived.contract.start <= day <= derived.contract.end for day in days)
    for grant in derived.contract.grants:
        assert not any(grant.starts_on <= day <= grant.ends_on for day in days)


def test_more_job_starts_than_people_engaged_are_jobs_of_one_person_each_after_an_engagement() -> None:
    # Tower Hamlets LD: 119 job starts are published beside 75 people engaged; the contract counts them by job.
    derived = example("mhep/tower-hamlets-ld").derived
    counted = derived.table.take(derived.table.counts)
    metric, person = counted.rows.metric.tolist(), counted.rows.person.tolist()
    engaged = {who for what, who in zip(metric, person, strict=True) if what == 0}
    starts = Counter(who for what, who in zip(metric, person, strict=True) if what == 1)

    assert len(engaged) == 75
    assert starts.total() == 119
    assert set(starts) <= engaged
    assert max(starts.values()) > 1
