"""From facts about people to candidate outcomes: what may count, when it was achieved, and what stands against it."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.deadlines import last_day_to_record
from sib_engine.outcomes.derive.activity import activities, recorded_facts
from sib_engine.outcomes.derive.candidates import Candidates, home_sites
from sib_engine.outcomes.derive.derived import Derived, joined
from sib_engine.outcomes.derive.eligibility import People, ineligible, known_from, people_of
from sib_engine.outcomes.derive.employment import Work, in_work
from sib_engine.outcomes.derive.evidence import Documents, documents_of, shown_by
from sib_engine.outcomes.derive.spells import as_dates, as_days, lasts_to, pay_pieces, spells_of
from sib_engine.outcomes.derive.words_of_hours import Others
from sib_engine.outcomes.derive.words_of_people import Asked, words_of_people
from sib_engine.outcomes.facts import Facts, Labelled
from sib_engine.outcomes.outcome_table import label_texts
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Activity, Employment, Metric, Recorded


@dataclass(frozen=True, slots=True)
class _Known:
    """What every metric reads; ``site_of`` is the contract's site of each site in the facts and, last, of none."""

    contract: Contract
    facts: Facts
    people: People
    person_known_on: DayArray
    sites: npt.NDArray[np.int32]
    site_of: npt.NDArray[np.int16]
    work: Work
    documents: Documents


def derive(
    contract: Contract, facts: Facts, *, known_on: date | None = None, open_until: date | None = None
) -> Derived:
    """Return every candidate outcome of every metric, with the reasons that the facts alone give.

    Args:
        contract: The contract whose metrics are asked for.
        facts: What is recorded; a file with errors must have been refused before.
        known_on: Leave out what was recorded or happened later ("as known on"); ``None`` takes all.
        open_until: Last day to which employment without a last day is taken to have lasted. By
            default ``known_on``, or the latest day on which anything was recorded.

    Returns:
        The candidates, ordered by id. Duplicates, prerequisites, bands, windows and the contract's
        dates are not judged here but in matching.
    """
    kept = facts if known_on is None else facts.known_on(known_on)
    horizon = open_until or lasts_to(kept, known_on=known_on) or contract.start
    spells = spells_of(kept, open_until=horizon)
    people = people_of(kept)
    known = _Known(
        contract=contract,
        facts=kept,
        people=people,
        person_known_on=known_from(contract.eligibility, people),
        sites=home_sites(kept),
        site_of=_contract_sites(contract, kept.site),
        work=Work(kept, spells, pay_pieces(kept, spells)),
        documents=documents_of(kept, contract),
    )
    return joined([_of_metric(known, metric, place) for place, metric in enumerate(contract.metrics)])


def _of_metric(known: _Known, metric: Metric, place: int) -> Derived:
    found = _candidates(known, metric)
    shown = shown_by(metric, place, found, known.documents)
    site = known.site_of[found.site]
    recorded = np.maximum(as_days(found.recorded_on), shown.recorded)
    achieved = np.where(np.isnat(found.achieved_on), recorded, as_days(found.achieved_on))
    rows = OutcomeRows(
        row=np.arange(len(found), dtype=np.int64),
        person=found.person,
        metric=np.full(len(found), place, dtype=np.int16),
        site=site,
        group=known.people.group[found.person].astype(np.int16),
        job=found.job,
        achieved_on=found.achieved_on,
        started_on=known.people.referred_on[found.person],
        recorded_on=as_dates(np.maximum(recorded, achieved)),
        count=np.ones(len(found), dtype=np.int64),
        stated=np.full(len(found), NONE, dtype=np.int32),
    )
    mask = found.mask | shown.mask | _against_the_person(known, found) | _elsewhere(known, site)
    by_when = last_day_to_record(known.contract, metric, found.achieved_on)
    sites = label_texts(known.facts.site.labels, found.site)
    asked = Asked(found.person, found.achieved_on, sites, mask)
    of_people = words_of_people(known.contract, known.facts, known.people, asked)
    words = (*found.words, *shown.words, *of_people)
    return Derived(
        rows=rows,
        ids=_base_ids(known.facts, metric, found),
        mask=mask,
        due_on=found.due_on,
        person_known_on=known.person_known_on[found.person],
        by_when=by_when,
        hours=found.hours,
        evidence=tuple(shown.texts),
        details=tuple(found.details),
        sites=tuple(sites),
        lines=known.facts.line[found.fact],
        words=tuple(replace(each, by=by_when[each.at]) if each.by is None else each for each in words if len(each.at)),
    )


def _candidates(known: _Known, metric: Metric) -> Candidates:
    match metric.rule:
        case Activity():
            return activities(metric.rule, metric.counts, known.facts, known.sites)
        case Employment():
            others = _of_the_band(known.contract, metric)
            return in_work(metric.rule, metric.counts, known.work, known.sites, others=others)
        case Recorded():
            return recorded_facts(metric.rule, metric.counts, known.facts, known.sites)


def _of_the_band(contract: Contract, metric: Metric) -> Others:
    """Return the other employment metrics of the bands that a metric stands in."""
    codes = {code for band in contract.bands if metric.code in band.metrics for code in band.metrics} - {metric.code}
    rules = [(each.code, each.rule) for each in contract.metrics if each.code in codes]
    return [(code, rule) for code, rule in rules if isinstance(rule, Employment)]


def _against_the_person(known: _Known, found: Candidates) -> MaskArray:
    terms = known.contract.eligibility
    return ineligible(terms, known.facts, known.people, person=found.person, achieved_on=found.achieved_on)


def _elsewhere(known: _Known, site: npt.NDArray[np.int16]) -> MaskArray:
    wrong = (site == NONE) & bool(known.contract.sites)
    return np.where(wrong, bit(Reason.WRONG_SITE), 0).astype(np.uint32)


def _contract_sites(contract: Contract, site: Labelled) -> npt.NDArray[np.int16]:
    """Return the contract's site for each label, ``NONE`` for another one and, last, for a blank.

    Capitals do not matter; where the contract has one site only, a blank means that one.
    """
    places = {code.casefold(): place for place, code in enumerate(contract.site_codes)}
    blank = 0 if len(contract.sites) == 1 else NONE
    return np.array([*(places.get(label.casefold(), NONE) for label in site.labels), blank], dtype=np.int16)


def _base_ids(facts: Facts, metric: Metric, found: Candidates) -> tuple[str, ...]:
    persons = label_texts(facts.person.labels, found.person)
    jobs = label_texts(facts.job.labels, found.job)
    return tuple(
        f"{person}/{metric.code}/{job}" if job else f"{person}/{metric.code}"
        for person, job in zip(persons, jobs, strict=True)
    )
