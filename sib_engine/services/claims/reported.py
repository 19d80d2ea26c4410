"""Facts that a file reports, beside those that the store has: what is new, what is said anew, what is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sib_engine.outcomes.facts import FactName, Facts, Labelled
from sib_engine.outcomes.rows import NONE
from sib_engine.storage.base import table_of
from sib_engine.storage.records.facts import TEXTS, StoredFacts
from sib_engine.storage.tables import Fact

_SAID: Final = (
    *TEXTS,
    "starts_on",
    "ends_on",
    "recorded_on",
    "hours",
    "competitive",
    "self_employed",
    "hourly_pay",
    "held",
    "consent_on",
    "subgroup",
)
"""What a fact says beside whom it is about and what it is."""

_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    FactName.EMPLOYMENT.value: ("starts_on", "job"),
    FactName.HOURS.value: ("starts_on", "job"),
    FactName.EVIDENCE.value: ("starts_on", "job", "detail", "metric"),
    FactName.REFERRAL.value: ("starts_on",),
    FactName.DISCHARGE.value: ("starts_on",),
}
"""What makes two reports the same fact, so that the later one takes the place of the earlier."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reported:
    """What a file adds: ``new`` facts, ``changed`` ones (as they were, as they are now), and how many are known."""

    new: list[Row]
    changed: list[tuple[Row, Row]]
    n_known: int

    @property
    def added(self) -> list[Row]:
        """Rows to write, in the order of the file."""
        return sorted((*self.new, *(now for _, now in self.changed)), key=lambda row: row["sheet_row"])

    @property
    def withdrawn(self) -> list[int]:
        """Numbers of the facts whose place others take."""
        return [before["id"] for before, _ in self.changed]


def reported(facts: Facts, stored: StoredFacts, people: Mapping[str, int], *, contract_id: int) -> Reported:
    """Return what a file adds to what is stored.

    A file may be a provider's whole tracker, sent again with more in it: a fact that is there already is
    passed over, and one that is said anew (a job with its last day, say) takes the place of the one before.
    No file takes the place of what the store holds itself.

    Args:
        facts: The file.
        stored: The facts of the contract so far.
        people: Number of each reference in the file; those of people who are new are provisional.
        contract_id: The contract.
    """
    known = {_key(row): row for row in stored.rows() if row["upload_id"] is not None}
    new: list[Row] = []
    changed: list[tuple[Row, Row]] = []
    n_known = 0
    for row in _rows(facts, people, contract_id):
        before = known.get(_key(row))
        if before is None:
            new.append(row)
        elif all(before[name] == row[name] for name in _SAID):
            n_known += 1
        else:
            changed.append((before, row))
    return Reported(new, changed, n_known)


def together(stored: StoredFacts, found: Reported) -> StoredFacts:
    """Return the facts as they will be when what is reported is written."""
    gone = set(found.withdrawn)
    return StoredFacts.of([*(row for row in stored.rows() if row["id"] not in gone), *found.added])


def _key(row: Row) -> tuple[object, ...]:
    name = str(row["name"]).casefold()
    return (row["participant_id"], name, *(row[part] for part in _KEYS.get(name, ("starts_on", "detail"))))


def _rows(facts: Facts, people: Mapping[str, int], contract_id: int) -> Iterable[Row]:
    columns: dict[str, list[Any]] = {name: _texts(getattr(facts, name)) for name in TEXTS}
    columns |= {
        "name": _texts(facts.name),
        "subgroup": _texts(facts.group),
        "starts_on": _days(facts.starts_on.tolist()),
        "ends_on": _days(facts.ends_on.tolist()),
        "recorded_on": _days(facts.recorded_on.tolist()),
        "consent_on": _days(facts.consent_on.tolist()),
        "hours": _numbers(facts.hours.tolist()),
        "competitive": _numbers(facts.competitive.tolist()),
        "self_employed": _numbers(facts.self_employed.tolist()),
        "hourly_pay": _numbers(facts.hourly_pay.tolist()),
        "held": _numbers(facts.held.tolist()),
        "sheet_row": facts.line.tolist(),
        "participant_id": [people[facts.person.labels[code]] for code in facts.person.codes.tolist()],
    }
    columns |= dict.fromkeys(("id", "upload_id", "seq"), [0] * len(facts)) | {"contract_id": [contract_id] * len(facts)}
    # In the order of the table, as the rows of the store have them.
    names = table_of(Fact).columns.keys()
    for values in zip(*(columns[name] for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


def _texts(column: Labelled) -> list[str | None]:
    return list(map((*column.labels, None).__getitem__, column.codes.tolist()))


def _numbers(values: list[int]) -> list[int | None]:
    return [None if value == NONE else value for value in values]


def _days(values: list[date | None]) -> list[date | None]:
    return values
