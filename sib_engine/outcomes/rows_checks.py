"""What can be wrong with outcome rows taken together: each check adds its findings to the file's log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.money import IntArray
from sib_engine.core.personal import shown
from sib_engine.core.spellings import note_capitals
from sib_engine.core.tabular import Table
from sib_engine.outcomes.outcome_table import OutcomeTable, label_texts
from sib_engine.outcomes.row_ids import RESERVED_ACCEPTED, is_reserved
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.amend import states
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts, Metric

_Flags = npt.NDArray[np.bool_]
_Codes = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class RowsRead:
    """Rows as read, before anything is known to be right: a wrong cell has become blank.

    ``is_named`` says which rows came with an id of their own, ``is_legible`` in which every cell that tells
    counts apart could be read; both of shape ``(n,)``.
    """

    contract: Contract
    table: Table
    log: FindingLog
    found: OutcomeTable
    is_named: _Flags
    is_legible: _Flags

    def note(
        self,
        where: _Flags,
        rule: str,
        say: Callable[[int], tuple[str, str]],
        *,
        column: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a rule for the marked rows; ``say`` gives what and accepted for a position."""
        places = np.flatnonzero(where)
        numbers = self.table.numbers[places]
        self.log.add_rows(severity, rule, numbers, lambda at: Said(rule, *say(int(places[at]))), column=column)

    def row_number(self, place: int) -> int:
        """Return the spreadsheet row of a position."""
        return int(self.table.numbers[place])


def check_rows(read: RowsRead) -> None:
    """Note what is wrong with the rows taken together; rows that do not count are only held to their ids."""
    _check_ids(read)
    _check_dates(read)
    _check_people(read)
    persons = read.found.labels.persons
    note_capitals(read.log, read.found.rows.person, persons, read.table.numbers, column="person")
    _check_groups(read)
    _check_repeats(read)
    _check_totals_beside_parts(read)


def _check_ids(read: RowsRead) -> None:
    codes = read.found.rows.row
    _, first, places = np.unique(codes, return_index=True, return_inverse=True)
    first_of = first[places]
    repeated = read.is_named & (first_of != np.arange(len(codes)))
    read.note(
        repeated,
        "row-id-repeated",
        lambda at: (
            f"{shown(read.found.labels.row_ids[codes[at]])} is the id of row {read.row_number(first_of[at])} already",
            "an id of its own for each outcome",
        ),
        column="row",
    )
    ids = read.found.labels.row_ids
    reserved = np.array([is_reserved(row_id) for row_id in ids], dtype=np.bool_)[codes]
    read.note(
        reserved & read.is_named,
        "row-id-reserved",
        lambda at: (
            f"{shown(ids[codes[at]])} is an id of scheduled money, whose place in a statement the row would take",
            f"an id of the outcome's own: {RESERVED_ACCEPTED}",
        ),
        column="row",
    )
    read.note(
        reserved & ~read.is_named,
        "row-id-reserved",
        lambda at: (
            f"the row would be called {shown(ids[codes[at]])} after its person, which is an id of scheduled money",
            f"another reference for the person, or a row id: {RESERVED_ACCEPTED}",
        ),
        column="person",
    )


def _check_dates(read: RowsRead) -> None:
    contract, rows, counts = read.contract, read.found.rows, read.found.counts
    last = max(stage.end for stage in states(contract))
    start, end = np.datetime64(contract.start, "D"), np.datetime64(last, "D")
    read.note(
        counts & ((rows.achieved_on < start) | (rows.achieved_on > end)),
        "date-outside-contract",
        lambda at: (
            f"{rows.achieved_on[at]} is not within the contract's dates",
            f"a day from {contract.start} to {last}",
        ),
        column="achieved_on",
    )
    read.note(
        counts & (rows.started_on > rows.achieved_on),
        "started-after-achieved",
        lambda at: (f"started_on {rows.started_on[at]} is after achieved_on {rows.achieved_on[at]}", "dates in order"),
        column="started_on",
        severity=Severity.WARNING,
    )
    read.note(
        counts & (rows.ended_on < rows.achieved_on),
        "ended-before-achieved",
        lambda at: (
            f"ended_on {rows.ended_on[at]} is before achieved_on {rows.achieved_on[at]}",
            "the last day of the job, which the outcome does not come after",
        ),
        column="ended_on",
        severity=Severity.WARNING,
    )
    read.note(
        counts & (rows.recorded_on < rows.achieved_on),
        "recorded-before-achieved",
        lambda at: (
            f"recorded_on {rows.recorded_on[at]} is before achieved_on {rows.achieved_on[at]}",
            "the day on which the outcome was known",
        ),
        column="recorded_on",
        severity=Severity.WARNING,
    )


def _check_people(read: RowsRead) -> None:
    contract, rows = read.contract, read.found.rows
    of_person = read.found.counts & (rows.person != NONE) & (rows.metric != NONE)
    once = np.array(contract.is_one_a_row)
    per_job = np.array([metric.counts is Counts.ONCE_PER_JOB for metric in contract.metrics])
    read.note(
        of_person & once[rows.metric] & (rows.count > 1),
        "count-of-one-person",
        lambda at: (
            f"one person's row has a count of {rows.count[at]}",
            f"1: the contract pays {_in_words(contract.metrics[rows.metric[at]])}",
        ),
        column="count",
    )
    read.note(
        of_person & per_job[rows.metric] & (rows.job == NONE),
        "job-missing",
        lambda at: (
            "the row names no job",
            f"a job reference: the contract pays {contract.metrics[rows.metric[at]].code} once per job",
        ),
        column="job",
    )


