"""Whatever stands in a contract file, the answer is findings or a contract that can be used, never an error."""

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.findings import has_errors
from sib_engine.payments.payers.cap_clauses import payer_caps_of
from sib_engine.payments.payers.shares import schedule_of
from sib_engine.terms.amend import at_last, states
from sib_engine.terms.load import contract_from
from sib_engine.terms.plain import plain_clauses
from sib_engine.terms.versions import eligibility_versions, metric_versions
from tests.terms.edited import CHANGES, document
from tests.terms.mutations import mutated


@given(st.data())
def test_any_change_of_a_contract_is_a_finding_or_a_contract(data: st.DataObject) -> None:
    made, findings = contract_from(mutated(document(add=CHANGES), data))

    assert all(str(finding).isprintable() for finding in findings)
    assert made is not None or has_errors(findings)
    if made is not None:
        assert made.digest.startswith("sib1:")
        assert plain_clauses(made)
        assert states(made)


@given(st.data())
def test_the_kernel_can_work_with_a_contract_that_has_no_errors(data: st.DataObject) -> None:
    made, findings = contract_from(mutated(document(add=CHANGES), data))
    if made is None or has_errors(findings):
        return

    for state in states(made):
        assert len(payer_caps_of(state)) == sum(cap.payer is not None for cap in state.caps)
        assert all(schedule_of(share).cycle <= 100_000 for share in state.shares)
        assert all(metric_versions(state, metric) for metric in state.metrics)
        assert eligibility_versions(state)
    assert at_last(made).end <= at_last(made).claims_close


def test_the_changes_that_are_mutated_are_sound_themselves() -> None:
    assert contract_from(document(add=CHANGES))[1] == ()


@given(st.data())
def test_no_finding_is_said_twice(data: st.DataObject) -> None:
    _, findings = contract_from(mutated(document(add=CHANGES), data))

    assert len(set(findings)) == len(findings)
