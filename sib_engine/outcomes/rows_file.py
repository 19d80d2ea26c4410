"""Outcome rows as a CSV file: counts as they are published, or one row for each person's outcome."""

from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core import cells
from sib_engine.core.cell_values import CellError
from sib_engine.core.dates import DayArray, day_texts
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Finding, Severity
from sib_engine.core.money import IntArray
from sib_engine.core.personal import shown
from sib_engine.core.table_writer import write_table
from sib_engine.core.tabular import Column, Table, TextColumn, read_table
from sib_engine.outcomes.derivation import Derivation
from sib_engine.outcomes.measurement import MEASURE_COLUMNS, Measurement
from sib_engine.outcomes.measures_read import check_measured_rows, has_measures, read_measures
from sib_engine.outcomes.outcome_table import OutcomeTable, RowLabels, label_texts
from sib_engine.outcomes.reasons import MaskArray, Reason, bit, code_of, names_of
from sib_engine.outcomes.row_ids import count_id, person_id, unique_ids
from sib_engine.outcomes.rows import NO_DAY, NONE, OutcomeRows
from sib_engine.outcomes.rows_checks import RowsRead, check_rows
from sib_engine.outcomes.why.words import Why, complete, read_cells
from sib_engine.outcomes.why.words import cells as cells_of
from sib_engine.terms.contract import Contract

COLUMNS: Final = (
    Column("row"),
    Column("person"),
    Column("site"),
    Column("group"),
    Column("job"),
    Column("metric", required=True),
    Column("achieved_on"),
    Column("started_on"),
    Column("recorded_on"),
    Column("count"),
    Column("counts"),
    Column("reasons"),
    Column("due_on"),
    Column("evidence"),
    Column("hours"),
    Column("detail"),
    Column("why"),
    Column("would_count_with"),
    Column("record_by"),
    Column("claimed_on"),
    *(Column(name) for name in MEASURE_COLUMNS),
    Column("ended_on"),
    Column("known_on"),
    Column("rests_on"),
)
MAX_SITES_SHOWN: Final = 5

_REASON_OF: Final = {
    name: reason for reason in Reason for name in (code_of(reason), code_of(reason).split(maxsplit=1)[0])
}


def read_rows(path: Path, contract: Contract, *, at_least: int = 1) -> tuple[OutcomeTable | None, tuple[Finding, ...]]:
    """Return the outcome rows in ``path`` and what is wrong with them, all at once.

    ``metric`` is its code or its INDIGO id. A row without a person is a published count and
    needs one; a row with a person counts once unless it says otherwise. Rows whose ``counts`` is no
    keep their place and carry their reasons in the mask: what keeps an outcome from counting (a
    date outside the contract, another site) is no error there. A row without an id gets one.

    In a contract with one site a blank site is that site; with several, a published count may stand
    for all of them and a person's row may not; with none, a site is ignored, with a warning. A file
    with fewer than ``at_least`` rows is an error.

    Returns:
        The table in the order of the file, or ``None`` where any finding is an error; the findings.
    """
    table, log = read_table(path, COLUMNS, at_least=at_least)
    if table is None:
        return None, log.findings()
    if not table.has("count") and not table.has("person") and not has_measures(table):
        said = Said(
            "heading-missing", "there is neither a column 'count' nor a column 'person'", "'count', or 'person'"
        )
        log.error(said, row=1)
    read = _rows_read(contract, table, log)
    check_rows(read)
    return None if log.has_errors else read.found, log.findings()