def _in_words(metric: Metric) -> str:
    return f"{metric.code} {metric.counts_in_words}"


def _check_groups(read: RowsRead) -> None:
    named = [clause.groups for clause in read.contract.tariffs] + [clause.groups for clause in read.contract.bonuses]
    known = sorted({group for groups in named for group in groups})
    labels = read.found.labels.groups
    if not labels:
        return
    of_people = read.found.rows.measure == NONE  # a measured row names its cohort by the group
    if not known and not (of_people & (read.found.rows.group != NONE)).any():
        return
    if not known:
        what = "no price of this contract names a group, so groups change nothing"
        read.log.warning(Said("group-ignored", what, "no group column"), column="group")
        return
    unknown = np.array([*(label not in known for label in labels), False])[read.found.rows.group]
    read.note(
        unknown & read.found.counts & of_people,
        "group-unknown",
        lambda at: (
            f"no price names the group {shown(labels[read.found.rows.group[at]])}: the general price is used",
            ", ".join(known),
        ),
        column="group",
        severity=Severity.WARNING,
    )


def _check_repeats(read: RowsRead) -> None:
    """Published counts of the same thing: a line typed twice is refused, two different ones may be meant."""
    rows = read.found.rows
    is_count = read.found.counts & (rows.person == NONE) & (rows.metric != NONE)
    counts = np.flatnonzero(is_count & read.is_legible)
    line = (rows.metric, rows.site, rows.group, _as_codes(rows.achieved_on))
    whole = (*line, _as_codes(rows.started_on), _as_codes(rows.recorded_on), rows.count, rows.measure)
    first_alike = _first_alike(line, counts)
    first_same = _first_alike(whole, counts)
    here = np.arange(len(rows))
    typed_twice = (first_same != here) & ~(read.is_named & read.is_named[first_same])
    read.note(
        typed_twice,
        "line-repeated",
        lambda at: (
            f"the line is the same as row {read.row_number(first_same[at])}",
            "the line once; if both are meant, one line with the sum, or a row id on each",
        ),
        column="count",
    )
    read.note(
        (first_alike != here) & ~typed_twice,
        "count-repeated",
        lambda at: (
            f"row {read.row_number(first_alike[at])} counts the same metric, site, group and date; both are added",
            "one line for each, if the second repeats or corrects the first",
        ),
        column="count",
        severity=Severity.WARNING,
    )


def _check_totals_beside_parts(read: RowsRead) -> None:
    """Note where a total may stand beside its own parts, so that outcomes are counted twice."""
    rows = read.found.rows
    counted = read.found.counts & (rows.count > 0) & (rows.metric != NONE)
    published = counted & (rows.person == NONE)
    undated = published & np.isnat(rows.achieved_on)
    key = _combined((rows.metric, rows.site, rows.group))
    read.note(
        undated & np.isin(key, key[published & ~undated]),
        "total-and-parts",
        lambda at: (
            f"an undated count of {_metric(read, at)} stands beside dated ones; both are added",
            "either the total or its parts",
        ),
        column="achieved_on",
        severity=Severity.WARNING,
    )
    unsited = published & (rows.site == NONE)
    key = _combined((rows.metric, rows.group))
    read.note(
        unsited & np.isin(key, key[published & ~unsited]),
        "total-and-parts",
        lambda at: (
            f"a count of {_metric(read, at)} without a site stands beside counts of single sites; both are added",
            "either the total or its parts",
        ),
        column="site",
        severity=Severity.WARNING,
    )
    by_person = np.unique(rows.metric[counted & ~published])
    _, first = np.unique(rows.metric[published], return_index=True)
    beside = np.zeros(len(rows), dtype=np.bool_)
    beside[np.flatnonzero(published)[first]] = True
    read.note(
        beside & np.isin(rows.metric, by_person),
        "counts-and-persons",
        lambda at: (
            f"a count of {_metric(read, at)} stands beside rows of single people; both are added",
            "either counts or people for one metric",
        ),
        column="person",
        severity=Severity.WARNING,
    )


def _metric(read: RowsRead, place: int) -> str:
    return label_texts(read.contract.metric_codes, read.found.rows.metric[place : place + 1])[0]


def _first_alike(columns: Sequence[_Codes], places: IntArray | npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return for each row the first of ``places`` that agrees in all columns; itself where it is not in ``places``."""
    first_of = np.arange(len(columns[0]))
    keys = _combined([column[places] for column in columns])
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    first_of[places] = places[first[inverse]]
    return first_of


def _combined(columns: Sequence[_Codes]) -> IntArray:
    """Return one code for each different combination, shape ``(n,)``; dense, so that no product overflows."""
    keys = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        _, codes = np.unique(column, return_inverse=True)
        _, keys = np.unique(keys * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)
    return keys


def _as_codes(days: npt.NDArray[np.datetime64]) -> IntArray:
    return days.astype("datetime64[D]").astype(np.int64)
