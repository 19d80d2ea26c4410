"""Shares: on every day one division between payers for each metric, of payers that pay."""

from collections.abc import Iterator
from datetime import date, timedelta

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.checks.outline import EVERY_METRIC
from sib_engine.terms.checks.prices import dated_outside
from sib_engine.terms.contract import Contract
from sib_engine.terms.party import UNFUNDED
from sib_engine.terms.share_cycle import MAX_CYCLE, cycle_length, is_cycle_too_long


def check_two_shares(contract: Contract) -> Iterator[Finding]:
    """Yield each share that starts on the day of another for the same metric.

    A share that names a metric and one for all metrics may start together: the named one applies.
    """
    first: dict[tuple[str, date], str] = {}
    for share in contract.shares:
        metrics = share.metrics or (EVERY_METRIC,)
        others = dict.fromkeys(first.setdefault((metric, share.starts_on), share.id) for metric in metrics)
        for other in others:
            if other != share.id:
                what = f"share {other!r} divides the same payments from {share.starts_on} too"
                at = Location(key=f"share[{share.id}]")
                yield error("two-shares", what, "one division of a metric's payments from any day", at)


def check_gap_at_start(contract: Contract) -> Iterator[Finding]:
    """Yield metrics whose payment nobody shares on the contract's first day.

    Nothing is said while a share names an unknown metric: it may be the one that is missed.
    """
    if any(metric not in contract.metric_codes for share in contract.shares for metric in share.metrics):
        return
    in_force = [share for share in contract.shares if share.starts_on <= contract.start]
    missing = [
        repr(metric.code)
        for metric in contract.metrics
        if not any(not share.metrics or metric.code in share.metrics for share in in_force)
    ]
    if missing:
        what = f"no share divides payments for {', '.join(missing)} on {contract.start}, the contract's first day"
        accepted = f"a share of these metrics, or of all, from {contract.start} or earlier"
        yield error("share-gap", what, accepted, Location(key="share"))


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield shares dated outside the contract."""
    for share in contract.shares:
        yield from dated_outside(contract, share, f"share[{share.id}].from")


def check_mid_period(contract: Contract) -> Iterator[Finding]:
    """Yield shares that change inside a statement period, which then divides its outcomes in two ways."""
    for share in contract.shares:
        earlier = [
            other
            for other in contract.shares
            if other.starts_on < share.starts_on
            and (not share.metrics or not other.metrics or {*share.metrics} & {*other.metrics})
        ]
        period = contract.periods.period(contract.periods.index_of(share.starts_on)) if earlier else None
        if period is not None and period.start != share.starts_on and share.starts_on > contract.start:
            what = (
                f"shares change on {share.starts_on}, inside period {period.label}:"
                " its statement divides outcomes of one period in two ways"
            )
            accepted = f"the first day of a period, such as {period.start} or {period.end + timedelta(days=1)}"
            yield warning("shares-mid-period", what, accepted, Location(key=f"share[{share.id}].from"))


def check_cycle(contract: Contract) -> Iterator[Finding]:
    """Yield shares that divide evenly only after too many minor units."""
    for share in contract.shares:
        parts = tuple(share.payers.values())
        if is_cycle_too_long(parts):
            what = f"the parts divide evenly only every {cycle_length(parts):,} minor units"
            accepted = f'parts that do so every {MAX_CYCLE:,}, such as percentages with 3 places, or "1/3"'
            yield error("share-cycle-too-long", what, accepted, Location(key=f"share[{share.id}].payers"))


def check_every_payer_pays(contract: Contract) -> Iterator[Finding]:
    """Yield parties whose role is to pay and that no share names.

    Nothing is said while a share names an unknown payer: it may be the one that is missed.
    """
    if any(payer not in {*contract.payers, UNFUNDED} for share in contract.shares for payer in share.payers):
        return
    sharing = {payer for share in contract.shares for payer in share.payers}
    receiving = {cap.overflow for cap in contract.caps}
    for payer in contract.payers:
        if payer not in sharing and payer not in receiving:
            what = f"{payer!r} is a paying party and no share names it"
            yield warning("payer-without-share", what, "a share, or another role", Location(key=f"party[{payer}].role"))