def write_rows(path: Path, outcomes: OutcomeTable, contract: Contract) -> None:
    """Write outcome rows so that :func:`read_rows` gives them back, whole or not at all.

    The columns of measured results are written only where a row has one.

    Raises:
        RefusedError: If the file cannot be written.
    """
    rows, labels = outcomes.rows, outcomes.labels
    masks = np.unique(outcomes.mask).tolist()
    reasons = {mask: names_of(mask) for mask in masks}
    whys = [
        cells_of(complete(mask, whys)) if mask else ("", "")
        for mask, whys in zip(outcomes.mask.tolist(), outcomes.whys, strict=True)
    ]
    columns: dict[str, list[str] | list[int] | tuple[str, ...]] = {
        "row": outcomes.row_ids(),
        "person": label_texts(labels.persons, rows.person),
        "site": outcomes.sites,
        "group": label_texts(labels.groups, rows.group),
        "job": label_texts(labels.jobs, rows.job),
        "metric": label_texts(contract.metric_codes, rows.metric),
        "achieved_on": day_texts(rows.achieved_on),
        "started_on": day_texts(rows.started_on),
        "recorded_on": day_texts(rows.recorded_on),
        "count": rows.count.tolist(),
        "counts": ["yes" if mask == 0 else "no" for mask in outcomes.mask.tolist()],
        "reasons": [reasons[mask] for mask in outcomes.mask.tolist()],
        "due_on": day_texts(outcomes.due_on),
        "evidence": outcomes.evidence,
        "hours": outcomes.hours,
        "detail": outcomes.details,
        "why": [found for found, _ in whys],
        "would_count_with": [mend for _, mend in whys],
        "record_by": day_texts(outcomes.record_by),
        "claimed_on": day_texts(np.where(rows.claimed_on == rows.recorded_on, NO_DAY, rows.claimed_on)),
        "ended_on": day_texts(rows.ended_on),
    }
    derivation = outcomes.derivation or Derivation(None, None)
    columns |= {
        name: ["" if day is None else day.isoformat()] * len(rows)
        for name, day in (("known_on", derivation.known_on), ("rests_on", derivation.rests_on))
    }
    has_measured = bool((rows.measure != NONE).any())
    if has_measured:
        figures = [one.cells for one in (*labels.measures, Measurement())]
        columns |= {name: [figures[code][name] for code in rows.measure.tolist()] for name in MEASURE_COLUMNS}
    names = [column.name for column in COLUMNS if has_measured or column.name not in MEASURE_COLUMNS]
    write_table(path, names, zip(*(columns[name] for name in names), strict=True))


def _rows_read(contract: Contract, table: Table, log: FindingLog) -> RowsRead:
    names = {name: place for place, metric in enumerate(contract.metrics) for name in (metric.indigo,) if name}
    names |= {metric.code: place for place, metric in enumerate(contract.metrics)}
    metric = cells.choices(table, "metric", log, names, noun="metric of this contract", required=True)
    named = cells.references(table, "row", log)
    person, persons = _ranked(cells.references(table, "person", log))
    group, groups = _ranked(cells.texts(table, "group", log))
    job, jobs = _jobs(cells.references(table, "job", log), person)
    mask = _mask(table, log)
    measures = read_measures(contract, table, log, metric, np.equal(mask, 0))
    check_measured_rows(contract, table, log, measures, metric, person)
    site, sites = _sites(contract, table, log, mask, person)
    names_of_days = ("achieved_on", "started_on", "claimed_on", "recorded_on", "due_on", "record_by", "ended_on")
    achieved_on, started_on, claimed_on, recorded_on, due_on, record_by, ended_on = (
        cells.days(table, name, log) for name in names_of_days
    )
    is_named = ~named.blank()
    unnamed = np.flatnonzero(~is_named)
    days = day_texts(achieved_on[unnamed])
    bases = [
        person_id(who, metric_of.code, which_job, day, metric_of.counts)
        if who
        else count_id(metric_of.code, where, which_group, day)
        for who, metric_of, which_job, where, which_group, day in zip(
            label_texts(persons, person[unnamed]),
            [contract.metrics[place] for place in metric[unnamed].tolist()],
            label_texts(jobs, job[unnamed]),
            [sites[place] for place in unnamed.tolist()],
            label_texts(groups, group[unnamed]),
            days,
            strict=True,
        )
    ]
    order = [each[unnamed] for each in (achieved_on, recorded_on, started_on)]
    row, row_ids = _numbered(named, unnamed, bases, order, days)
    found = OutcomeTable(
        rows=OutcomeRows(
            row=row,
            person=person.astype(np.int32),
            metric=metric.astype(np.int16),
            site=site,
            group=group.astype(np.int16),
            job=job.astype(np.int32),
            achieved_on=achieved_on,
            started_on=started_on,
            claimed_on=np.where(np.isnat(claimed_on), recorded_on, claimed_on),
            recorded_on=recorded_on,
            count=_counts(table, log, (person != NONE) | measures.is_measured),
            stated=np.full(len(table), NONE, dtype=np.int32),
            measure=measures.codes,
            ended_on=ended_on,
            stated_on=np.full(len(table), NO_DAY),
        ),
        labels=RowLabels(row_ids, persons, groups, jobs, measures.labels),
        mask=mask,
        due_on=due_on,
        sites=tuple(sites),
        evidence=tuple(cells.texts(table, "evidence", log).texts()),
        hours=tuple(cells.texts(table, "hours", log).texts()),
        details=tuple(cells.texts(table, "detail", log).texts()),
        record_by=record_by,
        whys=_whys(table, log),
        lines=table.numbers,
        line_noun="row",
        derivation=_derivation(table, log),
    )
    return RowsRead(contract, table, log, found, is_named, _legible(contract, table, found))


