"""Outcomes derived at several moments, put together into one table."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sib_engine.outcomes.outcome_table import OutcomeTable, RowLabels, label_texts
from sib_engine.outcomes.rows import NONE, OutcomeRows


def spliced(now: OutcomeTable, others: Sequence[OutcomeTable]) -> OutcomeTable:
    """Return the rows of several tables in one, those of ``now`` first; no row may stand in two of them.

    People, groups and jobs of one name are the same in all of them. Rows of other tables than ``now`` may have
    nothing measured.
    """
    tables = (now, *others)
    row_ids = tuple(sorted({name for table in tables for name in table.labels.row_ids}))
    persons = _union([table.labels.persons for table in tables])
    groups = _union([table.labels.groups for table in tables])
    jobs: dict[tuple[str, str], int] = {}
    names = list(now.labels.jobs)
    for table in tables:
        own = _jobs(table)
        for code, key in own.items():
            if key not in jobs:
                jobs[key] = code if table is now else len(names)
                if table is not now:
                    names.append(key[1])
    labels = RowLabels(row_ids, persons, groups, tuple(names), now.labels.measures)
    parts = [
        replace(
            table.rows,
            row=_recoded(table.rows.row, table.labels.row_ids, _codes(row_ids)),
            person=_recoded(table.rows.person, table.labels.persons, _codes(persons)),
            group=_recoded(table.rows.group, table.labels.groups, _codes(groups)),
            job=_recoded_jobs(table, jobs),
        )
        for table in tables
    ]
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in OutcomeRows.__dataclass_fields__
    }
    return OutcomeTable(
        rows=OutcomeRows(**columns),
        labels=labels,
        mask=np.concatenate([table.mask for table in tables]),
        due_on=np.concatenate([table.due_on for table in tables]),
        sites=tuple(site for table in tables for site in table.sites),
        evidence=tuple(text for table in tables for text in table.evidence),
        hours=tuple(text for table in tables for text in table.hours),
        details=tuple(text for table in tables for text in table.details),
        record_by=np.concatenate([table.record_by for table in tables]),
        whys=tuple(whys for table in tables for whys in table.whys),
        lines=np.concatenate([table.lines for table in tables]),
        line_noun=now.line_noun,
    )


def _union(labels: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in labels for text in each))


def _codes(labels: tuple[str, ...]) -> dict[str, int]:
    return {text: code for code, text in enumerate(labels)}


def _recoded(
    codes: np.ndarray[tuple[int], np.dtype[np.signedinteger]], labels: tuple[str, ...], known: dict[str, int]
) -> np.ndarray[tuple[int], np.dtype[np.signedinteger]]:
    # NONE is the last place, as it is of any array.
    found: np.ndarray[tuple[int], np.dtype[np.signedinteger]] = np.array(
        [*(known[text] for text in labels), NONE], dtype=codes.dtype
    )[codes]
    return found


def _jobs(table: OutcomeTable) -> dict[int, tuple[str, str]]:
    """Return the person and the reference of each job that a row of the table rests on."""
    people, texts = label_texts(table.labels.persons, table.rows.person), table.labels.jobs
    pairs = zip(table.rows.job.tolist(), people, strict=True)
    return {job: (person, texts[job]) for job, person in pairs if job != NONE}


def _recoded_jobs(
    table: OutcomeTable, jobs: dict[tuple[str, str], int]
) -> np.ndarray[tuple[int], np.dtype[np.signedinteger]]:
    own = {code: jobs[key] for code, key in _jobs(table).items()} | {NONE: NONE}
    return np.array([own[job] for job in table.rows.job.tolist()], dtype=table.rows.job.dtype)
