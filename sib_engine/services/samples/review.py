"""Use case: record what full review found of the claims drawn, one by one or from the sheet, all or none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from sib_engine.core.errors import FindingsError, RefusedError, SegregationError
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Finding
from sib_engine.core.money import parse_amount
from sib_engine.outcomes.claims import rejection_code
from sib_engine.payments.sampling.checked import Verdict
from sib_engine.payments.sampling.review_file import Found, Review, read_reviews, wrong_in
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.samples.found import draw_of, refuse_closed_sample, sample_of
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.records.samples import DrawnClaim, drawn_as_known
from sib_engine.storage.tables import SampleResult

NOT_ALLOWED: Final = "review-of-own"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was recorded: verdicts on claims that had none, and changed ones; ``n_open`` claims are still pending."""

    n_new: int
    n_changed: int
    n_open: int
    findings: tuple[Finding, ...]


def record_reviews(
    session: Session, code: str, statement: int, given: Path | Review, *, by: Actor, at: datetime
) -> Reviewed:
    """Record verdicts: one, or those of a filled-in sheet; of what was recorded before, the last one holds.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        statement: Number of a statement whose sample is drawn and not closed.
        given: One verdict, or the file.
        by: Who reviewed; of another organisation than who submitted the claims, and nobody who decided them.
        at: When.

    Raises:
        NotFoundError: If there is no such contract, statement or sample.
        SegregationError: If ``by`` may not sample; of one verdict, if ``by`` may not review that claim.
        FindingsError: If lines of a sheet are wrong, with every one of them.
        RefusedError: If the sample is not drawn or is closed, one verdict is wrong, or nothing is new.
    """
    command = chain.begin(session, "sample.review", by_id=by.id, at=at)
    seq = command.seq - 1
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SAMPLE, contract.id)
    command.contract_id = contract.id
    refuse_closed(session, contract.id)
    sample = sample_of(session, contract, statement, seq)
    draw_of(sample)
    refuse_closed_sample(sample)
    drawn = {each.row: each for each in drawn_as_known(session, sample.id, seq)}
    claims = {claim.row: claim for claim in claims_as_known(session, contract.id, seq)}
    if isinstance(given, Review):
        reviews: tuple[Review, ...] = (given,)
        log = FindingLog("")
        _refuse([*wrong_in(given), *_against(given, drawn, claims, by)])
    else:
        reviews, log = read_reviews(given, contract.terms.currency)
        for review in reviews:
            for column, said in _against(review, drawn, claims, by):
                log.error(said, row=review.row, column=column)
        if log.has_errors:
            raise FindingsError(log.findings())
    new = [review for review in reviews if not _is_known(review, drawn[review.claim])]
    if not new:
        message = "nothing new is said of any claim drawn; accepted: at least one verdict that is not recorded yet"
        raise RefusedError(message)
    command.add(
        SampleResult,
        [
            {
                "item_id": drawn[review.claim].item_id,
                "verdict": review.checked.verdict.value,
                "right_value": review.checked.right_value,
                "code": rejection_code(review.code) or "",
                "note": review.note,
                "by_id": by.id,
            }
            for review in new
        ],
    )
    n_changed = sum(drawn[review.claim].n_results > 0 for review in new)
    command.payload = {"statement": statement, "verdicts": len(new), "changed": n_changed}
    command.close()
    verdicts = {row: each.checked.verdict for row, each in drawn.items()}
    verdicts |= {review.claim: review.checked.verdict for review in new}
    n_open = sum(verdict is Verdict.PENDING for verdict in verdicts.values())
    return Reviewed(len(new) - n_changed, n_changed, n_open, log.findings())


def review_of(
    session: Session, contract: str, claim: str, verdict: str, right_value: str | None, *, code: str, note: str
) -> Review:
    """Return one verdict as it was typed, its amount in the contract's currency.

    Raises:
        NotFoundError: If the contract is not registered.
        RefusedError: If the amount cannot be read.
    """
    seq, _ = chain.head(session)
    currency = contract_as_known(session, contract, seq).terms.currency
    try:
        value = None if right_value is None else parse_amount(right_value, currency)
    except ValueError as bad:
        message = f"the right value: {bad}; accepted: an amount in {currency.code} such as 400.00"
        raise RefusedError(message) from None
    return Review(None, claim, Found(verdict), value, code.strip(), note.strip())


def _against(
    review: Review, drawn: dict[str, DrawnClaim], claims: dict[str, ClaimRecord], by: Actor
) -> Iterator[tuple[str, Said]]:
    """Yield what speaks against a verdict, with the column of each."""
    item = drawn.get(review.claim)
    if item is None:
        yield "claim", Said("claim-not-drawn", f"claim {review.claim!r} was not drawn", "a claim of the sheet")
        return
    claim = claims[review.claim]
    if claim.organisation_id == by.organisation_id:
        what = f"{by.organisation} submitted {review.claim}"
        yield "claim", Said(NOT_ALLOWED, what, "a reviewer of another organisation")
    if by.id in claim.verified_by:
        what = f"{by.login} decided {review.claim}, and nobody reviews what they decided themselves"
        yield "claim", Said(NOT_ALLOWED, what, "another reviewer")
    if item.n_results and not review.note and not _is_known(review, item):
        what = f"claim {review.claim!r} has the verdict {item.checked.verdict} already, and a change needs words"
        yield "note", Said("note-missing", what, "a note that says what changed")
    if review.found is Found.IN_PART and review.right_value == item.value:
        what = f"claim {review.claim!r} is right in part, and worth what was claimed"
        yield "right_value", Said("right-value-unchanged", what, 'another amount, or the verdict "right"')


def _refuse(wrong: list[tuple[str, Said]]) -> None:
    """Refuse one verdict, with everything that speaks against it."""
    if not wrong:
        return
    message = "; ".join(f"{said.what}; accepted: {said.accepted}" for _, said in wrong)
    raise (SegregationError if any(said.rule == NOT_ALLOWED for _, said in wrong) else RefusedError)(message)


def _is_known(review: Review, item: DrawnClaim) -> bool:
    said = (review.checked, rejection_code(review.code) or "", review.note)
    return item.n_results > 0 and said == (item.checked, item.code, item.note)