def _legible(contract: Contract, table: Table, found: OutcomeTable) -> npt.NDArray[np.bool_]:
    """Return in which rows each cell that tells counts apart is blank or could be read, shape ``(n,)``."""
    rows = found.rows
    is_read = {
        "achieved_on": ~np.isnat(rows.achieved_on),
        "started_on": ~np.isnat(rows.started_on),
        "recorded_on": ~np.isnat(rows.recorded_on),
        "count": cells.whole_numbers(table, "count", FindingLog("")) != cells.BLANK,
    }
    if contract.sites:
        is_read["site"] = rows.site != NONE
    legible = np.ones(len(rows), dtype=np.bool_)
    for name, values in is_read.items():
        legible &= values | table.column(name).blank()
    return legible


def _derivation(table: Table, log: FindingLog) -> Derivation | None:
    """Return what the rows were derived from, of rows put together the latest days; None where no row says it."""
    known_on, rests_on = (_latest(cells.days(table, name, log)) for name in ("known_on", "rests_on"))
    return None if known_on is None and rests_on is None else Derivation(known_on, rests_on)


def _latest(days: DayArray) -> date | None:
    days = days[~np.isnat(days)]
    return days.max().item() if len(days) else None


def _whys(table: Table, log: FindingLog) -> tuple[tuple[Why, ...], ...]:
    """Return what the file says of each row's reasons."""
    columns = (cells.texts(table, name, log) for name in ("why", "would_count_with"))
    return tuple(map(read_cells, *(column.texts() for column in columns)))


def _ranked(column: TextColumn) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return each row's place among the column's texts in order, ``NONE`` where blank; and the texts."""
    labels = sorted(value for value in column.values if value)
    place_of = {label: place for place, label in enumerate(labels)}
    places = np.array([place_of.get(value, NONE) for value in column.values], dtype=np.int64)
    return places[column.codes], tuple(labels)


def _jobs(column: TextColumn, person: IntArray) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return a code for each job of each person, ``NONE`` where blank, and the reference of each code."""
    reference, labels = _ranked(column)
    has_job = reference != NONE
    keys = (person[has_job] + 1) * max(1, len(labels)) + reference[has_job]
    found, places = np.unique(keys, return_inverse=True)
    codes = np.full(len(person), NONE, dtype=np.int64)
    codes[has_job] = places
    return codes, tuple(labels[key % len(labels)] for key in found.tolist())


def _mask(table: Table, log: FindingLog) -> MaskArray:
    said = cells.answers(table, "counts", log)
    codes, masks = cells.parsed(table, "reasons", log, _mask_in, blank=0)
    mask = np.array(masks, dtype=np.uint64)[codes]
    without = np.flatnonzero((said == 0) & table.column("reasons").blank())
    missing = Said(
        "reason-missing", "the row does not count and gives no reason", f"reasons such as {code_of(Reason(8))}"
    )
    log.add_rows(Severity.ERROR, missing.rule, table.numbers[without], lambda _: missing, column="reasons")
    against = np.flatnonzero((said == 1) & (mask != 0))
    contradicts = Said("reason-contradicts", "the row counts and yet gives a reason against it", "one or the other")
    log.add_rows(Severity.ERROR, contradicts.rule, table.numbers[against], lambda _: contradicts, column="counts")
    return mask


