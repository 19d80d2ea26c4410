"""Which rows count, and why the others do not: the rules one person and one row at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sib_engine.core.dates import add_months
from sib_engine.outcomes.reasons import Reason
from sib_engine.terms.contract import Contract, PriceDate, TermsDate
from sib_engine.terms.metric import BandRule, Counts, Employment, Metric, Window
from sib_engine.terms.metric_terms import MetricTerms
from sib_engine.terms.money_clauses import Dimension, Replaces
from sib_engine.terms.volume import VolumeMaximum
from tests.oracle.days import dated
from tests.oracle.rows import Row


def stands(against: set[Reason]) -> bool:
    """Return whether an outcome happened as far as others are concerned, though a grant may have paid its month."""
    return not against - {Reason.GRANT_MONTH}


def reasons_of(contract: Contract, rows: Sequence[Row], known: Sequence[set[Reason]] = ()) -> list[set[Reason]]:
    """Return the reasons against each row, those ``known`` already among them; a row with none counts."""
    before = known or [set() for _ in rows]
    found = [against | _of_the_row_alone(contract, row) for row, against in zip(rows, before, strict=True)]
    for group in _in_prerequisite_order(contract):
        for position, row in enumerate(rows):
            if row.metric in group and row.person is not None:
                found[position] |= _against_prerequisites(contract, position, rows, found)
        _settle(contract, group, rows, found)
    return found


def _settle(contract: Contract, group: Sequence[str], rows: Sequence[Row], found: list[set[Reason]]) -> None:
    """Give turns as if there were no maxima, take the first outcome beyond one out of the running, and begin anew."""
    before = [set(against) for against in found]
    while True:
        _keep_one_band(contract, group, rows, found)
        _keep_one(contract, group, rows, found)
        for code in group:
            _bound_repeats(contract, code, rows, found)
        first = _first_beyond(contract, group, rows, found)
        if first is None:
            return
        before[first].add(Reason.BEYOND_MAXIMUM)
        found[:] = [set(against) for against in before]


def _stands(against: set[Reason]) -> bool:
    """Return whether an outcome stands: a month that a grant paid for takes its payment, not the outcome."""
    return against <= {Reason.GRANT_MONTH}


def _of_the_row_alone(contract: Contract, row: Row) -> set[Reason]:
    found = set()
    if row.claimed_on is not None and row.claimed_on > _last_day_to_record(contract, row):
        found.add(Reason.RECORDED_LATE)
    decides = {PriceDate.OUTCOME: contract.start, PriceDate.START: row.started_on, PriceDate.CLAIM: row.claimed_on}
    is_single = row.person is not None or contract.measured[contract.metric_codes.index(row.metric)] is not None
    if is_single and decides[contract.price_date] is None:
        found.add(Reason.NO_CLAIM_DATE)
    if row.person is not None and row.started_on is None and _has_quick_prices(contract, row):
        found.add(Reason.NO_CLAIM_DATE)
    if row.achieved_on is not None:
        found |= _of_the_day(contract, row.achieved_on)
    return found


def _has_quick_prices(contract: Contract, row: Row) -> bool:
    return any(tariff.metric == row.metric and tariff.quick is not None for tariff in contract.tariffs)


def _last_day_to_record(contract: Contract, row: Row) -> date:
    within = _metric(contract, row).claim_within_days
    if within is None or row.achieved_on is None:
        return contract.claims_close
    return min(contract.claims_close, row.achieved_on + timedelta(days=within))


def _of_the_day(contract: Contract, day: date) -> set[Reason]:
    found = set()
    if day < contract.start:
        found.add(Reason.BEFORE_START)
    if day > contract.end or day > _last_day_of_tail(contract):
        found.add(Reason.AFTER_END)
    for grant in contract.grants:
        if grant.replaces is Replaces.OUTCOME_PAYMENTS and grant.starts_on <= day <= grant.ends_on:
            found.add(Reason.GRANT_MONTH)
    return found


def _last_day_of_tail(contract: Contract) -> date:
    """Return the last day on which outcomes count after an early termination; none where there is no such thing."""
    if contract.terminated_on is None:
        return date.max
    begun = sorted((each.starts_on, each.tail_days) for each in contract.terminations)
    tails = [tail for starts_on, tail in begun if starts_on <= contract.terminated_on]
    return contract.terminated_on + timedelta(days=tails[-1] if tails else 0)


def _metric(contract: Contract, row: Row) -> Metric:
    """Return the metric of a row as the terms of its day have it: every change up to then, one after another."""
    day = row.started_on if contract.terms_date is TermsDate.START else row.achieved_on
    found = next(metric for metric in contract.metrics if metric.code == row.metric)
    changes = [terms for terms in contract.metric_terms if terms.metric == row.metric]
    for terms in sorted(changes, key=lambda terms: terms.starts_on):
        if day is None or terms.starts_on <= day:
            found = _changed(found, terms)
    return found


def _changed(metric: Metric, terms: MetricTerms) -> Metric:
    """Return a metric after one change of what matching asks; ``terms`` names what stays with None."""
    return replace(
        metric,
        requires=metric.requires if terms.requires is None else terms.requires,
        within=None if "within" in terms.drops else terms.within or metric.within,
        claim_within_days=metric.claim_within_days if terms.claim_within_days is None else terms.claim_within_days,
    )


def _in_prerequisite_order(contract: Contract) -> Iterator[list[str]]:
    """Yield metrics so that whatever one looks back on is settled before; bands are settled together."""
    groups = [[metric.code] for metric in contract.metrics]
    for band in contract.bands:
        groups = [group for group in groups if group[0] not in band.metrics]
        groups.append(list(band.metrics))
    by_code = {metric.code: metric for metric in contract.metrics}
    done: set[str] = set()
    while groups:
        for group in groups:
            needs = {code for member in group for code in by_code[member].requires}
            windows = [by_code[member].within for member in group]
            changes = [terms for terms in contract.metric_terms if terms.metric in group]
            needs |= {code for terms in changes for code in terms.requires or ()}
            windows += [terms.within for terms in changes]
            needs |= {window.after for window in windows if window is not None}
            if needs - {"referral"} - set(group) <= done:
                break
        else:
            message = "prerequisites go round in a circle"
            raise AssertionError(message)
        groups.remove(group)
        done |= set(group)
        yield group


def _counting(
    contract: Contract, of_metric: str, for_row: Row, rows: Sequence[Row], found: Sequence[set[Reason]]
) -> list[date | None]:
    """Return the days of the standing rows of a metric that a row can look back on, earliest first, undated last."""
    here = _metric(contract, for_row)
    there = next(metric for metric in contract.metrics if metric.code == of_metric)
    per_job = here.counts is Counts.ONCE_PER_JOB and there.counts is Counts.ONCE_PER_JOB
    days = [
        row.achieved_on
        for row, against in zip(rows, found, strict=True)
        if row.metric == of_metric
        and row.person == for_row.person
        and (not per_job or row.job == for_row.job)
        and _stands(against)
    ]
    return sorted(days, key=lambda day: day or date.max)


def _against_prerequisites(
    contract: Contract, position: int, rows: Sequence[Row], found: Sequence[set[Reason]]
) -> set[Reason]:
    row = rows[position]
    metric = _metric(contract, row)
    day = row.achieved_on
    against: set[Reason] = set()
    for required in metric.requires:
        days = _counting(contract, required, row, rows, found)
        if not days:
            against.add(Reason.PREREQUISITE_MISSING)
        elif days[0] is None or day is None:
            continue
        elif days[0] > day:
            against.add(Reason.PREREQUISITE_LATER)
        elif day < _earliest_end(metric, next(one for one in contract.metrics if one.code == required), days[0]):
            against.add(Reason.TOO_SOON)
    if metric.within is not None:
        if metric.within.after == "referral":
            days = [row.started_on]
        else:
            days = _counting(contract, metric.within.after, row, rows, found)
            # A window that runs from an outcome that does not count cannot be shown to have been kept.
            against |= set() if days else {Reason.PREREQUISITE_MISSING}
        first = days[0] if days else None
        if first is not None and day is not None:
            against |= _against_window(metric.within, first, day, after_prerequisite=_is_after(metric, first, day))
    return against


def _is_after(metric: Metric, first: date, day: date) -> bool:
    """Return whether nothing is said yet of an outcome that came before the one its window runs from."""
    return metric.within is None or metric.within.after not in metric.requires or day >= first


def _against_window(within: Window, first: date, day: date, *, after_prerequisite: bool) -> set[Reason]:
    found = set()
    soonest = within.not_before
    opens = first if soonest is None else add_months(first, soonest.months) + timedelta(days=soonest.days)
    if soonest is not None and after_prerequisite and day < opens:
        found.add(Reason.TOO_SOON)
    has_end = soonest is None or within.months > 0 or within.days > 0
    if has_end and day > add_months(first, within.months) + timedelta(days=within.days):
        found.add(Reason.OUTSIDE_WINDOW)
    return found


def _earliest_end(metric: Metric, required: Metric, started_on: date) -> date:
    """Return the first day on which the metric's time in work can be over; the first day of work is inside it."""
    rule, start = metric.rule, required.rule
    if not isinstance(rule, Employment) or not isinstance(start, Employment) or start.days or start.months:
        return started_on
    if rule.days:
        return started_on + timedelta(days=rule.days - 1)
    if rule.months:
        return add_months(started_on, rule.months) - timedelta(days=1)
    return started_on


