import pytest

from sib_engine.payments.sampling.estimate import estimate
from sib_engine.payments.sampling.written import estimate_from, estimate_text
from sib_engine.terms.verification import SampleMethod
from tests.sampling.samples import frame, sample, verdicts

OF = frame({"engagement": [400_00] * 20, "job_start": [700_00, 100_00, 0, 0] * 3})


@pytest.mark.parametrize("method", list(SampleMethod))
@pytest.mark.parametrize("n_pending", [0, 1])
def test_an_estimate_is_read_again_as_it_was_written(method: SampleMethod, n_pending: int) -> None:
    of = sample(OF, {"engagement": 6, "job_start": 5}, method=method)
    wrong, doubled, *others = of.claims
    made = estimate(of, verdicts(of, {wrong: 0, doubled: 9_000_00}, pending=others[:n_pending]))

    assert estimate_from(estimate_text(made)) == made
