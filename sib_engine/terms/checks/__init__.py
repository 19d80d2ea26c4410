"""Cross-checks of a contract: what a schema cannot see.

Each check is a function from a contract to findings, in the module of its family. ``CHECKS`` look
at the contract as written; ``STATE_CHECKS`` at each state that its amendments bring about, because
a cap and the one that replaced it never act together.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from sib_engine.core.findings import Finding
from sib_engine.terms.amend import states
from sib_engine.terms.checks import (
    amendments,
    bands,
    bonuses,
    boundaries,
    boundary_words,
    caps,
    claimable,
    cliffs,
    counting_limits,
    dates,
    eligibility,
    employment,
    evidence,
    grants,
    identity,
    indexes,
    measured,
    metrics,
    minimums,
    payer_caps,
    plans,
    prerequisites,
    prices,
    provenance,
    quick,
    references,
    referrals,
    scales,
    scheduled,
    shares,
    spelling,
    targets,
    targets_in_cap,
    targets_paid,
    tiers,
    verification,
    versions,
    volumes,
)
from sib_engine.terms.checks.outline import of_contract, of_document
from sib_engine.terms.checks.personal import check_texts
from sib_engine.terms.clauses import listed_clauses
from sib_engine.terms.contract import Contract

Check: TypeAlias = Callable[[Contract], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    dates.check_claims_close,
    dates.check_period_anchor,
    eligibility.check_referral,
    dates.check_changed_days,
    caps.check_years,
    identity.check_indigo,
    metrics.check_has_tariff,
    metrics.check_windows,
    metrics.check_windows_open,
    metrics.check_months,
    employment.check_effect,
    evidence.check_evidence,
    employment.check_hours_decided_once,
    employment.check_gap,
    bands.check_membership,
    bands.check_hours,
    boundaries.check_neighbours,
    boundary_words.check_hours,
    boundary_words.check_points,
    bands.check_prices,
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
    prices.check_other_groups,
    referrals.check_before_start,
    prices.check_reachable,
    prices.check_bonus_groups,
    tiers.check_mixed,
    tiers.check_cliffs,
    tiers.check_arrival,
    scales.check_measured_have_scales,
    measured.check_kinds,
    measured.check_depends_on_people,
    measured.check_counts,
    measured.check_limits,
    measured.check_all_metrics,
    scales.check_two_scales,
    scales.check_reachable,
    scales.check_points_suit,
    scales.check_falls,
    scales.check_unless,
    cliffs.check_unless,
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
    bands.check_claw_backs,
    caps.check_sites,
    bonuses.check_idle,
    bonuses.check_reachable,
    minimums.check_reachable,
    minimums.check_weaker,
    counting_limits.check_idle,
    cliffs.check_minimums,
    counting_limits.check_tighter,
    counting_limits.check_crossing,
    counting_limits.check_differing,
    payer_caps.check_overflow,
    payer_caps.check_overflow_of_no_period,
    payer_caps.check_two_caps,
    payer_caps.check_reachable,
    payer_caps.check_together,
    claimable.check_grant_months,
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
    targets_in_cap.check_within_cap,
    targets_in_cap.check_scheduled_within_cap,
    targets_paid.check_within_shares,
    targets_paid.check_within_payer_caps,
    targets_paid.check_prerequisites,
    targets.check_minimums,
    volumes.check_two_volumes,
    volumes.check_targets_within,
    volumes.check_guarantees_within,
)


_NEVER: Final = frozenset(
    {"unreachable-cap", "unreachable-tier", "unreachable-bonus", "minimum-never-reached", "guarantee-above-maximum"}
)
"""Rules that say of a clause what never happens, for as long as it stands."""


def check(contract: Contract) -> tuple[Finding, ...]:
    """Return the findings of every check, each once, in the order of the checks."""
    outline = of_contract(contract)
    found = [*identity.check_ids(outline), *references.check_names(outline), *prerequisites.check_circles(outline)]
    found += [finding for check_one in CHECKS for finding in check_one(contract)]
    stages = states(contract)
    for check_one in STATE_CHECKS:
        for place, stage in enumerate(stages):
            later = stages[place + 1 :]
            found += [finding for finding in check_one(stage) if not _stands_later(finding, later)]
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


def _stands_later(finding: Finding, later: Sequence[Contract]) -> bool:
    """Return whether something is said never to happen of a clause that later states have too: the last one decides."""
    if finding.rule not in _NEVER:
        return False
    return any(
        finding.at.key.startswith(f"{table}[{clause.id}]")
        for stage in later
        for table, clauses in listed_clauses(stage).items()
        for clause in clauses
    )


def _whole_list(key: str) -> str:
    """Return the key of the list that an entry stands in: ``metric.x.requires`` of ``metric.x.requires[2]``."""
    return key[: key.rindex("[")] if key.endswith("]") else key


__all__ = ["check", "check_document", "check_texts"]
