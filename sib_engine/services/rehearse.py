"""Use case: rehearse a contract in a store of its own, on made-up facts, from registration to audit."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sib_engine.core.table_writer import write_table
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named, add_account, add_organisation, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.audit.replay import Replayed, replay
from sib_engine.services.claims.decide import accept_where_all_passed, decide
from sib_engine.services.claims.upload import Preview, commit_upload
from sib_engine.services.contracts.register import register_contract
from sib_engine.services.statements.approve import approve_statement
from sib_engine.services.statements.draw import Draft, draw_statement_of
from sib_engine.storage import chain
from sib_engine.storage.migrate import upgrade
from sib_engine.storage.store import Store
from sib_engine.storage.verify import Verified, verify
from sib_engine.terms.load import load_text
from sib_engine.terms.party import Role as PartyRole


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of the rehearsal: the day on which its file is sent and its statement approved, and its label."""

    label: str
    on: date


@dataclass(frozen=True, slots=True, eq=False)
class Rehearsed:
    """What came of it: uploads and statements, quarter by quarter; the claim taken back; the audit."""

    uploads: tuple[Preview, ...]
    accepted: tuple[int, ...]
    statements: tuple[Draft, ...]
    taken_back: str
    version: int
    audit: Verified
    replayed: tuple[Replayed, ...]


class _Cast:
    """The people of the rehearsal: a provider, a verifier, an approver and an administrator."""

    def __init__(self, store: Store, source: str) -> None:
        self._store = store
        loaded = load_text(source, "the contract")
        if loaded.contract is None:
            message = "the contract of the rehearsal has errors"
            raise ValueError(message)
        self.terms = loaded.contract
        self.source = source
        of_role = {party.role: party for party in reversed(self.terms.parties)}
        self.council = of_role[PartyRole.OUTCOMES_PAYER].organisation
        self.provider = of_role[PartyRole.PROVIDER].organisation

    def enter(self, at: datetime) -> None:
        """Enter organisations and people, register the contract and grant the roles."""
        people = {
            "root": (self.council, Role.ADMINISTRATOR),
            "wanda": (self.provider, Role.PROVIDER),
            "vera": (self.council, Role.VERIFIER),
            "abe": (self.council, Role.APPROVER),
        }
        with self._store.begin() as session:
            for name in dict.fromkeys(party.organisation for party in self.terms.parties):
                add_organisation(session, name, by=None, at=at)
            for login, (organisation, _) in people.items():
                add_account(session, login, name=login.title(), organisation=organisation, by=None, at=at)
            grant_role(session, "root", Role.ADMINISTRATOR, contract=None, by=None, at=at)
            root = actor_named(session, "root")
            parties = {party.id: party.organisation for party in self.terms.parties}
            register_contract(session, self.source, parties=parties, by=root, at=at)
            for login, (_, role) in people.items():
                if login != "root":
                    grant_role(session, login, role, contract=self.terms.code, by=root, at=at)


def rehearse(
    url: str, source: str, facts: Path, folder: Path, *, quarters: tuple[Quarter, ...], amended: str, note: str
) -> Rehearsed:
    """Return what comes of a contract, quarter by quarter, in a store that is made anew.

    Each quarter the provider sends the tracker as it stands by then, what passes every check is accepted, and the
    statement is approved by a second person. After the first, the contract is amended, and one claim that was paid
    for turns out not to have happened.

    Args:
        url: Address of a database that is empty.
        source: The contract.
        facts: Facts of its people, of any length of time.
        folder: Where the files that are sent are written.
        quarters: In order, two at least.
        amended: The contract after its amendment.
        note: What was agreed.
    """
    store = Store(url)
    try:
        upgrade(store)
        return _played(store, _Cast(store, source), facts, folder, quarters, (amended, note))
    finally:
        store.close()


def _played(
    store: Store, cast: _Cast, facts: Path, folder: Path, quarters: tuple[Quarter, ...], amendment: tuple[str, str]
) -> Rehearsed:
    code = cast.terms.code
    cast.enter(_noon(cast.terms.start))
    uploads: list[Preview] = []
    accepted: list[int] = []
    statements: list[Draft] = []
    taken_back, version = "", 1
    for quarter in quarters:
        at = _noon(quarter.on)
        path = folder / f"{facts.stem}.{quarter.label}.csv"
        _write_known(facts, path, quarter.on)
        with store.begin() as session:
            uploads.append(commit_upload(session, code, path, by=actor_named(session, "wanda"), at=at))
        with store.begin() as session:
            done = accept_where_all_passed(session, code, by=actor_named(session, "vera"), at=at)
            accepted.append(len(done))
        with store.read() as session:
            digest = draw_statement_of(session, code, quarter.label, at=at).digest
        with store.begin() as session:
            abe = actor_named(session, "abe")
            statements.append(approve_statement(session, code, quarter.label, digest=digest, by=abe, at=at))
        if not taken_back:
            taken_back = next(line.row for line in statements[0].statement.lines if line.metric)
            with store.begin() as session:
                vera = actor_named(session, "vera")
                why = "the employer says that nobody of this name worked there"
                decide(session, code, Move.REOPEN, [taken_back], note=why, by=vera, at=at)
                decide(session, code, Move.REJECT, [taken_back], reason="V06", note=why, by=vera, at=at)
            with store.begin() as session:
                root = actor_named(session, "root")
                version = register_contract(session, amendment[0], note=amendment[1], by=root, at=at).version
    with store.read() as session:
        seq, _ = chain.head(session)
        return Rehearsed(
            tuple(uploads),
            tuple(accepted),
            tuple(statements),
            taken_back,
            version,
            verify(session),
            replay(session, code, seq=seq),
        )


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _write_known(facts: Path, out: Path, day: date) -> None:
    """Write the rows of a facts file that were known by a day; a job that ends later still lasts then."""
    with facts.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        headings = tuple(reader.fieldnames or ())
        rows = list(_known(reader, day))
    write_table(out, headings, ([row[name] for name in headings] for row in rows))


def _known(rows: Iterable[dict[str, str]], day: date) -> Iterator[dict[str, str]]:
    """Yield what was known; a pay period waits until its job is known, as a tracker has one below the other."""
    until = day.isoformat()
    known = [row for row in rows if max(row["recorded_on"] or row["on"], row["on"]) <= until]
    jobs = {(row["person"], row["job"]) for row in known if row["fact"] == "employment"}
    for row in known:
        if row["fact"] == "hours" and (row["person"], row["job"]) not in jobs:
            continue
        if row["until"] > until:
            if row["fact"] != "employment":
                continue
            row["until"] = ""
        yield row
