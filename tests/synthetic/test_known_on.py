from datetime import date, timedelta
from functools import cache

import pytest

from sib_engine.services.derive_outcomes import DerivedOutcomes, derive_outcomes
from tests.synthetic.sites import example

SITES = ("mhep/enfield", "mhep/tower-hamlets-ld")
MIDWAY = date(2022, 6, 30)


@cache
def midway(site: str) -> DerivedOutcomes:
    return derive_outcomes(site, example(site).facts, known_on=MIDWAY)


@pytest.mark.parametrize("site", SITES)
def test_in_the_middle_of_the_contract_open_work_falls_due_after_thirteen_weeks_of_it(site: str) -> None:
    due = [line for line in midway(site).listed() if line.due_on]

    assert due
    for line in due:
        n_worked, _, asked = line.detail.split(" days")[0].partition(" of ")
        assert line.reasons == "R19 still-running"
        assert asked == "91"
        # What is still to be worked is worked from tomorrow on, day by day.
        assert date.fromisoformat(line.due_on) == MIDWAY + timedelta(days=91 - int(n_worked))


@pytest.mark.parametrize("site", SITES)
def test_due_outcomes_name_the_last_day_on_which_they_can_be_recorded(site: str) -> None:
    # Claims close four months after each of these contracts ends: an assumed term of the contract files.
    close = {"mhep/enfield": "2024-07-31", "mhep/tower-hamlets-ld": "2024-01-31"}[site]

    assert {line.record_by for line in midway(site).listed() if line.due_on} == {close}


@pytest.mark.parametrize("site", SITES)
def test_work_that_lasted_counts_in_the_end_and_never_before_its_due_date(site: str) -> None:
    final = {line.row: line for line in example(site).derived.listed() if line.does_count}
    lasted = [(line, final[line.row]) for line in midway(site).listed() if line.due_on and line.row in final]

    assert lasted
    assert all(later.achieved_on >= line.due_on for line, later in lasted)
    assert any(later.achieved_on == line.due_on for line, later in lasted)


@pytest.mark.parametrize("site", SITES)
def test_nothing_is_used_that_was_recorded_later(site: str) -> None:
    table = midway(site).table
    recorded = [day for day in table.rows.recorded_on[table.counts].tolist() if day is not None]

    assert recorded
    assert max(recorded) <= MIDWAY
    assert sum(each.n_counting for each in midway(site).by_metric()) < sum(example(site).counted.values())


@pytest.mark.parametrize("site", SITES)
def test_what_counted_midway_counts_in_the_end(site: str) -> None:
    counted = {line.row for line in midway(site).listed() if line.does_count}

    assert counted <= {line.row for line in example(site).derived.listed() if line.does_count}


@pytest.mark.parametrize("site", SITES)
def test_an_outcome_that_lacks_only_evidence_says_until_when_it_can_be_recorded(site: str) -> None:
    # A job start may lack nothing but the evidence of the engagement before it.
    mended_by_documents = {"R04 prerequisite-missing", "R08 evidence-missing", "R09 evidence-too-early"}
    chase = midway(site).unevidenced()

    assert chase
    for line in chase:
        assert set(line.reasons.split("; ")) <= mended_by_documents
        assert line.record_by > MIDWAY.isoformat()


def test_a_row_that_nothing_can_mend_names_no_day() -> None:
    lines = [line for line in example("mhep/enfield").derived.listed() if "R26 grant-month" in line.reasons]

    assert lines
    assert {line.record_by for line in lines} == {""}
