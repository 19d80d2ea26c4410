"""Accepted claims whose facts change: each goes back to be decided again, by a step that says what changed."""

from collections.abc import Iterator
from typing import Any

from sib_engine.outcomes.claim_checks import Checked, lost
from sib_engine.outcomes.claims import FACTS_CHANGED, FACTS_WITHDRAWN, RETURN
from sib_engine.services.claims.withdrawn import WITHDRAW
from sib_engine.storage.chain import Command
from sib_engine.storage.records.claims import ClaimRecord


def returns(command: Command, claim: ClaimRecord, now: Checked, basis: str) -> Iterator[dict[str, Any]]:
    """Yield the step of a claim that was accepted on other facts than there are now; none where it still stands.

    One that was accepted goes back where it rests on something else, or no longer passes a check of its own facts.
    One that waits to be decided again gets a further step where its facts are taken back by who reported them:
    what was paid is then taken back without waiting.

    Args:
        command: The command by which facts came or went.
        claim: The claim before it.
        now: What the checks say now.
        basis: What the amount rests on now.
    """
    allowed, state = RETURN
    failing = lost(claim.checked, now)
    is_taken_back = command.name == WITHDRAW and bool(failing)
    was_accepted = claim.state in allowed
    waits = claim.returned is not None and claim.returned.code == FACTS_CHANGED
    if not ((was_accepted and (failing or basis != claim.basis)) or (waits and is_taken_back)):
        return
    changes = [f"it rested on: {claim.basis or 'nothing'}; it rests on: {basis or 'nothing, the facts do not show it'}"]
    if basis and failing:
        changes.append(f"it no longer passes: {', '.join(check.name for check in failing)}")
    yield {
        "claim_id": claim.id,
        "state": state.value,
        "code": FACTS_WITHDRAWN if is_taken_back else FACTS_CHANGED,
        "note": "; ".join(changes),
        "by_id": command.by_id,
    }
