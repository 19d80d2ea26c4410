"""Mappings of trackers as they had been saved at a place of the audit chain."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.errors import FindingsError
from sib_engine.outcomes.intake.mapping import Mapping as TrackerMapping
from sib_engine.outcomes.intake.mapping_file import mapping_of
from sib_engine.storage.tables import Account, AuditEntry, Mapping, Organisation


@dataclass(frozen=True, slots=True)
class StoredMapping:
    """One version of a mapping: whose, under which name, its rules as JSON, and when and by whom it was saved."""

    id: int
    organisation_id: int
    organisation: str
    name: str
    version: int
    digest: str
    rules: str
    saved_at: datetime
    login: str

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.name}, version {self.version}"

    def read(self) -> TrackerMapping:
        """Return the rules as they are used.

        Raises:
            FindingsError: If this version of the engine cannot read them.
        """
        mapping, findings = mapping_of(self.rules.encode())
        if mapping is None:
            raise FindingsError(tuple(finding.in_file(self.title) for finding in findings))
        return mapping


def mappings_as_known(session: Session, contract_id: int, seq: int) -> list[StoredMapping]:
    """Return every version of every mapping of a contract that had been saved by ``seq``, in order of names."""
    query = (
        select(
            Mapping.id,
            Mapping.organisation_id,
            Organisation.name,
            Mapping.name,
            Mapping.version,
            Mapping.digest,
            Mapping.rules,
            AuditEntry.at,
            Account.login,
        )
        .join(Organisation, Organisation.id == Mapping.organisation_id)
        .join(AuditEntry, AuditEntry.seq == Mapping.seq)
        .join(Account, Account.id == Mapping.by_id)
        .where(Mapping.contract_id == contract_id, Mapping.seq <= seq)
    )
    found = [StoredMapping(*row) for row in session.execute(query)]
    return sorted(found, key=lambda each: (each.organisation, each.name, each.version))
