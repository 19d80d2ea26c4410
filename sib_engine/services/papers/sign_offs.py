"""The signatures of a statement, from the audit trail: who submitted, verified and approved it, for whom and when."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evaluation.report.blocks import SignOff
from sib_engine.core.dates import local_day
from sib_engine.storage.records.signatures import Signature, approved_by, submitted_by, verified_by
from sib_engine.storage.tables import Statement

SHOWN = 3
"""So many people are named under one signature; the others are counted."""


def sign_offs_of(session: Session, statement: Statement, timezone: str) -> tuple[SignOff, ...]:
    """Return who submitted and verified the claims of a statement, where it has any, and who approved it.

    Several people share a signature; its day and time are those of the last of them.
    """
    signed = (
        ("Claimed by", submitted_by(session, statement)),
        ("Verified by", verified_by(session, statement)),
        ("Approved by", (approved_by(session, statement),)),
    )
    return tuple(_signed(role, found, timezone) for role, found in signed if found)


def _signed(role: str, found: Sequence[Signature], timezone: str) -> SignOff:
    last = max(found, key=lambda each: each.seq)
    n_claims = sum(each.n_claims for each in found)
    claims = f"{n_claims:,} {'claim' if n_claims == 1 else 'claims'}, " if n_claims else ""
    at = last.at.astimezone(ZoneInfo(timezone))
    return SignOff(
        role,
        name=_named([each.name for each in found]),
        organisation=_named([each.organisation for each in found]),
        on=local_day(last.at, timezone),
        said=f"{at:%H:%M} {timezone}, {claims}entry {last.seq:,} of the audit trail",
    )


def _named(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = f" and {len(unique) - SHOWN:,} more" if len(unique) > SHOWN else ""
    return ", ".join(unique[:SHOWN]) + more
