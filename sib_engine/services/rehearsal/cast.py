"""Who plays: a provider, two verifiers, an approver, the top-up funder and an administrator."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from sib_engine.core.errors import FindingsError
from sib_engine.services.access.actors import Actor, actor_named, add_account, add_organisation, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.contracts.register import register_contract
from sib_engine.storage.store import Store
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load_text
from sib_engine.terms.party import Role as PartyRole

PEOPLE: Final = {
    "root": (PartyRole.OUTCOMES_PAYER, Role.ADMINISTRATOR),
    "wanda": (PartyRole.PROVIDER, Role.PROVIDER),
    "vera": (PartyRole.OUTCOMES_PAYER, Role.VERIFIER),
    "sam": (PartyRole.OUTCOMES_PAYER, Role.VERIFIER),
    "abe": (PartyRole.OUTCOMES_PAYER, Role.APPROVER),
    "tess": (PartyRole.TOP_UP_FUNDER, Role.TOP_UP_FUNDER),
}
"""Each with the party of the contract that they work for, and what they do."""


class Cast:
    """The people, and the contract that they work on."""

    def __init__(self, source: str) -> None:
        """Read the contract.

        Raises:
            FindingsError: If it has errors.
        """
        loaded = load_text(source, "the contract of the rehearsal")
        if loaded.contract is None:
            raise FindingsError(loaded.findings)
        self.terms: Contract = loaded.contract
        self.source = source

    def enter(self, store: Store, at: datetime) -> None:
        """Enter organisations and people, register the contract and grant the roles."""
        of_role = {party.role: party.organisation for party in reversed(self.terms.parties)}
        with store.begin() as session:
            for name in dict.fromkeys(party.organisation for party in self.terms.parties):
                add_organisation(session, name, by=None, at=at)
            for login, (party, _) in PEOPLE.items():
                add_account(session, login, name=login.title(), organisation=of_role[party], by=None, at=at)
            grant_role(session, "root", Role.ADMINISTRATOR, contract=None, by=None, at=at)
            root = actor_named(session, "root")
            parties = {party.id: party.organisation for party in self.terms.parties}
            register_contract(session, self.source, parties=parties, by=root, at=at)
            for login, (_, role) in PEOPLE.items():
                if login != "root":
                    grant_role(session, login, role, contract=self.terms.code, by=root, at=at)


def person(session: Session, login: str) -> Actor:
    """Return one of the people."""
    return actor_named(session, login)
