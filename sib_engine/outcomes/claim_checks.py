"""The automatic checks of a claim, answered from the reasons that the rules found against it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sib_engine.outcomes.reasons import Reason, mask_of


class Answer(StrEnum):
    """What a check says."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its number (a bit, never reused), the question, and the reasons that answer it with no.

    ``unknown`` are the reasons for which nobody can tell yet.
    """

    number: int
    name: str
    question: str
    failed: frozenset[Reason]
    unknown: frozenset[Reason] = frozenset()


def _check(number: int, name: str, question: str, *failed: Reason, unknown: tuple[Reason, ...] = ()) -> Check:
    return Check(number, name, question, frozenset(failed), frozenset(unknown))


CHECKS: Final = (
    _check(1, "referral", "Is there a referral on or before the outcome?", Reason.NO_REFERRAL),
    _check(2, "eligibility", "Is the person one whom the contract serves?", Reason.NOT_ELIGIBLE),
    _check(3, "consent", "Did the person consent on or before the outcome?", Reason.NO_CONSENT),
    _check(4, "site", "Is the site one of the contract's?", Reason.WRONG_SITE),
    _check(5, "contract-dates", "Does the outcome lie within the contract?", Reason.BEFORE_START, Reason.AFTER_END),
    _check(6, "grant-month", "Does a grant leave the month to be claimed for?", Reason.GRANT_MONTH),
    _check(7, "deadline", "Was it recorded in time?", Reason.RECORDED_LATE),
    _check(8, "claim-date", "Is the day known by which the contract prices?", unknown=(Reason.NO_CLAIM_DATE,)),
    _check(
        9,
        "prerequisites",
        "Did what must come first come first?",
        Reason.PREREQUISITE_MISSING,
        Reason.PREREQUISITE_LATER,
    ),
    _check(10, "window", "Does it lie within its window?", Reason.TOO_SOON, Reason.OUTSIDE_WINDOW),
    _check(11, "components", "Is every part of the metric recorded?", Reason.COMPONENT_MISSING),
    _check(12, "evidence", "Is there a document of an accepted kind?", Reason.EVIDENCE_MISSING),
    _check(13, "evidence-date", "Is the document dated on or after the outcome?", Reason.EVIDENCE_TOO_EARLY),
    _check(14, "competitive", "Is the job competitive employment?", Reason.NOT_COMPETITIVE),
    _check(15, "employed", "Is it employment that the contract counts?", Reason.SELF_EMPLOYED),
    _check(
        16,
        "hours",
        "Are the hours those of the metric?",
        Reason.HOURS_BELOW,
        Reason.HOURS_ABOVE,
        unknown=(Reason.HOURS_UNKNOWN,),
    ),
    _check(
        17,
        "time-in-work",
        "Did the job last as long as it must?",
        Reason.NOT_LONG_ENOUGH,
        Reason.GAP_TOO_LONG,
        Reason.EMPLOYER_CHANGED,
        unknown=(Reason.STILL_RUNNING,),
    ),
    _check(
        18, "earnings", "Are earnings what the metric asks for?", Reason.EARNINGS_BELOW, unknown=(Reason.PAY_UNKNOWN,)
    ),
    _check(19, "discharge", "Was the person still served?", Reason.AFTER_DISCHARGE),
    _check(20, "once", "Is it claimed for the first time?", Reason.DUPLICATE, Reason.TOO_OFTEN, Reason.TOO_CLOSE),
    _check(21, "band", "Is it the only band claimed?", Reason.OTHER_BAND),
    _check(22, "maximum", "Is the contract's maximum not yet reached?", Reason.BEYOND_MAXIMUM),
    _check(23, "other-providers", "Has no other provider claimed it for the same person?"),
    _check(24, "facts", "Do the facts still show it?"),
)
"""Every check; number 23 is answered from the keyed hashes of other providers, where they are supplied."""

ACROSS_PROVIDERS: Final = 23
STILL_SHOWN: Final = 24

OF_OTHERS: Final = sum(1 << number for number in (20, 21, 22, ACROSS_PROVIDERS))
"""Bits of the checks that other claims answer too: what they say may change while a claim's own facts stay."""

_RULES: Final = tuple(
    (1 << check.number, mask_of(check.failed), mask_of(check.unknown))
    for check in CHECKS
    if check.number != ACROSS_PROVIDERS
)
"""What answers each check; number 24 has nothing that answers it with no, since it is asked of what the facts show."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers for one claim, as bits: check ``n`` is ``1 << n`` in one of the three."""

    passed: int
    failed: int
    unknown: int

    def answer(self, number: int) -> Answer | None:
        """Return what one check says; None where it was not asked."""
        for bits, answer in (
            (self.passed, Answer.PASSED),
            (self.failed, Answer.FAILED),
            (self.unknown, Answer.CANNOT_TELL),
        ):
            if bits >> number & 1:
                return answer
        return None

    @property
    def all_passed(self) -> bool:
        """Whether nothing failed, and nothing was left open but what only other providers could answer."""
        return not self.failed and not self.unknown & ~(1 << ACROSS_PROVIDERS)


def checked(mask: int, *, claimed_elsewhere: bool | None) -> Checked:
    """Return the answers for a claim.

    Args:
        mask: The reasons that the rules found against it.
        claimed_elsewhere: Whether another provider claims the same for the same person; None where no keyed
            hash was supplied, so that nobody can tell.
    """
    passed = failed = unknown = 0
    for own, no, open_ in _RULES:
        if mask & no:
            failed |= own
        elif mask & open_:
            unknown |= own
        else:
            passed |= own
    own = 1 << ACROSS_PROVIDERS
    if claimed_elsewhere is None:
        unknown |= own
    elif claimed_elsewhere:
        failed |= own
    else:
        passed |= own
    return Checked(passed, failed, unknown)


def lost(before: Checked, now: Checked) -> tuple[Check, ...]:
    """Return the checks of a claim's own facts that no longer pass."""
    gained = (now.failed | now.unknown & ~before.unknown) & ~OF_OTHERS
    return tuple(check for check in CHECKS if gained >> check.number & 1)


NOT_SHOWN: Final = Checked(0, 1 << STILL_SHOWN, 0)
"""The answers for a claim whose outcome the facts do not show any more: nothing else can be asked about it."""
