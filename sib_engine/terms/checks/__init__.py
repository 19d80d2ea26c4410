"""Cross-checks of a contract: what a schema cannot see.

Each check is a function from a contract to findings, in the module of its family. ``CHECKS`` look
at the contract as written; ``STATE_CHECKS`` at each state that its amendments bring about, because
a cap and the one that replaced it never act together.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, TypeAlias

from sib_engine.core.findings import Finding
from sib_engine.terms.amend import states
from sib_engine.terms.checks import (
    amendments,
    bands,
    boundaries,
    caps,
    claimable,
    counting_limits,
    dates,
    eligibility,
    employment,
    grants,
    identity,
    indexes,
    metrics,
    payer_caps,
    plans,
    prerequisites,
    prices,
    provenance,
    quick,
    references,
    scales,
    scheduled,
    shares,
    spelling,
    targets,
    tiers,
    verification,
    versions,
    volumes,
)
from sib_engine.terms.checks.outline import of_contract, of_document
from sib_engine.terms.checks.personal import check_texts
from sib_engine.terms.contract import Contract

Check: TypeAlias = Callable[[Contract], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    dates.check_claims_close,
    dates.check_period_anchor,
    eligibility.check_referral,
    dates.check_changed_days,
    identity.check_indigo,
    metrics.check_has_tariff,
    metrics.check_windows,
    metrics.check_windows_open,
    employment.check_effect,
    bands.check_membership,
    bands.check_hours,
    boundaries.check_neighbours,
    boundaries.check_words,
    claimable.check_bands,
    claimable.check_windows_reachable,
    claimable.check_inside_contract,
    spelling.check_spelling,
    versions.check_two_versions,
    versions.check_reachable,
    versions.check_fits_metric,
    versions.check_changes_something,
    versions.check_sound,
    prices.check_two_tariffs,
    prices.check_gap_at_start,
    prices.check_reachable,
    prices.check_bonus_groups,
    tiers.check_cliffs,
    tiers.check_arrival,
    scales.check_measured_have_scales,
    scales.check_kinds,
    scales.check_depends_on_people,
    scales.check_two_scales,
    scales.check_reachable,
    scales.check_points_suit,
    scales.check_falls,
    indexes.check_first_values,
    indexes.check_prices,
    indexes.check_used,
    quick.check_units,
    quick.check_narrower,
    shares.check_two_shares,
    shares.check_gap_at_start,
    shares.check_reachable,
    shares.check_mid_period,
    shares.check_cycle,
    shares.check_every_payer_pays,
    amendments.check_dates,
    amendments.check_clauses_start_later,
    amendments.check_replaced,
    volumes.check_repeats_fit,
    volumes.check_claw_backs,
    verification.check_two,
    verification.check_reachable,
    verification.check_confidence,
    verification.check_evidence,
    plans.check_overlaps,
    plans.check_inside_contract,
    provenance.check_unpriced,
    provenance.note_unpriced,
    provenance.note_assumed,
)

STATE_CHECKS: Final[tuple[Check, ...]] = (
    caps.check_zero,
    caps.check_reachable,
    caps.check_crossing,
    tiers.check_reachable,
    bands.check_caps,
    counting_limits.check_idle,
    counting_limits.check_crossing,
    counting_limits.check_differing,
    payer_caps.check_overflow,
    payer_caps.check_overflow_of_no_period,
    payer_caps.check_two_caps,
    grants.check_overlaps,
    grants.check_inside_contract,
    grants.check_shared,
    scheduled.check_fees,
    scheduled.check_guarantees,
    scheduled.check_terminations,
    scheduled.check_terminated,
    scheduled.check_shared,
    targets.check_twice,
    targets.check_periods,
    targets.check_within_cap,
    targets.check_minimums,
    volumes.check_two_volumes,
    volumes.check_targets_within,
)


def check(contract: Contract) -> tuple[Finding, ...]:
    """Return the findings of every check, each once, in the order of the checks."""
    outline = of_contract(contract)
    found = [*identity.check_ids(outline), *references.check_names(outline), *prerequisites.check_circles(outline)]
    found += [finding for check_one in CHECKS for finding in check_one(contract)]
    stages = states(contract)
    found += [finding for check_one in STATE_CHECKS for stage in stages for finding in check_one(stage)]
    return tuple(dict.fromkeys(found))


def check_document(document: Mapping[str, object], *, known: Collection[Finding]) -> tuple[Finding, ...]:
    """Return what can be said of the names in a file whose shape is wrong.

    Args:
        document: The file as TOML values.
        known: What the schema has found; nothing is said twice of one key.
    """
    outline = of_document(document)
    found = [*identity.check_ids(outline), *references.check_names(outline), *prerequisites.check_circles(outline)]
    refused = {key for finding in known for key in (finding.at.key, _whole_list(finding.at.key))}
    return tuple(finding for finding in dict.fromkeys(found) if finding.at.key not in refused)


def _whole_list(key: str) -> str:
    """Return the key of the list that an entry stands in: ``metric.x.requires`` of ``metric.x.requires[2]``."""
    return key[: key.rindex("[")] if key.endswith("]") else key


__all__ = ["check", "check_document", "check_texts"]
