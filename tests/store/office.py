"""A store with a contract and five people who work on it, for tests that tell a story."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import Actor, actor_named, add_account, add_organisation, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.claims.decide import accept_where_all_passed, decide
from sib_engine.services.claims.upload import Preview, commit_upload, preview_upload
from sib_engine.services.contracts.register import register_contract
from sib_engine.services.statements.approve import approve_statement
from sib_engine.services.statements.draw import Draft, draw_statement_of
from sib_engine.storage import chain
from sib_engine.storage.records.claims import claims_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.store import Store
from tests.store.stores import kept_copy, put_back

CONTRACT = "two-quarters"
SOURCE = Path(__file__).with_name("two-quarters.toml")
HEADINGS = (
    "person,fact,on,until,job,hours,competitive,self_employed,detail,metric,held,recorded_on".split(",")  # noqa: SIM905 - the line as a file has it
)

PEOPLE = {
    "ada": ("Harbour Works", Role.PROVIDER),
    "vera": ("Riverside Council", Role.VERIFIER),
    "abe": ("Riverside Council", Role.APPROVER),
    "tom": ("Riverside Outcomes Fund", Role.TOP_UP_FUNDER),
    "root": ("Riverside Council", Role.ADMINISTRATOR),
}
"""The five: who they work for, and what they do."""


def at(day: str) -> datetime:
    """Return noon of a day."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


def day(text: str) -> date:
    """Return a day."""
    return date.fromisoformat(text)


_OPENED: dict[tuple[str, str], bytes | str] = {}
"""Copies of databases in which an office was opened, by kind of database and day."""


@dataclass(slots=True)
class Office:
    """The store, with the words of the story; each call is one command."""

    store: Store
    folder: Path
    n_files: int = 0

    @classmethod
    def opened(cls, store: Store, folder: Path, on: str = "2021-01-04") -> "Office":
        """Return an office with its people and the contract; it is made once for each worker, and copied after that."""
        office = cls(store, folder)
        kind = ("sqlite" if store.is_sqlite else "postgresql", on)
        with store.read() as session:
            is_empty = chain.head(session)[0] == 0
        if is_empty and kind in _OPENED:
            put_back(store, _OPENED[kind])
            return office
        office._enter(on)
        if is_empty:
            _OPENED[kind] = kept_copy(store)
        return office

    def _enter(self, on: str) -> None:
        store = self.store
        with store.begin() as session:
            for organisation in dict.fromkeys(organisation for organisation, _ in PEOPLE.values()):
                add_organisation(session, organisation, by=None, at=at(on))
            for login, (organisation, _) in PEOPLE.items():
                add_account(session, login, name=login.title(), organisation=organisation, by=None, at=at(on))
            grant_role(session, "root", Role.ADMINISTRATOR, contract=None, by=None, at=at(on))
        self.register(SOURCE.read_text(encoding="utf-8"), on=on)
        with store.begin() as session:
            root = actor_named(session, "root")
            for login, (_, role) in PEOPLE.items():
                if login != "root":
                    grant_role(session, login, role, contract=CONTRACT, by=root, at=at(on))

    def who(self, login: str) -> Actor:
        """Return one of the people."""
        with self.store.read() as session:
            return actor_named(session, login)

    def register(self, source: str, *, on: str, note: str = "", by: str = "root") -> None:
        """Register the contract, or a new version of it."""
        parties = {
            "council": "Riverside Council",
            "fund": "Riverside Outcomes Fund",
            "provider": "Harbour Works",
        }
        with self.store.begin() as session:
            register_contract(
                session, source, parties={} if note else parties, note=note, by=actor_named(session, by), at=at(on)
            )

    def file(self, *lines: str) -> Path:
        """Return a file of facts; each line gives the cells in the order of ``HEADINGS``, the last may be left out."""
        self.n_files += 1
        path = self.folder / f"facts-{self.n_files}.csv"
        n_commas = len(HEADINGS) - 1
        rows = [line + "," * (n_commas - line.count(",")) for line in lines]
        path.write_text("\n".join([",".join(HEADINGS), *rows]) + "\n", encoding="utf-8")
        return path

    def preview(self, *lines: str, on: str, by: str = "ada") -> Preview:
        """Preview an upload."""
        with self.store.read() as session:
            return preview_upload(session, CONTRACT, self.file(*lines), by=actor_named(session, by), at=at(on))

    def upload(self, *lines: str, on: str, by: str = "ada") -> Preview:
        """Upload facts."""
        return self.upload_file(self.file(*lines), on=on, by=by)

    def upload_file(self, path: Path, *, on: str, by: str = "ada") -> Preview:
        """Upload a file of facts."""
        with self.store.begin() as session:
            return commit_upload(session, CONTRACT, path, by=actor_named(session, by), at=at(on))

    def move(self, move: Move, *rows: str, on: str, by: str = "vera", reason: str = "", note: str = "") -> None:
        """Decide claims."""
        with self.store.begin() as session:
            who = actor_named(session, by)
            decide(session, CONTRACT, move, rows, reason=reason, note=note, by=who, at=at(on))

    def accept_passed(self, *, on: str, by: str = "vera") -> int:
        """Accept what passed every check, and return how many that were."""
        with self.store.begin() as session:
            return len(accept_where_all_passed(session, CONTRACT, by=actor_named(session, by), at=at(on)))

    def draft(self, period: str, *, on: str) -> Draft:
        """Draw up a statement."""
        with self.store.read() as session:
            return draw_statement_of(session, CONTRACT, period, at=at(on))

    def approve(self, period: str, *, on: str, by: str = "abe", digest: str = "") -> Draft:
        """Approve a statement as it is shown now, or by a digest that was shown before."""
        digest = digest or self.draft(period, on=on).digest
        with self.store.begin() as session:
            who = actor_named(session, by)
            return approve_statement(session, CONTRACT, period, digest=digest, by=who, at=at(on))

    def grant(self, login: str, role: str, *, on: str) -> None:
        """Let somebody act in a role on the contract."""
        with self.store.begin() as session:
            root = actor_named(session, "root")
            grant_role(session, login, Role(role), contract=CONTRACT, by=root, at=at(on))

    def states(self) -> dict[str, str]:
        """Return where each claim stands."""
        with self.store.read() as session:
            seq, _ = chain.head(session)
            contract = contract_as_known(session, CONTRACT, seq)
            return {claim.row: claim.state.value for claim in claims_as_known(session, contract.id, seq)}
