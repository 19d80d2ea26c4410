"""What each role may do, in one table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is on a contract, or on all of them."""

    PROVIDER = "provider"
    INTERMEDIARY = "intermediary"
    VERIFIER = "verifier"
    APPROVER = "approver"
    TOP_UP_FUNDER = "top-up funder"
    INVESTOR = "investor"
    EVALUATOR = "evaluator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What can be asked of the store."""

    ADMINISTER = "administer"
    REGISTER = "register a contract"
    UPLOAD = "upload facts"
    ANSWER = "answer or withdraw a claim"
    VERIFY = "verify claims"
    SAMPLE = "draw and review a sample"
    APPROVE = "approve a statement"
    INVOICE = "issue an invoice"
    CONFIRM = "confirm a payment"
    DISPUTE = "dispute a line"
    SEE_PEOPLE = "see rows about people"
    SEE_AMOUNTS = "see amounts"
    AUDIT = "verify the audit trail"


_SEES = {Action.SEE_AMOUNTS, Action.SEE_PEOPLE}

PERMISSIONS: Final[Mapping[Role, frozenset[Action]]] = {
    Role.PROVIDER: frozenset({Action.UPLOAD, Action.ANSWER, Action.INVOICE, *_SEES}),
    Role.INTERMEDIARY: frozenset({Action.UPLOAD, Action.ANSWER, Action.INVOICE, *_SEES}),
    Role.VERIFIER: frozenset({Action.VERIFY, Action.SAMPLE, *_SEES}),
    Role.APPROVER: frozenset({Action.APPROVE, Action.CONFIRM, Action.DISPUTE, *_SEES}),
    Role.TOP_UP_FUNDER: frozenset({Action.APPROVE, Action.CONFIRM, Action.DISPUTE, *_SEES}),
    Role.INVESTOR: frozenset({Action.SEE_AMOUNTS}),
    Role.EVALUATOR: frozenset({Action.SEE_AMOUNTS}),
    Role.AUDITOR: frozenset({Action.AUDIT, *_SEES}),
    Role.ADMINISTRATOR: frozenset({Action.ADMINISTER, Action.REGISTER, Action.AUDIT}),
}
"""Whatever is not here is refused. Investors and evaluators never reach a row about a person."""

OF_PARTIES: Final = frozenset({Role.APPROVER, Role.TOP_UP_FUNDER})
"""Roles in which somebody commits money for a party of the contract, and which nobody else can have."""
