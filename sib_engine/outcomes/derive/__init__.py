"""From facts about people to candidate outcomes: what may count, when it was achieved, and what stands against it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray, day_texts
from sib_engine.outcomes.deadlines import last_day_to_record
from sib_engine.outcomes.derive.activity import activities, recorded_facts
from sib_engine.outcomes.derive.candidates import Candidates, home_sites, no_candidates
from sib_engine.outcomes.derive.derived import Derived
from sib_engine.outcomes.derive.earnings import earned_enough
from sib_engine.outcomes.derive.eligibility import People, ineligible, known_from, people_of
from sib_engine.outcomes.derive.employment import Work, in_work
from sib_engine.outcomes.derive.evidence import Documents, documents_of, shown_by
from sib_engine.outcomes.derive.opening import Awaited, Firsts, awaited
from sib_engine.outcomes.derive.other_bands import Others
from sib_engine.outcomes.derive.spells import as_dates, as_days, lasts_to, pay_pieces, spells_of
from sib_engine.outcomes.derive.thresholds import threshold_of
from sib_engine.outcomes.derive.turns import Turn
from sib_engine.outcomes.derive.words_of_people import Asked, words_of_people, words_of_sites
from sib_engine.outcomes.facts import Facts, Labelled
from sib_engine.outcomes.outcome_table import label_texts
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.row_ids import person_id
from sib_engine.outcomes.rows import NO_DAY, NONE, OutcomeRows
from sib_engine.outcomes.versions import day_number, in_force
from sib_engine.outcomes.why.words import Words
from sib_engine.terms.contract import Contract, TermsDate
from sib_engine.terms.metric import Activity, Earnings, Employment, Measured, Metric, Recorded, Since
from sib_engine.terms.versions import Version, eligibility_versions, metric_versions


@dataclass(frozen=True, slots=True)
class Known:
    """What every metric reads; ``site_of`` is the contract's site of each site in the facts and, last, of none."""

    contract: Contract
    facts: Facts
    people: People
    sites: npt.NDArray[np.int32]
    site_of: npt.NDArray[np.int16]
    work: Work
    documents: Documents


def known_of(
    contract: Contract, facts: Facts, *, known_on: date | None = None, open_until: date | None = None
) -> Known:
    """Return what deriving reads of the facts, made once for all metrics.

    Args:
        contract: The contract whose metrics are asked for.
        facts: What is recorded; a file with errors must have been refused before.
        known_on: Leave out what was recorded or happened later ("as known on"); ``None`` takes all.
        open_until: Last day to which employment without a last day is taken to have lasted. By
            default ``known_on``, or the latest day on which anything was recorded.
    """
    kept = facts if known_on is None else facts.known_on(known_on)
    horizon = open_until or lasts_to(kept, known_on=known_on) or contract.start
    spells = spells_of(kept, open_until=horizon)
    people = people_of(kept)
    return Known(
        contract=contract,
        facts=kept,
        people=people,
        sites=home_sites(kept),
        site_of=_contract_sites(contract, kept.site),
        work=Work(kept, spells, pay_pieces(kept, spells)),
        documents=documents_of(kept, contract),
    )


def candidates_of(known: Known, place: int, firsts: Firsts) -> Iterator[Derived]:
    """Yield every candidate of one metric, with the reasons that the facts alone give.

    Those that each version of its terms judges come apart. Duplicates, prerequisites, bands, windows and the
    contract's dates are not judged here but in matching.

    Args:
        known: What is read of the facts.
        place: The place of the metric in the contract.
        firsts: The days of the outcomes that it waits for, as :func:`asked_of` names them.
    """
    metric = known.contract.metrics[place]
    versions = metric_versions(known.contract, metric)
    by_start = known.contract.terms_date is TermsDate.START
    others = _of_the_band(known, metric)
    turn = Turn.first(len(known.facts.job.labels))
    for version in versions:
        if isinstance(version.terms.rule, Employment) and len(versions) > 1 and not by_start:
            begins, ends = (
                None if day is None else day_number(day) for day in (version.starts_on, version.ends_before)
            )
            turn = replace(turn, begins=begins, ends=ends)
            found, turn = in_work(
                version.terms.rule,
                metric.counts,
                known.work,
                known.sites,
                turn=turn,
                others=others,
                awaited=_awaited(known, version.terms, firsts),
                last_day=day_number(known.contract.last_outcome_on),
            )
        else:
            found = _candidates(known, version.terms, others, firsts)
            if len(versions) > 1:
                days = known.people.referred_on[found.person] if by_start else found.achieved_on
                found = found.taken(in_force(version, days))
        yield _derived(known, version, place, found)