def _mask_in(text: str) -> int:
    mask = 0
    for part in text.split(";"):
        reason = _REASON_OF.get(part.strip())
        if reason is None:
            close = get_close_matches(part.strip(), list(_REASON_OF), n=1)
            accepted = f"{close[0] if close else code_of(Reason(8))}; several are divided by semicolons"
            raise CellError(Said("reason-unknown", f"{shown(part.strip())} is no reason known here", accepted))
        mask |= bit(reason)
    return mask


def _sites(
    contract: Contract, table: Table, log: FindingLog, mask: MaskArray, person: IntArray
) -> tuple[npt.NDArray[np.int16], list[str]]:
    """Return each row's site in the contract, ``NONE`` for none, and its site in words."""
    column = cells.texts(table, "site", log)
    texts = column.texts()
    if not contract.sites:
        written = [value for value in column.values if value]
        if written:
            shown_sites = ", ".join(map(shown, written[:MAX_SITES_SHOWN])) + (
                ", ..." * (len(written) > MAX_SITES_SHOWN)
            )
            what = f"the contract has no sites, so {shown_sites} is ignored"
            log.warning(Said("site-ignored", what, "no site column, or sites in the contract"), column="site")
        return np.full(len(table), NONE, dtype=np.int16), texts
    place_of = {code.casefold(): place for place, code in enumerate(contract.site_codes)}
    site = np.array([place_of.get(value.casefold(), NONE) for value in column.values], dtype=np.int16)[column.codes]
    elsewhere = (mask & bit(Reason.WRONG_SITE)) != 0
    blank = column.blank()
    if len(contract.sites) == 1:
        site[blank & ~elsewhere] = 0
    accepted = ", ".join(contract.site_codes)
    unknown = np.flatnonzero((site == NONE) & ~blank & ~elsewhere)
    missing = np.flatnonzero((site == NONE) & blank & (mask == 0) & (person != NONE))
    log.add_rows(
        Severity.ERROR,
        "site-unknown",
        table.numbers[unknown],
        lambda at: Said("site-unknown", f"{shown(texts[unknown[at]])} is no site of this contract", accepted),
        column="site",
    )
    without = Said("site-missing", "a person's row names no site, and the contract has several", accepted)
    log.add_rows(Severity.ERROR, without.rule, table.numbers[missing], lambda _: without, column="site")
    return site, [
        contract.site_codes[place] if place != NONE else text for place, text in zip(site, texts, strict=True)
    ]


def _counts(table: Table, log: FindingLog, stand_for_one: npt.NDArray[np.bool_]) -> IntArray:
    """Return each row's count; blank is 1 in a row that stands for one person, or for one result of a cohort."""
    count = cells.whole_numbers(table, "count", log)
    if table.has("count"):
        missing = table.column("count").blank() & ~stand_for_one
        said = Said("cell-blank", "a published count is blank", "its number; 0 if there was none")
        log.add_rows(Severity.ERROR, said.rule, table.numbers[missing], lambda _: said, column="count")
    elif table.has("person") or has_measures(table):
        missing = ~stand_for_one
        said = Said(
            "cell-blank", "the row names no person, and the file has no counts", "a person, or a column 'count'"
        )
        log.add_rows(Severity.ERROR, said.rule, table.numbers[missing], lambda _: said, column="person")
    return np.where(count == cells.BLANK, 1, count)


def _numbered(
    named: TextColumn, unnamed: npt.NDArray[np.intp], bases: list[str], order: list[DayArray], days: list[str]
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return each row's number and the ids in order; the unnamed rows are given one."""
    ids = named.texts()
    for place, row_id in zip(unnamed.tolist(), unique_ids(bases, order, taken=set(ids), days=days), strict=True):
        ids[place] = row_id
    labels = sorted(set(ids))
    rank_of = {row_id: rank for rank, row_id in enumerate(labels)}
    return np.fromiter(map(rank_of.__getitem__, ids), dtype=np.int64, count=len(ids)), tuple(labels)
