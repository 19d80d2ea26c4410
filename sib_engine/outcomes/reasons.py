"""Why an achieved or claimed outcome does not count: numbered, one bit each, never reused."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt


class Reason(IntEnum):
    """The number of a reason: its bit in a row's mask is ``1 << number``."""

    DUPLICATE = 1
    BEFORE_START = 2
    AFTER_END = 3
    PREREQUISITE_MISSING = 4
    PREREQUISITE_LATER = 5
    TOO_SOON = 6
    OUTSIDE_WINDOW = 7
    EVIDENCE_MISSING = 8
    EVIDENCE_TOO_EARLY = 9
    RECORDED_LATE = 10
    NOT_COMPETITIVE = 11
    SELF_EMPLOYED = 12
    HOURS_BELOW = 13
    HOURS_ABOVE = 14
    HOURS_UNKNOWN = 15
    NOT_LONG_ENOUGH = 16
    GAP_TOO_LONG = 17
    EMPLOYER_CHANGED = 18
    STILL_RUNNING = 19
    WRONG_SITE = 20
    NOT_ELIGIBLE = 21
    NO_CONSENT = 22
    NO_REFERRAL = 23
    AFTER_DISCHARGE = 24
    OTHER_BAND = 25
    GRANT_MONTH = 26
    COMPONENT_MISSING = 27
    NO_CLAIM_DATE = 28
    TOO_OFTEN = 29
    TOO_CLOSE = 30
    BEYOND_MAXIMUM = 31
    PAY_UNKNOWN = 32
    EARNINGS_BELOW = 33


@dataclass(frozen=True, slots=True)
class ReasonText:
    """What a reason means, and what would make the outcome count."""

    title: str
    mend: str


TEXTS: Final[dict[Reason, ReasonText]] = {
    Reason.DUPLICATE: ReasonText(
        "already counted: the contract pays this metric once",
        "nothing: the earlier outcome is the one that counts; correct the record if it is another person or job",
    ),
    Reason.BEFORE_START: ReasonText("before the contract starts", "an outcome on or after the contract's first day"),
    Reason.AFTER_END: ReasonText("after the contract ends", "an outcome on or before the contract's last day"),
    Reason.PREREQUISITE_MISSING: ReasonText(
        "an outcome that must come first does not count, or is not recorded",
        "the prerequisite outcome, recorded with its evidence",
    ),
    Reason.PREREQUISITE_LATER: ReasonText(
        "the outcome that must come first is dated later",
        "a corrected date, if the order in the record is wrong",
    ),
    Reason.TOO_SOON: ReasonText(
        "claimed before the required time had passed", "the same outcome on or after its due date"
    ),
    Reason.OUTSIDE_WINDOW: ReasonText(
        "after the contract's time limit for this outcome", "a corrected date inside the window"
    ),
    Reason.EVIDENCE_MISSING: ReasonText(
        "the evidence the contract asks for is missing or incomplete",
        "a document of an accepted kind (each kind, where the contract asks for all)",
    ),
    Reason.EVIDENCE_TOO_EARLY: ReasonText(
        "the evidence is dated too early to show the outcome",
        "a document dated on or after the day from which the contract accepts it",
    ),
    Reason.RECORDED_LATE: ReasonText(
        "recorded after the last day for claims", "nothing, unless the contract is amended"
    ),
    Reason.NOT_COMPETITIVE: ReasonText(
        "not competitive employment (volunteering, sheltered or unpaid work)", "a competitive, paid job"
    ),
    Reason.SELF_EMPLOYED: ReasonText("self-employment does not count in this contract", "a job with an employer"),
    Reason.HOURS_BELOW: ReasonText(
        "too few hours a week for this metric", "pay records that show more hours, or the metric of the lower band"
    ),
    Reason.HOURS_ABOVE: ReasonText("too many hours a week for this metric", "the metric of the higher band"),
    Reason.HOURS_UNKNOWN: ReasonText("hours are not recorded", "weekly hours, or hours for each pay period"),
    Reason.NOT_LONG_ENOUGH: ReasonText(
        "the job ended before the required time", "a further job, if the contract allows a change"
    ),
    Reason.GAP_TOO_LONG: ReasonText(
        "a break between jobs is longer than the contract allows", "the full time in work, from the new job on"
    ),
    Reason.EMPLOYER_CHANGED: ReasonText(
        "the employer changed, and the contract starts again with a new one",
        "the full time in work with the new employer",
    ),
    Reason.STILL_RUNNING: ReasonText(
        "the required time has not passed yet", "the job lasting until its due date, with evidence"
    ),
    Reason.WRONG_SITE: ReasonText(
        "the site is not in this contract, or not recorded",
        "a corrected site, or a claim under that site's own contract",
    ),
    Reason.NOT_ELIGIBLE: ReasonText(
        "work status at referral is not one the contract serves", "a corrected referral record"
    ),
    Reason.NO_CONSENT: ReasonText("no consent is recorded on or before the outcome", "the person's recorded consent"),
    Reason.NO_REFERRAL: ReasonText("no referral is recorded on or before the outcome", "the referral with its date"),
    Reason.AFTER_DISCHARGE: ReasonText("too long after the person was discharged", "a corrected discharge date"),
    Reason.OTHER_BAND: ReasonText(
        "another hours band of the same person or job is already counted",
        "nothing: the contract pays one band",
    ),
    Reason.GRANT_MONTH: ReasonText(
        "a flat grant replaced outcome payments in this month", "nothing: the grant pays for these months"
    ),
    Reason.COMPONENT_MISSING: ReasonText(
        "part of what the metric asks for is not recorded", "the missing part, with its date"
    ),
    Reason.NO_CLAIM_DATE: ReasonText(
        "the price depends on a date that is not recorded", "the date the contract prices by"
    ),
    Reason.TOO_OFTEN: ReasonText(
        "as many of these outcomes as the contract pays for one person are counted already",
        "nothing: the earlier outcomes are the ones that count; correct the record if one of them is wrong",
    ),
    Reason.TOO_CLOSE: ReasonText(
        "too few days after the person's last outcome of this metric that counts",
        "an outcome on or after the day from which the next one counts",
    ),
    Reason.BEYOND_MAXIMUM: ReasonText(
        "beyond the number of these outcomes that the contract counts",
        "nothing: the earlier outcomes are the ones that count; correct the record if one of them is wrong",
    ),
    Reason.PAY_UNKNOWN: ReasonText(
        "cannot tell: hourly pay is not recorded", "hourly pay, for every job held up to the day of the outcome"
    ),
    Reason.EARNINGS_BELOW: ReasonText(
        "earnings have not reached what the contract asks for", "further earnings, or pay records that show more"
    ),
}

