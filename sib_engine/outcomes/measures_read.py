"""The columns of outcome rows that say what was measured of a cohort: read, and held against the contract."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core import cells
from sib_engine.core.cell_values import number_in
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.money import IntArray
from sib_engine.core.tabular import CodeArray, Table
from sib_engine.outcomes.measurement import MEASURE_COLUMNS, NEEDED, Measurement
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Measure
from sib_engine.terms.scale import PaidPer

_Flags = npt.NDArray[np.bool_]

_WHOLE_COLUMNS: Final = MEASURE_COLUMNS[1:]


@dataclass(frozen=True, slots=True, eq=False)
class MeasuresRead:
    """What each row was measured as.

    ``codes``, shape ``(n,)``, are positions in ``labels``, ``NONE`` where the row's metric is not measured or
    its cells are wrong. ``is_measured`` says whose metric is measured.
    """

    codes: npt.NDArray[np.int32]
    labels: tuple[Measurement, ...]
    is_measured: _Flags


def has_measures(table: Table) -> bool:
    """Return whether a file has any of the columns."""
    return any(table.has(name) for name in MEASURE_COLUMNS)


def read_measures(contract: Contract, table: Table, log: FindingLog, metric: CodeArray, counts: _Flags) -> MeasuresRead:
    """Return what was measured, noting every cell that is wrong, missing or out of place.

    Args:
        contract: The terms.
        table: The file.
        log: Where findings go.
        metric: Metric of each row, below zero where unknown, shape ``(n,)``.
        counts: Which rows count, shape ``(n,)``; the others need no figures.
    """
    # The last entry is for a metric that is not known, whose code is -1.
    measures = [*(None if rule is None else rule.what for rule in contract.measured), None]
    is_measured = np.array([measure is not None for measure in measures])[metric]
    codes = np.full(len(table), NONE, dtype=np.int32)
    if not is_measured.any() and not has_measures(table):
        return MeasuresRead(codes, (), is_measured)
    blank = {name: table.column(name).blank() for name in MEASURE_COLUMNS}
    for name in MEASURE_COLUMNS:
        takes = np.array([measure is not None and name in NEEDED[measure] for measure in measures])[metric]
        unexpected = ~takes & ~blank[name] & (metric != cells.BLANK)
        _note(table, log, unexpected, name, "measure-unexpected", f"{name} is no figure of this metric", "blank")
        accepted = f"a number for {name} in each row of a metric that is measured by it"
        _note(table, log, takes & blank[name] & counts, name, "measure-missing", f"{name} is blank", accepted)
    value_codes, values = cells.parsed(table, "value", log, number_in, blank=None)
    whole = {name: cells.whole_numbers(table, name, log) for name in _WHOLE_COLUMNS}
    labels: dict[tuple[Measurement, str], int] = {}
    for place in np.flatnonzero(is_measured & ~_blank_in_all(blank)).tolist():
        figures = {
            name: None if numbers[place] == cells.BLANK else int(numbers[place]) for name, numbers in whole.items()
        }
        value = values[value_codes[place]]
        # 1.0 and 1 are one number, written to another place.
        codes[place] = labels.setdefault((Measurement(value, **figures), str(value)), len(labels))
    is_rate, is_reduction = (
        np.array([measure is kind for measure in measures])[metric] for kind in (Measure.RATE, Measure.REDUCTION)
    )
    _check_figures(table, log, whole, is_rate, is_reduction)
    return MeasuresRead(codes, tuple(measured for measured, _written in labels), is_measured)


def _blank_in_all(blank: dict[str, _Flags]) -> _Flags:
    """Return where every column is blank, shape ``(n,)``."""
    blanks: _Flags = np.logical_and.reduce(list(blank.values()))
    return blanks


def check_measured_rows(
    contract: Contract, table: Table, log: FindingLog, read: MeasuresRead, metric: CodeArray, person: IntArray
) -> None:
    """Note measured rows that name a person or a job, or whose count is not what their scales are paid for."""
    if not read.is_measured.any():
        return
    for name, codes in (("person", person != NONE), ("job", ~table.column("job").blank())):
        what = f"the row names a {name}, and a measured result is one of a whole cohort"
        _note(table, log, read.is_measured & codes, name, "measured-person", what, f"no {name}; a group names a cohort")
    by_metric = [{scale.per for scale in contract.scales if scale.metric == code} for code in contract.metric_codes]
    per_outcome = np.array([*(PaidPer.OUTCOME in kinds for kinds in by_metric), False])[metric] & read.is_measured
    count = cells.whole_numbers(table, "count", FindingLog(log.file))
    what = "the scale pays for each outcome, and the row has no count"
    _note(table, log, per_outcome & (count == cells.BLANK), "count", "measured-count", what, "how many it is paid for")
    several = read.is_measured & ~per_outcome & (count != cells.BLANK) & (count != 1)
    what = "the scale pays once for a result, and the row has another count than 1"
    _note(table, log, several, "count", "measured-count", what, "1 or blank; a row for each result")


def _check_figures(
    table: Table, log: FindingLog, whole: dict[str, IntArray], is_rate: _Flags, is_reduction: _Flags
) -> None:
    for name in ("population", "comparison_population"):
        what = f"{name} is 0, so there is no rate"
        _note(table, log, whole[name] == 0, name, "population-zero", what, "how many there were, above 0")
    above = is_rate & (whole["population"] != cells.BLANK) & (whole["cases"] > whole["population"])
    what = "more cases than the population has, so the rate would be above 100%"
    _note(table, log, above, "cases", "cases-above-population", what, "cases out of the population")
    without = is_reduction & (whole["comparison_cases"] == 0)
    what = "the comparison has no cases, so nothing can be a reduction of them"
    _note(table, log, without, "comparison_cases", "comparison-without-cases", what, "a number above 0")


def _note(table: Table, log: FindingLog, where: _Flags, column: str, rule: str, what: str, accepted: str) -> None:
    said = Said(rule, what, accepted)
    log.add_rows(Severity.ERROR, rule, table.numbers[where], lambda _: said, column=column)
