"""The tables, one module for each subject. Importing this module makes all of them known."""

from sib_engine.storage.tables.audit import AuditEntry
from sib_engine.storage.tables.claims import Claim, ClaimCheck, ClaimMove, EvidenceFile, Inspection
from sib_engine.storage.tables.contracts import Contract, ContractClosure, ContractParty, ContractVersion
from sib_engine.storage.tables.facts import Fact, FactWithdrawal, Mapping, Participant, Upload
from sib_engine.storage.tables.jobs import Job
from sib_engine.storage.tables.ledger import LedgerEntry
from sib_engine.storage.tables.people import Account, Membership, Organisation
from sib_engine.storage.tables.requests import AnsweredRequest, ApiToken
from sib_engine.storage.tables.samples import (
    Sample,
    SampleClaim,
    SampleDraw,
    SampleEstimate,
    SampleItem,
    SampleResult,
)
from sib_engine.storage.tables.statements import (
    Dispute,
    Invoice,
    LinePart,
    Payment,
    SetOff,
    Statement,
    StatementEvent,
    StatementLine,
)

APPEND_ONLY = (
    AuditEntry,
    Organisation,
    Account,
    ContractVersion,
    ContractParty,
    Mapping,
    Upload,
    Fact,
    FactWithdrawal,
    Claim,
    ClaimCheck,
    ClaimMove,
    EvidenceFile,
    Inspection,
    Sample,
    SampleClaim,
    SampleDraw,
    SampleItem,
    SampleResult,
    SampleEstimate,
    Statement,
    StatementLine,
    LinePart,
    StatementEvent,
    Invoice,
    Payment,
    SetOff,
    Dispute,
    LedgerEntry,
    ContractClosure,
)
"""Tables whose rows are never changed and never taken away: the database refuses it."""

__all__ = [
    "APPEND_ONLY",
    "Account",
    "AnsweredRequest",
    "ApiToken",
    "AuditEntry",
    "Claim",
    "ClaimCheck",
    "ClaimMove",
    "Contract",
    "ContractClosure",
    "ContractParty",
    "ContractVersion",
    "Dispute",
    "EvidenceFile",
    "Fact",
    "FactWithdrawal",
    "Inspection",
    "Invoice",
    "Job",
    "LedgerEntry",
    "LinePart",
    "Mapping",
    "Membership",
    "Organisation",
    "Participant",
    "Payment",
    "Sample",
    "SampleClaim",
    "SampleDraw",
    "SampleEstimate",
    "SampleItem",
    "SampleResult",
    "SetOff",
    "Statement",
    "StatementEvent",
    "StatementLine",
    "Upload",
]
