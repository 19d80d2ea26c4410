"""What one case, or one unit, more or fewer is worth in a measured result of a cohort."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Final

from sib_engine.core.cell_values import CellError, number_in
from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.measurement import MEASURE_COLUMNS, NEEDED, Measurement, result_of
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.worth import Compared, causes
from sib_engine.services.one_more import first_other, refused
from sib_engine.services.simulated import MOST_SEARCHED, Next, OneMore
from sib_engine.services.simulated_runs import Run, Runs
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Measure
from sib_engine.terms.scale import PaidPer

_COUNT: Final = "count"
_WHOLE: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_SLACK: Final = 1
"""On a line what one case is worth differs by a minor unit, where it is rounded."""


def one_case(runs: Runs, code: str, site: str | None, given: str | None) -> Iterator[OneMore]:
    """Yield what one case fewer and one more is worth, in each result of the position, or in one more result.

    Args:
        runs: Runs on the position.
        code: A measured metric.
        site: A site; None where the contract has none.
        given: Figures of one more result, as ``cases=142 population=1000``; None for the results of the position.

    Raises:
        RefusedError: If the figures are not those that the metric is measured by.
    """
    contract = runs.position.contract
    index = contract.metric_codes.index(code)
    place = NONE if site is None else contract.site_codes.index(site)
    line = OneMore(code, contract.metrics[index].name, site, 0, None)
    figures = None if given is None else figures_of(contract, code, given)
    try:
        if figures is not None:
            measured, count = figures
            more = Runs(runs.with_result(index, place, measured, count))
            yield _result(runs, more, line)
            yield from _changes(more, line, len(more.position.rows) - 1, "")
            return
        rows = runs.position.rows
        own = [at for at in range(len(rows)) if rows.metric[at] == index and place in {NONE, int(rows.site[at])}]
        if not own:
            columns = ", ".join(NEEDED[_measure(contract, index)])
            what = f"a measured result, and the position has none: --at has it in a row, or --measure ({columns})"
            yield refused(line, what)
        for at in own:
            yield from _changes(runs, line, at, runs.position.labels.row_ids[int(rows.row[at])])
    except RefusedError as found:
        yield refused(line, str(found))


def figures_of(contract: Contract, code: str, text: str) -> tuple[Measurement, int]:
    """Return what a text such as ``cases=142 population=1000`` says was measured, and of how many outcomes it is paid.

    Raises:
        RefusedError: If it lacks a figure that the metric is measured by, has another, or one is no number.
    """
    index = contract.metric_codes.index(code)
    needed = NEEDED[_measure(contract, index)]
    per_outcome = any(scale.metric == code and scale.per is PaidPer.OUTCOME for scale in contract.scales)
    names = (*needed, *((_COUNT,) if per_outcome else ()))
    accepted = " ".join(f"{name}=NUMBER" for name in names)
    found = dict(part.partition("=")[::2] for part in text.replace(",", " ").split())
    if set(found) != set(names) or not all(_is_number(number, name) for name, number in found.items()):
        message = f"{text!r} does not say what {code} is measured by; accepted: {accepted}"
        raise RefusedError(message)
    figures = {name: int(found[name]) for name in MEASURE_COLUMNS[1:] if name in found}
    value = Decimal(found["value"]) if "value" in found else None
    measured = Measurement(value, **figures)
    try:
        result_of(_measure(contract, index), measured)
    except ValueError as wrong:
        message = f"{text!r}: {wrong}"
        raise RefusedError(message) from None
    return measured, int(found.get(_COUNT, "1"))


def _is_number(text: str, name: str) -> bool:
    if name != "value":
        return _WHOLE.fullmatch(text) is not None
    try:
        number_in(text)
    except CellError:
        return False
    return True


def _measure(contract: Contract, metric: int) -> Measure:
    rule = contract.measured[metric]
    return Measure.VALUE if rule is None else rule.what


def _result(runs: Runs, more: Runs, line: OneMore) -> OneMore:
    """Return what one more result is worth as it was measured."""
    place = len(more.position.rows) - 1
    compared = Compared(runs.position.contract, runs.start.due, more.start.due, place)
    worth = more.start.totals.less(runs.start.totals)
    return replace(line, worth=worth, causes=causes(compared), change="the result itself", searched=0)


def _changes(runs: Runs, line: OneMore, place: int, row: str) -> Iterator[OneMore]:
    """Yield what one case fewer and one more changes in the result at a place."""
    position = runs.position
    measure = _measure(position.contract, int(position.rows.metric[place]))
    measured = position.labels.measures[int(position.rows.measure[place])]
    for sign, fewer_or_more in ((-1, "fewer"), (1, "more")):
        change = f"one case {fewer_or_more}"
        if measured.value is not None:
            change = f"{_unit(measured.value):f} {'less' if sign < 0 else 'more'}"
        most = _room(measure, measured, sign)
        own = replace(line, row=row, change=change, count=int(position.rows.count[place]))
        yield _changed(runs, own, place, sign, most) if most else refused(own, "there is none")


def _room(measure: Measure, measured: Measurement, sign: int) -> int:
    """Return by how many cases, or units of a value, a result can change; a value may be below zero."""
    if sign < 0 and measured.value is None:
        return min(MOST_SEARCHED, measured.cases or 0)
    if measure is Measure.RATE:
        return min(MOST_SEARCHED, (measured.population or 0) - (measured.cases or 0))
    return MOST_SEARCHED


def _changed(runs: Runs, line: OneMore, place: int, sign: int, most: int) -> OneMore:
    position = runs.position
    measured = position.labels.measures[int(position.rows.measure[place])]

    @cache
    def after(number: int) -> Run:
        return runs.with_measured(place, _moved(measured, sign * number)) if number else runs.start

    def step(number: int) -> Compared:
        return Compared(position.contract, after(number - 1).due, after(number).due, place, is_new=False)

    start = runs.start.totals
    first = after(1).totals.less(start)
    number = first_other(first, start, lambda n_more: after(n_more).totals, most, slack=_SLACK)
    later = None
    if number is not None:
        later = Next(number, after(number).totals.less(after(number - 1).totals), causes(step(number)))
    return replace(line, worth=first, causes=causes(step(1)), later=later, searched=most)


def _moved(measured: Measurement, number: int) -> Measurement:
    if measured.value is None:
        return replace(measured, cases=(measured.cases or 0) + number)
    return replace(measured, value=measured.value + number * _unit(measured.value))


def _unit(value: Decimal) -> Decimal:
    """Return one in the last place that a value is written to."""
    return Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
