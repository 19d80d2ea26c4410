"""Eligibility: referral, work status, consent and discharge of the person behind a candidate."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.spells import FAR, as_dates, as_days, packed
from sib_engine.outcomes.facts import FactName, Facts, Flags
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NO_DAY, NONE
from sib_engine.terms.contract import Consent, Contract, Eligibility, PriceDate, Referral, TermsDate


@dataclass(frozen=True, slots=True)
class People:
    """What the facts say of each person, arrays of shape ``(n_people,)``.

    ``referred_on`` is the day of the first referral (NaT without one); work status and group are those
    of that referral. ``consent_on`` is the earliest consent. ``referral_known_on`` and
    ``consent_known_on`` are when the facts that say so were recorded. ``referrals`` and ``discharges``
    are keys of person and day, sorted: see :func:`sib_engine.outcomes.derive.spells.packed`.
    """

    referred_on: DayArray
    referral_known_on: DayArray
    work_status: npt.NDArray[np.int32]
    group: npt.NDArray[np.int32]
    consent_on: DayArray
    consent_known_on: DayArray
    referrals: IntArray
    discharges: IntArray


def people_of(facts: Facts) -> People:
    """Return what the facts say of each person."""
    n = facts.n_people
    at = facts.named(FactName.REFERRAL)
    at = at[np.lexsort((facts.line[at], facts.starts_on[at], facts.person.codes[at]))][::-1]
    referred_on, referral_known_on = np.full(n, NO_DAY), np.full(n, NO_DAY)
    consent_on, consent_known_on = np.full(n, NO_DAY), np.full(n, NO_DAY)
    work_status, group = np.full(n, NONE, dtype=np.int32), np.full(n, NONE, dtype=np.int32)
    person = facts.person.codes[at]
    referred_on[person] = facts.starts_on[at]  # the first referral is written last, so it stays
    referral_known_on[person] = facts.recorded_on[at]
    work_status[person] = facts.detail.codes[at]
    group[person] = facts.group.codes[at]
    consents = np.flatnonzero(~np.isnat(facts.consent_on))
    order = (facts.recorded_on[consents], facts.consent_on[consents], facts.person.codes[consents])
    consents = consents[np.lexsort(order)][::-1]
    consent_on[facts.person.codes[consents]] = facts.consent_on[consents]
    consent_known_on[facts.person.codes[consents]] = facts.recorded_on[consents]
    left = facts.named(FactName.DISCHARGE)
    return People(
        referred_on=referred_on,
        referral_known_on=referral_known_on,
        work_status=work_status,
        group=group,
        consent_on=consent_on,
        consent_known_on=consent_known_on,
        referrals=np.sort(packed(person, as_days(facts.starts_on[at]))),
        discharges=np.sort(packed(facts.person.codes[left], as_days(facts.starts_on[left]))),
    )


def known_from(contract: Contract, terms: Eligibility, people: People) -> DayArray:
    """Return when what makes each person eligible was known, shape ``(n_people,)``; NaT where nothing is recorded.

    That is the referral and the consent, each where ``terms`` require it; the referral also where its
    date decides the price or the version of the terms.
    """
    known = np.full(len(people.referred_on), NO_DAY)
    by_start = contract.price_date is PriceDate.START or contract.terms_date is TermsDate.START
    if terms.referral is Referral.REQUIRED or by_start:
        known = np.fmax(known, people.referral_known_on)
    if terms.consent is Consent.REQUIRED:
        known = np.fmax(known, people.consent_known_on)
    return known


def ineligible(
    terms: Eligibility, facts: Facts, people: People, *, person: npt.NDArray[np.int32], achieved_on: DayArray
) -> MaskArray:
    """Return the reasons for which candidates are not eligible, shape ``(n,)``.

    Work status is that of the first referral. Consent and referral, where they are required, must not
    be dated after the outcome. An outcome is after discharge where the latest discharge on or before it lies further
    back than the contract allows and no new referral has followed. A candidate without a date is
    judged by what is recorded at all.
    """
    mask = np.zeros(len(person), dtype=np.uint64)
    dated = ~np.isnat(achieved_on)
    referred_on, consent_on = people.referred_on[person], people.consent_on[person]
    if terms.referral is Referral.REQUIRED:
        mask[np.isnat(referred_on) | (dated & (referred_on > achieved_on))] |= bit(Reason.NO_REFERRAL)
    if terms.consent is Consent.REQUIRED:
        mask[np.isnat(consent_on) | (dated & (consent_on > achieved_on))] |= bit(Reason.NO_CONSENT)
    if terms.work_status:
        accepted = {status.casefold() for status in terms.work_status}
        fits = np.array([label.casefold() in accepted for label in (*facts.detail.labels, "")], dtype=np.bool_)
        mask[~np.isnat(referred_on) & ~fits[people.work_status[person]]] |= bit(Reason.NOT_ELIGIBLE)
    if terms.days_after_discharge is not None:
        days = as_days(achieved_on)
        too_late = _discharged(people, person[dated], days[dated], terms.days_after_discharge)
        mask[np.flatnonzero(dated)[too_late]] |= bit(Reason.AFTER_DISCHARGE)
    return mask


def last_discharge(people: People, person: npt.NDArray[np.int32], days: DayArray) -> DayArray:
    """Return the day of each person's latest discharge that is not after ``days``, which must lie after one."""
    return as_dates(_latest(people.discharges, person, as_days(days)))


def _discharged(people: People, person: npt.NDArray[np.int32], days: IntArray, allowed: int) -> Flags:
    discharge = _latest(people.discharges, person, days)
    referral = _latest(people.referrals, person, days)
    found: Flags = (discharge > -FAR) & (referral <= discharge) & (days > discharge + allowed)
    return found


def _latest(keys: IntArray, person: npt.NDArray[np.int32], days: IntArray) -> IntArray:
    """Return the latest day of each person's keys that is not after ``days``; ``-FAR`` where there is none."""
    wanted = packed(person, days)
    nothing = packed(person, np.full(len(days), -FAR))
    if not len(keys):
        return np.full(len(days), -FAR)
    place = np.searchsorted(keys, wanted, side="right") - 1
    found = np.where(place >= 0, keys[np.maximum(place, 0)], nothing)
    return np.maximum(found, nothing) - nothing - FAR
