"""What one more outcome of one metric is worth at a position, and the first number at which that changes."""

from collections.abc import Callable
from functools import cache
from typing import Final

from sib_engine.core.errors import RefusedError, RowRefusedError
from sib_engine.outcomes.reasons import Reason, code_of
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.worth import Compared, Totals, causes
from sib_engine.services.simulated import MOST_SEARCHED, Next, OneMore
from sib_engine.services.simulated_runs import Run, Runs

N_STEPS: Final = 10
"""Steps of a curve."""

_WORTH_NOTHING: Final = (
    Reason.DUPLICATE,
    Reason.OTHER_BAND,
    Reason.GRANT_MONTH,
    Reason.TOO_OFTEN,
    Reason.TOO_CLOSE,
    Reason.BEYOND_MAXIMUM,
)
"""Reasons for which an outcome more is worth nothing; of any other, its day and site were chosen badly."""

_GROUP_HINT: Final = "; --group says which group their people are of"


def one_more(runs: Runs, code: str, site: str | None, to: int | None) -> OneMore:
    """Return what one more outcome of a metric, at a site where there are any, is worth.

    Args:
        runs: Runs on the position.
        code: A metric that is not measured.
        site: A site; None where the contract has none.
        to: Number of outcomes more up to which totals are given, in steps; none where not given.
    """
    position, contract = runs.position, runs.position.contract
    index = contract.metric_codes.index(code)
    place = NONE if site is None else contract.site_codes.index(site)
    rows = position.rows
    is_here = (rows.metric == index) & ((place == NONE) | (rows.site == place))
    line = OneMore(code, contract.metrics[index].name, site, int(rows.count[is_here].sum()), None)

    @cache
    def with_more(n_more: int) -> Run:
        return runs.with_more(n_more, index, place)

    try:
        if why_not := _why_not(runs, index, place):
            return refused(line, why_not)
        first = with_more(1).totals.less(runs.start.totals)
    except RefusedError as found:
        is_of_group = isinstance(found, RowRefusedError) and found.is_of_group
        return refused(line, f"{found}{_GROUP_HINT if is_of_group else _hint(runs)}")
    number = first_other(first, runs.start.totals, lambda n_more: with_more(n_more).totals, MOST_SEARCHED)
    steps = sorted({round(to * step / N_STEPS) for step in range(N_STEPS + 1)}) if to else ()
    return OneMore(
        metric=line.metric,
        name=line.name,
        site=site,
        count=line.count,
        worth=first,
        causes=causes(_compared(runs.start, with_more(1))),
        later=None if number is None else _next(with_more(number - 1), with_more(number), number),
        curve=tuple((more, with_more(more).totals) for more in steps),
    )


def refused(line: OneMore, why: str) -> OneMore:
    """Return a line for which no worth can be given, with the reason."""
    return OneMore(line.metric, line.name, line.site, line.count, None, refused=why, row=line.row, change=line.change)


def first_other(
    first: Totals, start: Totals, totals_after: Callable[[int], Totals], most: int, *, slack: int = 0
) -> int | None:
    """Return the number of the first outcome more that is worth something else than the first; None up to ``most``.

    Totals grow by the same with each outcome until then: the end of that is sought by doubling, then halving.
    """

    def is_even(n_more: int) -> bool:
        return totals_after(n_more).less(start).is_multiple_of(first, n_more, slack=slack)

    good, bad = 1, 2
    while bad <= most and is_even(bad):
        good, bad = bad, bad * 2
    if bad > most:
        if good >= most or is_even(most):
            return None
        bad = most
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if is_even(middle) else (good, middle)
    return bad


def _hint(runs: Runs) -> str:
    """Return which options would give the outcomes more the days that they lack."""
    on, referred_on = runs.position.days
    if on is None:
        return "; --on gives the outcomes more a day"
    return "" if referred_on is not None else "; --referred-on gives their people one of referral"


def _why_not(runs: Runs, metric: int, site: int) -> str:
    contract = runs.position.contract
    code = contract.metric_codes[metric]
    if any(tariff.price is None for tariff in contract.tariffs if tariff.metric == code):
        return "no price is published"
    against = [reason for reason in runs.reasons_of_one(metric, site) if reason not in _WORTH_NOTHING]
    hint = _hint(runs) if Reason.NO_CLAIM_DATE in against else ""
    return ", ".join(map(code_of, against)) + hint


def _next(before: Run, after: Run, number: int) -> Next:
    return Next(number, after.totals.less(before.totals), causes(_compared(before, after)))


def _compared(before: Run, after: Run) -> Compared:
    place = len(after.rows) - 1
    return Compared(after.contract, before.due, after.due, place, not_counted=after.against(place))
