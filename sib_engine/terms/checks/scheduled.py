"""Fees, guaranteed volumes and early termination: inside the contract, shared, and clear where they end early."""

from collections.abc import Iterator
from datetime import date, timedelta

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Replaces
from sib_engine.terms.scheduled import CutShort, Fee, Guarantee, GuaranteeOver

_ACCEPTED = "one of: " + ", ".join(CutShort)


def check_fees(contract: Contract) -> Iterator[Finding]:
    """Yield fees for months outside the contract, and those of which nothing says what an early end leaves."""
    for fee in contract.fees:
        key = f"fee[{fee.id}]"
        if fee.starts_on < contract.start or fee.ends_on > contract.end:
            what = f"fee {fee.id!r} covers {fee.starts_on} to {fee.ends_on}"
            accepted = f"months from {contract.start} to {contract.end}, in which the contract runs"
            yield warning("fee-outside-contract", what, accepted, Location(key=f"{key}.months"))
        stop = _stop(contract, fee)
        if stop is not None and fee.last_instalment is None and _is_inside_span(fee, stop):
            what = f"fee {fee.id!r} ends on {stop}, inside the time of an instalment"
            yield error("cut-short-unclear", what, _ACCEPTED, Location(key=f"{key}.last_instalment"))


def check_guarantees(contract: Contract) -> Iterator[Finding]:
    """Yield guaranteed volumes whose time is no whole number of periods, ends early or meets a grant."""
    for guarantee in contract.guarantees:
        key = f"guarantee[{guarantee.id}]"
        begins, ends = guarantee.starts_on or contract.start, guarantee.ends_on or contract.end
        if begins < contract.start or ends > contract.end:
            what = f"guarantee {guarantee.id!r} covers {begins} to {ends}"
            accepted = f"months from {contract.start} to {contract.end}, in which the contract runs"
            yield warning("guarantee-outside-contract", what, accepted, Location(key=f"{key}.months"))
        if guarantee.starts_on is not None and not (_is_start(contract, begins) and _is_end(contract, ends)):
            what = f"{begins} to {ends} are no whole statement periods"
            accepted = "months that begin and end with statement periods, over which the minimum is counted"
            yield error("guarantee-not-whole-periods", what, accepted, Location(key=f"{key}.months"))
        stop = _stop(contract, guarantee)
        is_cut = stop is not None and begins <= stop < ends and _is_inside(contract, guarantee, stop)
        if is_cut and guarantee.if_cut_short is None:
            what = f"guarantee {guarantee.id!r} ends on {stop}, inside the time over which it is counted"
            yield error("cut-short-unclear", what, _ACCEPTED, Location(key=f"{key}.if_cut_short"))
        for grant in contract.grants:
            if grant.replaces is Replaces.OUTCOME_PAYMENTS and grant.starts_on <= ends and grant.ends_on >= begins:
                what = f"grant {grant.id!r} replaces outcomes from {grant.starts_on} to {grant.ends_on}: none count"
                accepted = "a guarantee over other months, or a grant that replaces nothing"
                yield warning("guarantee-in-grant-months", what, accepted, Location(key=key))


def check_terminations(contract: Contract) -> Iterator[Finding]:
    """Yield terms of early termination that speak of one day twice, or leave the first days out."""
    first: dict[date, str] = {}
    for clause in contract.terminations:
        other = first.setdefault(clause.starts_on, clause.id)
        if other != clause.id:
            what = f"termination {other!r} is in force from {clause.starts_on} too"
            at = Location(key=f"termination[{clause.id}]")
            yield error("two-terminations", what, "one such clause from any day", at)
        if clause.starts_on > contract.end:
            what = f"termination {clause.id!r} starts on {clause.starts_on}, after the contract's last day"
            at = Location(key=f"termination[{clause.id}].from")
            yield warning("never-in-force", what, f"a day up to {contract.end}", at)
    if contract.terminations and min(first) > contract.start:
        what = f"nothing says what is paid on a termination before {min(first)}"
        accepted = f"a termination from {contract.start} or earlier; amount = 0 where nothing is paid"
        yield warning("termination-gap", what, accepted, Location(key="termination"))


def check_terminated(contract: Contract) -> Iterator[Finding]:
    """Yield days of termination outside the contract, and a tail that claims cannot reach."""
    days = [("contract", contract.terminated_on)]
    days += [(f"amendment[{each.id}]", each.terminated_on) for each in contract.amendments]
    for key, day in days:
        if day is not None and not contract.start <= day < contract.end:
            what = f"the contract is terminated on {day}, and runs from {contract.start} to {contract.end}"
            accepted = "a day inside the contract, before its last one"
            yield error("terminated-outside-contract", what, accepted, Location(key=f"{key}.terminated_on"))
    clause = contract.termination
    if clause is not None and contract.terminated_on is not None:
        tail_ends = contract.terminated_on + timedelta(days=clause.tail_days)
        if contract.terminated_on < contract.end < tail_ends:
            what = (
                f"the tail ends on {tail_ends}, after the contract's last day, and outcomes count until {contract.end}"
            )
            at = Location(key=f"termination[{clause.id}].tail_days")
            yield warning("tail-beyond-end", what, f"at most {(contract.end - contract.terminated_on).days} days", at)


def check_shared(contract: Contract) -> Iterator[Finding]:
    """Yield clauses that no share divides: what is scheduled belongs to no metric, so a share of all metrics must."""
    first = min((share.starts_on for share in contract.shares if not share.metrics), default=date.max)
    dated = (
        *(("fee", fee.id, fee.starts_on) for fee in contract.fees),
        *(("guarantee", each.id, each.starts_on or contract.start) for each in contract.guarantees),
        *(("termination", each.id, max(each.starts_on, contract.start)) for each in contract.terminations),
    )
    for table, name, day in dated:
        if first > day:
            what = f"no share of all metrics is in force on {day}, so nobody is known to pay {table} {name!r}"
            accepted = 'a share with metric = "*" from that day or earlier'
            yield error("scheduled-without-share", what, accepted, Location(key=f"{table}[{name}]"))


def _stop(contract: Contract, clause: Fee | Guarantee) -> date | None:
    days = [day for day in (clause.last_on, contract.terminated_on) if day is not None]
    return min(days, default=None)


def _is_inside_span(fee: Fee, day: date) -> bool:
    """Return whether a day lies inside the span of an instalment, but for the last day of it."""
    if not fee.starts_on <= day < fee.ends_on:
        return False
    following = day + timedelta(days=1)
    months = (following.year - fee.starts_on.year) * 12 + following.month - fee.starts_on.month
    return following.day != 1 or months % fee.every_months != 0


def _is_inside(contract: Contract, guarantee: Guarantee, day: date) -> bool:
    """Return whether a day lies inside a time over which a guarantee is counted, but for the last day of it."""
    return guarantee.on is GuaranteeOver.CONTRACT or not _is_end(contract, day)


def _is_start(contract: Contract, day: date) -> bool:
    return contract.periods.period(contract.periods.index_of(day)).start == day


def _is_end(contract: Contract, day: date) -> bool:
    return contract.periods.period(contract.periods.index_of(day)).end == day
