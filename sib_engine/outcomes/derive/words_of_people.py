"""In words: what was found of the person behind an outcome that is not eligible, and of the place where it happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.personal import shown
from sib_engine.outcomes.derive.eligibility import People, last_discharge
from sib_engine.outcomes.derive.spells import as_days, packed
from sib_engine.outcomes.facts import Facts
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.why.words import Words, no_days
from sib_engine.terms.contract import Contract, Eligibility

_NOT_AGAIN: Final = "; a referral of the day of the discharge does not follow it"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Candidates as questions about their people, arrays of shape ``(n,)``; ``mask`` holds the reasons found."""

    person: npt.NDArray[np.int32]
    achieved_on: DayArray
    mask: MaskArray

    def against(self, reason: Reason) -> npt.NDArray[np.intp]:
        """Return the positions of the candidates that have a reason against them."""
        return np.flatnonzero(self.mask & np.uint64(bit(reason)))


def words_of_people(terms: Eligibility, facts: Facts, people: People, asked: Asked) -> Iterator[Words]:
    """Yield the words for NOT_ELIGIBLE, NO_CONSENT, NO_REFERRAL and AFTER_DISCHARGE, by the terms in force.

    None has a last day: deadlines for claims are about an outcome's own facts and documents (decision 14).
    """
    yield _not_eligible(terms, facts, people, asked)
    yield _unsaid(asked, Reason.NO_CONSENT, people.consent_on, noun="consent", mend="the person's consent")
    yield _unsaid(asked, Reason.NO_REFERRAL, people.referred_on, noun="referral", mend="the person's referral")
    if terms.days_after_discharge is not None:
        yield _discharged(people, asked, terms.days_after_discharge)


def words_of_sites(contract: Contract, mask: MaskArray, sites: Sequence[str]) -> Words:
    """Return the words for WRONG_SITE of candidates with some reasons and with their sites as written."""
    at = np.flatnonzero(mask & np.uint64(bit(Reason.WRONG_SITE)))
    accepted = " or ".join(contract.site_codes)
    found = [
        f"site {shown(sites[place])} is not in this contract" if sites[place] else "no site is recorded"
        for place in at.tolist()
    ]
    mend = [
        f"a corrected site ({accepted}), or a claim under that site's own contract"
        if sites[place]
        else f"the site, recorded: {accepted}"
        for place in at.tolist()
    ]
    return Words(Reason.WRONG_SITE, at, found, mend, None)


def _not_eligible(terms: Eligibility, facts: Facts, people: People, asked: Asked) -> Words:
    at = asked.against(Reason.NOT_ELIGIBLE)
    accepted = " or ".join(map(repr, terms.work_status))
    person = asked.person[at]
    found = [
        f"work status at the referral of {day}: {shown(facts.detail.text(code)) if code != NONE else 'not recorded'}"
        for day, code in zip(_texts(people.referred_on[person]), people.work_status[person].tolist(), strict=True)
    ]
    mend = [f"a corrected referral of {day} with work status {accepted}" for day in _texts(people.referred_on[person])]
    return Words(Reason.NOT_ELIGIBLE, at, found, mend, no_days(len(at)))


def _unsaid(asked: Asked, reason: Reason, days: DayArray, *, noun: str, mend: str) -> Words:
    at = asked.against(reason)
    said = days[asked.person[at]]
    late = (said - asked.achieved_on[at]).astype(np.int64)
    found = [
        f"no {noun} is recorded"
        if day == "NaT"
        else f"the {noun} is dated {day}, {n_days} day{'' if n_days == 1 else 's'} after the outcome of {achieved}"
        for day, achieved, n_days in zip(_texts(said), _texts(asked.achieved_on[at]), late.tolist(), strict=True)
    ]
    mends = [
        f"{mend}, recorded" if day == "NaT" else f"{mend}, recorded and dated on or before {day}"
        for day in _texts(asked.achieved_on[at])
    ]
    return Words(reason, at, found, mends, no_days(len(at)))


def _discharged(people: People, asked: Asked, allowed: int) -> Words:
    at = asked.against(Reason.AFTER_DISCHARGE)
    achieved_on = asked.achieved_on[at]
    discharged_on = last_discharge(people, asked.person[at], achieved_on)
    last = discharged_on + np.timedelta64(allowed, "D")
    same_day = np.isin(packed(asked.person[at], as_days(discharged_on)), people.referrals)
    late = (achieved_on - last).astype(np.int64)
    found = [
        f"discharged on {left}; the last day that still counts is {day}, {allowed} days later, and this is dated "
        f"{achieved}, {n_days} day{'' if n_days == 1 else 's'} too late{_NOT_AGAIN * again}"
        for left, day, achieved, n_days, again in zip(
            _texts(discharged_on), _texts(last), _texts(achieved_on), late.tolist(), same_day.tolist(), strict=True
        )
    ]
    mend = [
        f"a discharge dated {needed} or later, or a new referral between {after} and {achieved}, if the record is wrong"
        for needed, after, achieved in zip(
            _texts(achieved_on - np.timedelta64(allowed, "D")),
            _texts(discharged_on + np.timedelta64(1, "D")),
            _texts(achieved_on),
            strict=True,
        )
    ]
    return Words(Reason.AFTER_DISCHARGE, at, found, mend, no_days(len(at)))


def _texts(days: DayArray) -> list[str]:
    found: list[str] = np.datetime_as_string(days.astype("datetime64[D]")).tolist()
    return found
