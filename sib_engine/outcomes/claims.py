"""Claims: the states that one can be in, the moves between them, and the codes for which it is refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ClaimState(StrEnum):
    """Where a claimed outcome stands between upload and statement."""

    SUBMITTED = "submitted"
    QUERIED = "queried"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can be done with a claim."""

    ACCEPT = "accept"
    QUERY = "query"
    ANSWER = "answer"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


MOVES: Final[Mapping[Move, tuple[frozenset[ClaimState], ClaimState]]] = {
    Move.ACCEPT: (frozenset({ClaimState.SUBMITTED, ClaimState.QUERIED}), ClaimState.ACCEPTED),
    Move.QUERY: (frozenset({ClaimState.SUBMITTED}), ClaimState.QUERIED),
    Move.ANSWER: (frozenset({ClaimState.QUERIED}), ClaimState.SUBMITTED),
    Move.REJECT: (frozenset({ClaimState.SUBMITTED, ClaimState.QUERIED}), ClaimState.REJECTED),
    Move.WITHDRAW: (
        frozenset({ClaimState.SUBMITTED, ClaimState.QUERIED, ClaimState.ACCEPTED}),
        ClaimState.WITHDRAWN,
    ),
    Move.REOPEN: (
        frozenset({ClaimState.ACCEPTED, ClaimState.REJECTED, ClaimState.WITHDRAWN}),
        ClaimState.SUBMITTED,
    ),
}
"""From which states each move is allowed, and where it leads. Whatever is not here is refused."""

RETURN: Final = (frozenset({ClaimState.ACCEPTED}), ClaimState.SUBMITTED)
"""The one move that nobody makes: a claim goes back to be decided again when its facts change after it was accepted."""

FACTS_CHANGED: Final = "S01 facts-changed"
FACTS_WITHDRAWN: Final = "S02 facts-withdrawn"
RETURN_CODES: Final[Mapping[str, str]] = {
    FACTS_CHANGED: "facts were reported after it was accepted by which it counts otherwise, or no longer: what is"
    " stated stays stated until it is decided again",
    FACTS_WITHDRAWN: "who reported its facts took them back, so that it no longer counts: the next statement takes back"
    " what was stated",
}
"""Codes of :data:`RETURN`."""

OF_THE_PROVIDER: Final = frozenset({Move.ANSWER, Move.WITHDRAW})
"""Moves of who submitted the claim; all others are those of a verifier."""

NEEDS_NOTE: Final = frozenset({Move.QUERY, Move.ANSWER, Move.REJECT, Move.WITHDRAW, Move.REOPEN})
"""Moves that nobody could defend later without the words that went with them."""

REJECTION_CODES: Final[Mapping[str, str]] = {
    "V01 evidence-not-genuine": "the document is not what it is said to be",
    "V02 evidence-does-not-show-it": "the document does not show the outcome that is claimed",
    "V03 dates-differ": "the document and the claim differ in a date",
    "V04 hours-differ": "the document and the claim differ in hours",
    "V05 not-the-person": "the document is about somebody else",
    "V06 outcome-did-not-happen": "the outcome did not happen",
    "V07 paid-elsewhere": "the outcome is paid for under another contract",
    "V08 employer-denies": "the employer does not confirm it",
    "V09 found-by-checks": "an automatic check failed; the reasons stand with it",
    "V10 other": "another reason, which the note gives",
}
"""Codes with which a verifier rejects; what the engine itself finds has the numbered reasons."""


def rejection_code(text: str) -> str | None:
    """Return the code of a rejection, given whole or by its number or name; None where there is none such."""
    return next((code for code in REJECTION_CODES if text and text in {code, *code.split()}), None)