def _keep_one_band(contract: Contract, group: Sequence[str], rows: Sequence[Row], found: Sequence[set[Reason]]) -> None:
    """Let the earliest band of each person (each job) win, the higher one on the same day."""
    band = next((one for one in contract.bands if list(one.metrics) == list(group)), None)
    if band is None or band.rule is not BandRule.EXCLUSIVE:
        return
    winners: dict[object, tuple[date, int, int]] = {}
    for position, row in enumerate(rows):
        if row.metric in group and row.person is not None and _stands(found[position]):
            key = _whose(contract, row)
            bid = (row.achieved_on or date.max, -band.metrics.index(row.metric), row.id)
            winners[key] = min(bid, winners.get(key, bid))
    for position, row in enumerate(rows):
        if row.metric in group and row.person is not None and _stands(found[position]):
            winner = winners.get(_whose(contract, row))
            if winner is not None and band.metrics[-winner[1]] != row.metric:
                found[position].add(Reason.OTHER_BAND)


def _keep_one(contract: Contract, group: Sequence[str], rows: Sequence[Row], found: Sequence[set[Reason]]) -> None:
    """Let the earliest row of each person (each job) count where the metric counts once."""
    kept: dict[object, tuple[date, int]] = {}
    for position, row in enumerate(rows):
        if _counts_once(contract, row, group) and _stands(found[position]):
            key = (row.metric, _whose(contract, row))
            bid = (row.achieved_on or date.max, row.id)
            kept[key] = min(bid, kept.get(key, bid))
    for position, row in enumerate(rows):
        if not _counts_once(contract, row, group) or not stands(found[position]):
            continue
        if kept[row.metric, _whose(contract, row)] != (row.achieved_on or date.max, row.id):
            found[position].add(Reason.DUPLICATE)


