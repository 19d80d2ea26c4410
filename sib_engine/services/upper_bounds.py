"""What published counts leave open, because they do not say who achieved what: notes on upper bounds."""

from collections.abc import Iterator

import numpy as np

from sib_engine.core.findings import Finding, note
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.services.site_bounds import site_notes
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import BandRule
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.versions import all_required, metric_versions


def upper_bound_note(contract: Contract, rows: OutcomeRows) -> list[Finding]:
    """Return the notes on counts whose people, jobs or sites would have to be known, where there are any."""
    has_person_cap = any(Dimension.PERSON in cap.on for cap in contract.caps)
    is_count = (rows.person == NONE) & (rows.metric != NONE) & (rows.measure == NONE)
    notes = []
    if has_person_cap and int(rows.count[is_count].sum()) > 1:
        what = "counts do not say who achieved what, so the cap per person is not applied: the amount is an upper bound"
        notes.append(note("upper-bound", what))
    notes += site_notes(contract, rows)
    counted = {contract.metric_codes[metric] for metric in np.unique(rows.metric[is_count & (rows.count > 0)]).tolist()}
    notes += _maximum_notes(contract, counted, rows.take(is_count & np.isnat(rows.achieved_on)))
    in_bands = {contract.metric_codes[metric] for metric in np.unique(rows.metric[rows.metric != NONE]).tolist()}
    upgraded = [
        band.id
        for band in contract.bands
        if band.rule is BandRule.UPGRADE and counted & set(band.metrics) and len(in_bands & set(band.metrics)) > 1
    ]
    if upgraded:
        what = (
            f"counts do not say who rose from one metric to another, so in the band {', '.join(upgraded)} each is paid"
            " in full, and not the difference: it is an upper bound"
        )
        notes.append(note("upper-bound", what))
    repeated = [
        metric.code
        for place, metric in enumerate(contract.metrics)
        if int(rows.count[is_count & (rows.metric == place)].sum()) > 1
        and any(version.terms.is_repeated_in_bounds for version in metric_versions(contract, metric))
    ]
    if repeated:
        what = (
            f"counts do not say who achieved what and when, so of {', '.join(repeated)} nothing is too often or too"
            " close: it is an upper bound"
        )
        notes.append(note("upper-bound", what))
    held = [metric.code for metric in contract.metrics if metric.claw_back is not None and metric.code in counted]
    if held:
        what = f"counts do not say when jobs end, so nothing is taken back of {', '.join(held)}: it is an upper bound"
        notes.append(note("upper-bound", what))
    return notes


def _maximum_notes(contract: Contract, counted: set[str], undated: OutcomeRows) -> Iterator[Finding]:
    """Yield the notes on maxima that counts leave open: what requires them, and counts of no period."""
    required = {
        volume.id: {code for code in counted if volume.metric in all_required(contract, code)}
        for volume in contract.volumes
    }
    for volume in contract.volumes:
        if required[volume.id]:
            names = ", ".join(code for code in contract.metric_codes if code in required[volume.id])
            what = (
                f"counts of {names} do not say whose {volume.metric} lies beyond {volume.id}, so it leaves none of them"
                " out: it is an upper bound"
            )
            yield note("upper-bound", what)
        is_open = undated.metric == contract.metric_codes.index(volume.metric)
        if Dimension.PERIOD in volume.on and undated.count[is_open].any():
            what = (
                f"counts of {volume.metric} without a date belong to no period, so {volume.id} leaves none of them out"
            )
            yield note("upper-bound", f"{what}: it is an upper bound")