def _derived(known: Known, version: Version[Metric], place: int, found: Candidates) -> Derived:
    metric = version.terms
    shown = shown_by(metric, place, found, known.documents)
    site = known.site_of[found.site]
    recorded = np.maximum(as_days(found.recorded_on), shown.recorded)
    achieved = np.where(np.isnat(found.achieved_on), recorded, as_days(found.achieved_on))
    claimed_on = as_dates(np.maximum(recorded, achieved))
    of_people = _of_the_person(known, found)
    rows = OutcomeRows(
        row=np.arange(len(found), dtype=np.int64),
        person=found.person,
        metric=np.full(len(found), place, dtype=np.int16),
        site=site,
        group=known.people.group[found.person].astype(np.int16),
        job=found.job,
        achieved_on=found.achieved_on,
        started_on=known.people.referred_on[found.person],
        claimed_on=claimed_on,
        recorded_on=claimed_on,
        count=np.ones(len(found), dtype=np.int64),
        stated=np.full(len(found), NONE, dtype=np.int32),
        measure=np.full(len(found), NONE, dtype=np.int32),
        ended_on=found.ended_on,
        stated_on=np.full(len(found), NO_DAY),
    )
    mask = found.mask | shown.mask | of_people.mask | _elsewhere(known, site)
    by_when = last_day_to_record(known.contract, metric, found.achieved_on)
    sites = label_texts(known.facts.site.labels, found.site)
    words = (*found.words, *shown.words, *of_people.words, words_of_sites(known.contract, mask, sites))
    return Derived(
        rows=rows,
        ids=_base_ids(known.facts, metric, found),
        mask=mask,
        due_on=found.due_on,
        person_known_on=of_people.known_on,
        by_when=by_when,
        hours=found.hours,
        evidence=tuple(shown.texts),
        details=tuple(found.details) if version.starts_on is None else _under(version, found.details),
        sites=tuple(sites),
        lines=known.facts.line[found.fact],
        words=tuple(replace(each, by=by_when[each.at]) if each.by is None else each for each in words if len(each.at)),
    )


def _candidates(known: Known, metric: Metric, others: Others | None, firsts: Firsts) -> Candidates:
    match metric.rule:
        case Activity():
            return activities(metric.rule, metric.counts, known.facts, known.sites)
        case Employment():
            found, _ = in_work(
                metric.rule,
                metric.counts,
                known.work,
                known.sites,
                others=others,
                awaited=_awaited(known, metric, firsts),
                last_day=day_number(known.contract.last_outcome_on),
            )
            return found
        case Earnings():
            since = known.people.referred_on if metric.rule.since is Since.REFERRAL else None
            threshold = threshold_of(known.contract, metric.rule)
            return earned_enough(metric.rule, metric.counts, threshold, known.work, known.sites, since=since)
        case Recorded():
            return recorded_facts(metric.rule, metric.counts, known.facts, known.sites)
        case Measured():
            return no_candidates()


def _awaited(known: Known, metric: Metric, firsts: Firsts) -> Awaited:
    return awaited(known.contract, metric, known.people.referred_on, firsts)


def _of_the_band(known: Known, metric: Metric) -> Others | None:
    """Return the other employment metrics of the bands that a metric stands in, in all versions of their terms."""
    contract = known.contract
    codes = {code for band in contract.bands if metric.code in band.metrics for code in band.metrics} - {metric.code}
    if not codes or not isinstance(metric.rule, Employment):
        return None
    versions = [metric_versions(contract, each) for each in contract.metrics if each.code in codes]
    by_start = contract.terms_date is TermsDate.START
    return Others.of(versions, referred_on=known.people.referred_on if by_start else None)


def _under(version: Version[Metric], details: Sequence[str]) -> tuple[str, ...]:
    """Return what was found, with the clause that changed the terms by which it was judged."""
    return tuple(f"{text}; terms {version.clause}" for text in details)


@dataclass(frozen=True, slots=True)
class _OfPeople:
    """What speaks against the person of each candidate, and when what makes them eligible was known, ``(n,)``."""

    mask: MaskArray
    known_on: DayArray
    words: tuple[Words, ...]


def _of_the_person(known: Known, found: Candidates) -> _OfPeople:
    mask, known_on = np.zeros(len(found), dtype=np.uint64), np.full(len(found), NO_DAY)
    by_start = known.contract.terms_date is TermsDate.START
    days = known.people.referred_on[found.person] if by_start else found.achieved_on
    words: list[Words] = []
    for version in eligibility_versions(known.contract):
        at = np.flatnonzero(in_force(version, days))
        person, achieved_on = found.person[at], found.achieved_on[at]
        own = ineligible(version.terms, known.facts, known.people, person=person, achieved_on=achieved_on)
        mask[at] = own
        known_on[at] = known_from(known.contract, version.terms, known.people)[person]
        asked = Asked(person, achieved_on, own)
        said = words_of_people(version.terms, known.facts, known.people, asked)
        words += (replace(each, at=at[each.at]) for each in said)
    return _OfPeople(mask, known_on, tuple(words))


def _elsewhere(known: Known, site: npt.NDArray[np.int16]) -> MaskArray:
    wrong = (site == NONE) & bool(known.contract.sites)
    return np.where(wrong, bit(Reason.WRONG_SITE), 0).astype(np.uint64)


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
        person_id(person, metric.code, job, day, metric.counts)
        for person, job, day in zip(persons, jobs, day_texts(found.achieved_on), strict=True)
    )
