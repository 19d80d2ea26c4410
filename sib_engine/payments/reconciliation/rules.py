"""The rules in the order in which their anomalies are reported. A new rule is a function, and a line here."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from sib_engine.payments.reconciliation.anomaly import Anomaly
from sib_engine.payments.reconciliation.case import Case
from sib_engine.payments.reconciliation.lines import lines_against_prices
from sib_engine.payments.reconciliation.maxima import (
    maximum_restated,
    payer_maxima_do_not_add_up,
    payer_maximum_is_the_contracts,
    payers_paid_above_maximum,
    payments_above_maximum,
    plan_follows_an_earlier_maximum,
)
from sib_engine.payments.reconciliation.payers import (
    payer_figures_restated,
    payer_paid_above_its_maximum,
    payer_paid_is_its_maximum,
    payments_differ_from_payers_paid,
)
from sib_engine.payments.reconciliation.periods import (
    payment_outside_contract,
    payment_recorded_twice,
    payment_spans_periods,
    payments_overlap,
)
from sib_engine.payments.reconciliation.results import (
    more_than_required,
    results_restated,
    target_restated,
    targets_not_published,
)

Rule: TypeAlias = Callable[[Case], Iterator[Anomaly]]

RULES: Final[tuple[Rule, ...]] = (
    payments_above_maximum,
    payments_differ_from_payers_paid,
    payers_paid_above_maximum,
    payer_paid_above_its_maximum,
    payer_paid_is_its_maximum,
    payer_maxima_do_not_add_up,
    payer_maximum_is_the_contracts,
    maximum_restated,
    payer_figures_restated,
    plan_follows_an_earlier_maximum,
    target_restated,
    targets_not_published,
    more_than_required,
    results_restated,
    payments_overlap,
    payment_spans_periods,
    payment_recorded_twice,
    payment_outside_contract,
    lines_against_prices,
)


def reconcile(case: Case) -> tuple[Anomaly, ...]:
    """Return every anomaly and note about a published record, in the order of the rules."""
    return tuple(anomaly for rule in RULES for anomaly in rule(case))
