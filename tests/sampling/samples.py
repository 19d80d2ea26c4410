"""Frames, designs and verdicts for the tests of sampling."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from sib_engine.payments.sampling.checked import Checked, Verdict
from sib_engine.payments.sampling.design import SampleDesign, design_of
from sib_engine.payments.sampling.draw import Sample, drawn
from sib_engine.payments.sampling.frame import Frame, FrameClaim, frame_of
from sib_engine.payments.sampling.strata import Cell
from sib_engine.terms.verification import Recover, SampleMethod, StratifiedBy

SEED = "29 January 2026, lottery 4 17 23"
NINETEEN_OF_20 = Fraction(19, 20)


def frame(values: Mapping[str, Iterable[int]]) -> Frame:
    """Return a frame of claims named after their metric and number: ``job_start-001``."""
    return frame_of(
        FrameClaim(f"{metric}-{number:03}", metric, "north", "standard", value)
        for metric, listed in values.items()
        for number, value in enumerate(listed, start=1)
    )


def design(
    of: Frame,
    sizes: Mapping[str, int],
    *,
    method: SampleMethod = SampleMethod.SIMPLE,
    confidence: Fraction = NINETEEN_OF_20,
    seed: str = SEED,
) -> SampleDesign:
    """Return a design of so many claims of each metric; of all claims together where the only name is empty."""
    return design_of(
        of,
        {Cell(metric): size for metric, size in sizes.items()},
        seed=seed,
        terms="sib1:made-up",
        method=method,
        strata_by=() if set(sizes) == {""} else (StratifiedBy.METRIC,),
        confidence=confidence,
        recover=Recover.LOWER,
    )


def sample(of: Frame, sizes: Mapping[str, int], *, method: SampleMethod = SampleMethod.SIMPLE) -> Sample:
    """Return what such a design draws."""
    return drawn(design(of, sizes, method=method), of)


def verdicts(of: Sample, right_values: Mapping[str, int], pending: Iterable[str] = ()) -> list[Checked]:
    """Return verdicts on a sample: right values of wrong claims, those open, and all others right."""
    return [
        Checked(claim, Verdict.WRONG, right_values[claim])
        if claim in right_values
        else Checked(claim, Verdict.PENDING if claim in pending else Verdict.RIGHT)
        for claim in of.claims
    ]