def _bound_repeats(contract: Contract, code: str, rows: Sequence[Row], found: Sequence[set[Reason]]) -> None:
    """Go through each person's outcomes from the earliest and let each count that is neither too many nor too soon."""
    metric = next(one for one in contract.metrics if one.code == code)
    counted: dict[int, list[date | None]] = {}
    for position in _from_the_earliest(rows, found, code):
        row = rows[position]
        assert row.person is not None
        before = counted.setdefault(row.person, [])
        soonest = None
        if before and before[-1] is not None and metric.days_apart is not None:
            soonest = before[-1] + timedelta(days=metric.days_apart)
        if metric.at_most is not None and len(before) == metric.at_most:
            found[position].add(Reason.TOO_OFTEN)
        elif soonest is not None and row.achieved_on is not None and row.achieved_on < soonest:
            found[position].add(Reason.TOO_CLOSE)
        else:
            before.append(row.achieved_on)


def _first_beyond(
    contract: Contract, group: Sequence[str], rows: Sequence[Row], found: Sequence[set[Reason]]
) -> int | None:
    """Go through everybody's outcomes from the earliest, the higher band first, to the first beyond a maximum."""
    standing = [at for code in group for at in _from_the_earliest(rows, found, code)]
    order = sorted(
        standing, key=lambda at: (rows[at].achieved_on or date.max, -group.index(rows[at].metric or ""), rows[at].id)
    )
    beyond: list[int] = []
    for each in dated(contract, contract.volumes, VolumeMaximum):
        volume, counted = each.clause, dict[object, int]()
        for at in order:
            row = rows[at]
            has_period = Dimension.PERIOD not in volume.on or row.achieved_on is not None
            if row.metric == volume.metric and has_period and not each.ignores(row):
                scope = _volume_scope(contract, volume, row)
                counted[scope] = counted.get(scope, 0) + 1
                if counted[scope] > volume.maximum and each.judges(row):
                    beyond.append(order.index(at))
                    break
    return order[min(beyond)] if beyond else None


def _volume_scope(contract: Contract, volume: VolumeMaximum, row: Row) -> tuple[object, ...]:
    return (
        row.site if Dimension.SITE in volume.on else None,
        contract.periods.index_of(row.achieved_on) if Dimension.PERIOD in volume.on and row.achieved_on else None,
    )


def _from_the_earliest(rows: Sequence[Row], found: Sequence[set[Reason]], code: str) -> list[int]:
    """Return the positions of people's outcomes of a metric that stand, by day, undated last, then by row id."""
    standing = [
        at for at, row in enumerate(rows) if row.metric == code and row.person is not None and _stands(found[at])
    ]
    return sorted(standing, key=lambda at: (rows[at].achieved_on or date.max, rows[at].id))


def _counts_once(contract: Contract, row: Row, group: Sequence[str]) -> bool:
    return row.metric in group and row.person is not None and _metric(contract, row).counts is not Counts.EVERY_TIME


def _whose(contract: Contract, row: Row) -> tuple[int | None, int | None]:
    return (row.person, row.job if _metric(contract, row).counts is Counts.ONCE_PER_JOB else None)
