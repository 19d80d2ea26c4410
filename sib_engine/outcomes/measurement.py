"""What was measured of a cohort, with its counts, and what it comes to exactly."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Final

from sib_engine.terms.metric import Measure

NEEDED: Final[Mapping[Measure, tuple[str, ...]]] = {
    Measure.VALUE: ("value",),
    Measure.RATE: ("cases", "population"),
    Measure.REDUCTION: ("cases", "population", "comparison_cases", "comparison_population"),
    Measure.UNITS_AVOIDED: ("cases", "population", "comparison_cases", "comparison_population"),
}
"""The columns that a row of each kind of measure needs; it takes no others."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The figures of one measured row, as its file gives them; None where it gives none.

    ``cases`` of ``population`` are the cohort's, the others those of its baseline or control group. What a case
    is (a person reconvicted, a reconviction, a bed day) the metric's definition says.
    """

    value: Decimal | None = None
    cases: int | None = None
    population: int | None = None
    comparison_cases: int | None = None
    comparison_population: int | None = None

    @property
    def cells(self) -> dict[str, str]:
        """The figures as texts by column, blank where there is none."""
        figures = {column.name: getattr(self, column.name) for column in fields(self)}
        return {
            name: "" if figure is None else f"{figure:f}" if name == "value" else str(figure)
            for name, figure in figures.items()
        }

    @property
    def text(self) -> str:
        """The figures in one text: ``cases=142 population=1000``."""
        return " ".join(f"{name}={cell}" for name, cell in self.cells.items() if cell)


MEASURE_COLUMNS: Final = tuple(column.name for column in fields(Measurement))


def result_of(measure: Measure, found: Measurement) -> Fraction:
    """Return the result exactly: a value, a part of the whole, or units.

    A rate is cases / population; a reduction is 1 - the cohort's rate / the comparison's; units avoided are the
    comparison's rate x population - cases. The last two are below zero where the cohort did worse.

    Raises:
        ValueError: If a figure is missing, or divides by zero.
    """
    missing = [name for name in NEEDED[measure] if getattr(found, name) is None]
    if missing:
        message = f"a {measure} needs {', '.join(missing)}"
        raise ValueError(message)
    if measure is Measure.VALUE:
        return Fraction(found.value or 0)
    cases, population = found.cases or 0, found.population or 0
    if population == 0:
        message = f"a {measure} of no population"
        raise ValueError(message)
    if measure is Measure.RATE:
        return Fraction(cases, population)
    if not found.comparison_population or (measure is Measure.REDUCTION and not found.comparison_cases):
        message = f"a {measure} against no population, or one without cases"
        raise ValueError(message)
    comparison = Fraction(found.comparison_cases or 0, found.comparison_population)
    if measure is Measure.REDUCTION:
        return 1 - Fraction(cases, population) / comparison
    return comparison * population - cases
