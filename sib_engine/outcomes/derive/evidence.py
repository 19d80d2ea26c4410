"""Evidence: which documents show a candidate, and what is missing."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.candidates import Candidates
from sib_engine.outcomes.derive.ranges import expanded, group_ranges
from sib_engine.outcomes.derive.spells import as_days
from sib_engine.outcomes.derive.words_of_evidence import words_of_evidence
from sib_engine.outcomes.facts import FactName, Facts, Flags, Held, Positions
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.why.words import Words
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import EvidenceFrom, EvidenceRule, EvidenceState, Metric

_NEVER = np.iinfo(np.int64).max
_ALWAYS = np.iinfo(np.int64).min
_UNKNOWN_METRIC = -2
_INSPECTED = (Held.INSPECTED, Held.SAID_INSPECTED)


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents in the facts, by person and day, each array of shape ``(n,)``.

    ``metric`` is the position in the contract, ``NONE`` where the document names none: it may show
    any metric. ``is_seen`` says whether it is held or was inspected; ``text`` is how each is printed.
    """

    person: npt.NDArray[np.int32]
    job: npt.NDArray[np.int32]
    metric: IntArray
    day: IntArray
    recorded: IntArray
    kind: npt.NDArray[np.int32]
    kinds: tuple[str, ...]
    is_seen: Flags
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the documents say of each candidate, each of shape ``(n,)``.

    ``recorded`` is the day on which the documents that suffice had become known; where some kinds that are
    needed are still missing, the day for the others, so that one that came too late stays too late. It is
    the smallest integer where none are needed, or none is there. ``words`` say what is missing.
    """

    mask: MaskArray
    recorded: IntArray
    texts: list[str]
    words: tuple[Words, ...]


def documents_of(facts: Facts, contract: Contract) -> Documents:
    """Return the documents in the facts, those of one day in order of their kinds."""
    at = facts.named(FactName.EVIDENCE)
    kind_rank = np.argsort(np.argsort(np.array(facts.detail.labels or ("",))))
    rank = np.append(kind_rank, NONE)[facts.detail.codes[at]]
    at = at[np.lexsort((rank, facts.starts_on[at], facts.person.codes[at]))]
    places = [contract.metric_named(label) for label in facts.metric.labels]
    metric_of = np.array([*(_UNKNOWN_METRIC if place is None else place for place in places), NONE], dtype=np.int64)
    kind = facts.detail.codes[at]
    dates = np.datetime_as_string(facts.starts_on[at]).tolist()
    texts = [
        f"{facts.detail.text(code)} {date}{' (inspected)' if held in _INSPECTED else ''}"
        for code, date, held in zip(kind.tolist(), dates, facts.held[at].tolist(), strict=True)
    ]
    return Documents(
        person=facts.person.codes[at],
        job=facts.job.codes[at],
        metric=metric_of[facts.metric.codes[at]],
        day=as_days(facts.starts_on[at]),
        recorded=as_days(facts.recorded_on[at]),
        kind=kind,
        kinds=facts.detail.labels,
        is_seen=np.isin(facts.held[at], (Held.HELD, Held.INSPECTED)),
        text=tuple(texts),
    )


def shown_by(metric: Metric, place: int, candidates: Candidates, documents: Documents) -> Shown:
    """Return which candidates of a metric are shown by documents, from when, and what is missing.

    A document counts if its kind is accepted, it names this metric or none, it names a job of the
    candidate or none, and it is dated on or after the day that the metric says; where the metric asks for it, it
    must be held or inspected too. Nothing is asked of a
    candidate that is not achieved yet; of one that ended too early, only that there is a document at all.
    Where any kind suffices the one known first decides; where all are needed, or one of each of several
    groups, the last of the first of each.
    """
    n = len(candidates)
    mask, recorded = np.zeros(n, dtype=np.uint64), np.full(n, _ALWAYS)
    groups = metric.evidence.groups
    if not groups or not n:
        return Shown(mask, recorded, [""] * n, ())
    owner, document = _pairs(place, candidates, documents)
    not_yet = bit(Reason.COMPONENT_MISSING) | bit(Reason.STILL_RUNNING)
    asked = (candidates.mask & not_yet) == 0
    ended = (candidates.mask & bit(Reason.NOT_LONG_ENOUGH)) != 0
    since = _dated_from(metric.evidence, candidates)
    in_time = documents.day[document] >= since[owner]
    in_time &= ~np.isnat(candidates.shown_from)[owner]
    is_good = _is_good(metric.evidence, documents)
    accepted = [(_is_of(documents, group) & is_good)[document] for group in groups]
    knowns = [_earliest(n, owner, documents.recorded[document], of_kind & in_time) for of_kind in accepted]
    haves = [_any(n, owner, of_kind) for of_kind in accepted]
    for known, have in zip(knowns, haves, strict=True):
        late = known == _NEVER
        mask[asked & late & have & ~ended] |= bit(Reason.EVIDENCE_TOO_EARLY)
        mask[asked & late & ~have] |= bit(Reason.EVIDENCE_MISSING)
    latest = np.max(np.where(np.array(knowns) == _NEVER, _ALWAYS, knowns), axis=0)
    recorded = np.where(asked, latest, _ALWAYS)
    supporting = np.any(accepted, axis=0) & in_time
    words = words_of_evidence(
        metric.evidence,
        mask,
        since,
        pairs=(owner, document),
        accepted=accepted,
        texts=[
            text if good else f"{text} (neither held nor inspected)"
            for text, good in zip(documents.text, is_good.tolist(), strict=True)
        ],
        days=documents.day,
    )
    return Shown(mask, recorded, _texts(n, owner[supporting], document[supporting], documents), tuple(words))


def _pairs(place: int, candidates: Candidates, documents: Documents) -> tuple[Positions, Positions]:
    first, stop = group_ranges(documents.person, candidates.person)
    owner, document = expanded(first, stop)
    metric = documents.metric[document]
    fits = (metric == NONE) | (metric == place)
    owner, document = owner[fits], document[fits]
    n_jobs = int(max(documents.job.max(initial=0), candidates.job_code.max(initial=0))) + 1
    held = np.unique(candidates.job_owner * n_jobs + candidates.job_code)
    has_job = np.zeros(len(candidates), dtype=np.bool_)
    has_job[candidates.job_owner] = True
    job = documents.job[document]
    fits = (job == NONE) | ~has_job[owner] | np.isin(owner * n_jobs + job, held)
    return owner[fits], document[fits]


def _dated_from(rule: EvidenceRule, candidates: Candidates) -> IntArray:
    """Return the day from which documents of each candidate may be dated; the smallest integer for any day."""
    if rule.dated is EvidenceFrom.ANY:
        return np.full(len(candidates), _ALWAYS)
    return as_days(candidates.work_from if rule.dated is EvidenceFrom.WORK else candidates.shown_from)


def _is_of(documents: Documents, kinds: tuple[str, ...]) -> Flags:
    """Return which documents are of one of some kinds, capitals aside."""
    wanted = {kind.casefold() for kind in kinds}
    same = np.array([name.casefold() in wanted for name in (*documents.kinds, "")], dtype=np.bool_)
    found: Flags = same[documents.kind]
    return found


def _is_good(rule: EvidenceRule, documents: Documents) -> Flags:
    """Return which documents are what the metric says that a document must be."""
    if rule.must_be is EvidenceState.REPORTED:
        return np.ones(len(documents.is_seen), dtype=np.bool_)
    return documents.is_seen


def _earliest(n: int, owner: Positions, days: IntArray, which: Flags) -> IntArray:
    earliest = np.full(n, _NEVER)
    np.minimum.at(earliest, owner[which], days[which])
    return earliest


def _any(n: int, owner: Positions, which: Flags) -> Flags:
    found = np.zeros(n, dtype=np.bool_)
    found[owner[which]] = True
    return found


def _texts(n: int, owner: Positions, document: Positions, documents: Documents) -> list[str]:
    """Return the supporting documents of each candidate, in order of their dates."""
    texts = [""] * n
    for row, place in zip(owner.tolist(), document.tolist(), strict=True):
        text = documents.text[place]
        texts[row] = f"{texts[row]}, {text}" if texts[row] else text
    return texts
