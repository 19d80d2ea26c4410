"""In words: which document an outcome lacks, and what is on record instead."""

from collections.abc import Iterator, Sequence

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.outcomes.facts import Flags, Positions
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.why.words import Words
from sib_engine.terms.metric import EvidenceRule, EvidenceState, Needed, asked_in_words, either

_MAX_LISTED = 3


def words_of_evidence(
    rule: EvidenceRule,
    mask: MaskArray,
    shown_from: IntArray,
    *,
    pairs: tuple[Positions, Positions],
    accepted: Sequence[Flags],
    texts: Sequence[str],
    days: IntArray,
) -> Iterator[Words]:
    """Yield the words for EVIDENCE_MISSING and EVIDENCE_TOO_EARLY.

    Args:
        rule: What the metric accepts.
        mask: The reasons that the documents give, shape ``(n,)``.
        shown_from: Day from which documents are accepted, shape ``(n,)``; the smallest integer for none.
        pairs: Candidate and document of every document that is about a candidate, each of shape ``(n_pairs,)``.
        accepted: For each group of the rule, which pairs are of it, each of shape ``(n_pairs,)``.
        texts: How each document is printed.
        days: The date of each document.
    """
    owner, document = pairs
    missing = np.flatnonzero(mask & np.uint64(bit(Reason.EVIDENCE_MISSING)))
    early = np.flatnonzero(mask & np.uint64(bit(Reason.EVIDENCE_TOO_EARLY)))
    n = len(mask)
    of_any = np.any(accepted, axis=0)
    others = _listed(owner, document, ~of_any, texts)
    lacks = _lacking(n, owner, accepted, _names(rule), missing)
    haves = _listed(owner, document, of_any, texts) if rule.needed is Needed.ALL else {}
    must_be = "" if rule.must_be is EvidenceState.REPORTED else f", {rule.must_be}"
    found, mends = [], []
    for place, since in zip(missing.tolist(), _dates(shown_from[missing]), strict=True):
        names = lacks[place]
        on_record = [*haves.get(place, ()), *(f"{text} (not accepted)" for text in others.get(place, ()))]
        beside = f"; recorded is {_some(on_record)}" if on_record else ""
        found.append(f"{' and '.join(map(_none_of, names))} is recorded for it{beside}")
        mends.append(f"{_documents(names)}{since}{must_be}")
    yield Words(Reason.EVIDENCE_MISSING, missing, found, mends, None)
    yield _too_early(rule, early, shown_from, owner, document, accepted, texts, days)


def _too_early(
    rule: EvidenceRule,
    at: Positions,
    shown_from: IntArray,
    owner: Positions,
    document: Positions,
    accepted: Sequence[Flags],
    texts: Sequence[str],
    days: IntArray,
) -> Words:
    """Return for each row the latest document of each group of kinds that has only early ones."""
    in_time = days[document] >= shown_from[owner]
    said: dict[int, list[str]] = {}
    kinds: dict[int, list[str]] = {}
    is_asked = np.zeros(len(shown_from), dtype=np.bool_)
    is_asked[at] = True
    for of_kind, name in zip(accepted, _names(rule), strict=True):
        has = np.zeros(len(shown_from), dtype=np.bool_)
        has[owner[of_kind & in_time]] = True
        pairs = np.flatnonzero(of_kind & is_asked[owner] & ~has[owner])
        latest: dict[int, int] = {}
        for place, pair in zip(owner[pairs].tolist(), document[pairs].tolist(), strict=True):
            if place not in latest or days[pair] >= days[latest[place]]:
                latest[place] = pair
        for place, pair in latest.items():
            n_days = int(shown_from[place] - days[pair])
            said.setdefault(place, []).append(f"{texts[pair]} is {n_days} day{'' if n_days == 1 else 's'} too early")
            kinds.setdefault(place, []).append(name)
    found = ["; ".join(said[place]) for place in at.tolist()]
    since = _dates(shown_from[at])
    mends = [f"{_documents(kinds[place])}{day}" for place, day in zip(at.tolist(), since, strict=True)]
    return Words(Reason.EVIDENCE_TOO_EARLY, at, found, mends, None)


def _lacking(
    n: int, owner: Positions, accepted: Sequence[Flags], kinds: Sequence[str], at: Positions
) -> dict[int, list[str]]:
    """Return the groups of kinds of which each row has no document at all."""
    lacks: dict[int, list[str]] = {place: [] for place in at.tolist()}
    for kind, of_kind in zip(kinds, accepted, strict=True):
        has = np.zeros(n, dtype=np.bool_)
        has[owner[of_kind]] = True
        for place in at[~has[at]].tolist():
            lacks[place].append(kind)
    return lacks


def _documents(names: Sequence[str]) -> str:
    """Return what is asked for: ``a document (payslip)``, ``documents (payslip and letter)``."""
    return f"{'a document' if len(names) == 1 else 'documents'} ({' and '.join(names)})"


def _none_of(name: str) -> str:
    """Return that nothing of a group is there: ``no form``, ``none of letter, payslip or P45``."""
    return f"n{name}" if name.startswith("one of ") else f"no {name}"


def _listed(owner: Positions, document: Positions, which: Flags, texts: Sequence[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for place, pair in zip(owner[which].tolist(), document[which].tolist(), strict=True):
        found.setdefault(place, []).append(texts[pair])
    return found


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else ""
    return ", ".join(names[:_MAX_LISTED]) + more


def _names(rule: EvidenceRule) -> list[str]:
    """Return each group of the rule in words: ``payslip or letter`` where it is the only one."""
    if rule.needed is Needed.ANY:
        return [either(group) for group in rule.groups]
    return list(asked_in_words(rule.asked))


def _dates(days: IntArray) -> list[str]:
    texts = np.datetime_as_string(days.astype("datetime64[D]")).tolist()
    return ["" if text == "NaT" else f" dated on or after {text}" for text in texts]