MENDED_BY_A_RECORD: Final = frozenset(
    {
        Reason.EVIDENCE_MISSING,
        Reason.EVIDENCE_TOO_EARLY,
        Reason.HOURS_UNKNOWN,
        Reason.NO_CONSENT,
        Reason.NO_REFERRAL,
        Reason.COMPONENT_MISSING,
        Reason.STILL_RUNNING,
        Reason.PAY_UNKNOWN,
    }
)
"""Reasons of a row's own facts that something still to be recorded can mend."""

WITHOUT_DEADLINE: Final = frozenset({Reason.NO_CONSENT, Reason.NO_REFERRAL})
"""Those of them that no deadline for claims is about (decision 14)."""

LACKS_A_RECORD: Final = MENDED_BY_A_RECORD - {Reason.STILL_RUNNING, Reason.COMPONENT_MISSING}
"""Reasons against what has happened already: only its record is incomplete."""

EVIDENCE_REASONS: Final = frozenset({Reason.EVIDENCE_MISSING, Reason.EVIDENCE_TOO_EARLY})
"""The reasons that a document mends."""

FROM_FACTS: Final = frozenset(
    {
        *EVIDENCE_REASONS,
        Reason.NOT_COMPETITIVE,
        Reason.SELF_EMPLOYED,
        Reason.HOURS_BELOW,
        Reason.HOURS_ABOVE,
        Reason.HOURS_UNKNOWN,
        Reason.NOT_LONG_ENOUGH,
        Reason.GAP_TOO_LONG,
        Reason.EMPLOYER_CHANGED,
        Reason.STILL_RUNNING,
        Reason.WRONG_SITE,
        Reason.NOT_ELIGIBLE,
        Reason.NO_CONSENT,
        Reason.NO_REFERRAL,
        Reason.AFTER_DISCHARGE,
        Reason.COMPONENT_MISSING,
        Reason.PAY_UNKNOWN,
        Reason.EARNINGS_BELOW,
    }
)
"""Reasons that only the facts behind a row can give; matching rows with each other gives all the others anew."""


def mask_of(reasons: Iterable[Reason]) -> int:
    """Return the bits of several reasons."""
    return sum(bit(reason) for reason in set(reasons))


def bit(reason: Reason) -> int:
    """Return the reason's bit in a mask."""
    return 1 << reason


@lru_cache(maxsize=4096)
def reasons_in(mask: int) -> tuple[Reason, ...]:
    """Return the reasons set in one row's mask, in order of their numbers."""
    return tuple(reason for reason in Reason if mask & bit(reason))


def names_of(mask: int) -> str:
    """Return the codes of a mask as they stand in files: ``R08 evidence-missing; R10 ...``."""
    return "; ".join(code_of(reason) for reason in reasons_in(mask))


def code_of(reason: Reason) -> str:
    """Return the reason as it is printed: its number and name."""
    return f"R{reason:02d} {reason.name.lower().replace('_', '-')}"


MaskArray = npt.NDArray[np.uint64]
