"""Facts as they were known at a place of the audit chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.facts import Facts, Held, Labelled
from sib_engine.outcomes.rows import NONE
from sib_engine.storage.base import table_of
from sib_engine.storage.row_texts import columns_of
from sib_engine.storage.tables import Fact, FactWithdrawal

TEXTS: Final = ("site", "job", "detail", "metric", "specialist", "age_band", "sex", "ethnicity", "diagnosis_group")
"""Columns of text that are called the same in :class:`Facts` and in the table."""


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """The facts of a contract, with the number of each in the table, shape ``(n,)``, and the columns of the table.

    People are called by :func:`person_label`; ``facts.line`` is the row of the file that each came from.
    """

    facts: Facts
    ids: IntArray
    columns: dict[str, Sequence[Any]]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> "StoredFacts":
        """Return facts from rows of the table; a row that is not written yet has the number 0."""
        return cls.of_columns(columns_of(rows) if rows else {})

    @classmethod
    def of_columns(cls, columns: dict[str, Sequence[Any]]) -> "StoredFacts":
        """Return facts from columns of the table."""
        return cls(_facts(columns), _ints(columns.get("id", ())), columns)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the table."""
        names = tuple(self.columns)
        return [dict(zip(names, row, strict=True)) for row in zip(*self.columns.values(), strict=True)]


def person_label(participant_id: int) -> str:
    """Return what a person is called everywhere but in the one table that has the reference."""
    return f"P{participant_id}"


def participant_of(label: str) -> int:
    """Return the number behind :func:`person_label`."""
    return int(label[1:])


def facts_as_known(session: Session, contract_id: int, seq: int) -> StoredFacts:
    """Return the facts of a contract that had been reported by ``seq`` and not been taken back."""
    table, gone = table_of(Fact), table_of(FactWithdrawal)
    query = (
        select(*table.columns)
        .outerjoin(gone, and_(gone.c.fact_id == table.c.id, gone.c.seq <= seq))
        .where(table.c.contract_id == contract_id, table.c.seq <= seq, gone.c.id.is_(None))
        .order_by(table.c.id)
    )
    rows = session.execute(query).all()
    return StoredFacts.of_columns(dict(zip(table.columns.keys(), zip(*rows, strict=True), strict=True)) if rows else {})


def _facts(columns: Mapping[str, Sequence[Any]]) -> Facts:
    texts = {name: _labelled(columns.get(name, ())) for name in TEXTS}
    people = columns.get("participant_id", ())
    person = _labelled([person_label(number) for number in people])
    jobs = columns.get("job", ())
    # Jobs are a person's own: the same reference of two people is two jobs.
    owned = [None if job is None else (number, job) for number, job in zip(people, jobs, strict=True)]
    codes = {key: place for place, key in enumerate(dict.fromkeys(key for key in owned if key is not None))}
    job_codes = np.array([NONE if key is None else codes[key] for key in owned], dtype=np.int32)
    texts["job"] = Labelled(job_codes, tuple(job for _, job in codes))
    return Facts(
        line=_ints(columns.get("sheet_row", ())),
        person=person,
        name=_labelled(columns.get("name", ())),
        starts_on=_days(columns.get("starts_on", ())),
        ends_on=_days(columns.get("ends_on", ())),
        recorded_on=_days(columns.get("recorded_on", ())),
        hours=_ints(columns.get("hours", ())),
        competitive=_ints(columns.get("competitive", ())).astype(np.int8),
        self_employed=_ints(columns.get("self_employed", ())).astype(np.int8),
        hourly_pay=_ints(columns.get("hourly_pay", ())),
        held=_held(columns),
        consent_on=_days(columns.get("consent_on", ())),
        group=_labelled(columns.get("subgroup", ())),
        **texts,
    )


def _held(columns: Mapping[str, Sequence[Any]]) -> npt.NDArray[np.int8]:
    """Return what is known of each document: what an upload says of it is what the provider says, and no more."""
    said = _ints(columns.get("held", ())).astype(np.int8)
    is_own = np.array([upload is None for upload in columns.get("upload_id", ())], dtype=np.bool_)
    said[(said == Held.HELD) & ~is_own] = Held.SAID_HELD
    said[(said == Held.INSPECTED) & ~is_own] = Held.SAID_INSPECTED
    return said


def _labelled(values: Sequence[str | None]) -> Labelled:
    codes = {text: place for place, text in enumerate(dict.fromkeys(text for text in values if text is not None))}
    found: npt.NDArray[np.int32] = np.array([NONE if text is None else codes[text] for text in values], dtype=np.int32)
    return Labelled(found, tuple(codes))


def _ints(values: Sequence[int | None]) -> IntArray:
    return np.array([NONE if value is None else value for value in values], dtype=np.int64)


def _days(values: Sequence[date | None]) -> DayArray:
    # Many facts share few days, and turning a date into an array's takes longer than finding it again.
    places = {day: place for place, day in enumerate(dict.fromkeys(values))}
    codes = np.fromiter(map(places.__getitem__, values), dtype=np.intp, count=len(values))
    return np.array(list(places), dtype="datetime64[D]")[codes]
