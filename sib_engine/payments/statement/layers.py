"""Which period a statement line counts in for payers' caps: what is taken back, where it was stated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sib_engine.payments.statement.lines import StatedLine
from sib_engine.terms.contract import Contract


@dataclass(frozen=True, slots=True)
class Layer:
    """Minor units per payer (``shared``) of one line, that count in one period; ``line`` is its position."""

    line: int
    period: int
    shared: tuple[int, ...]

    @property
    def size(self) -> int:
        """Minor units in all."""
        return sum(self.shared)


def layers_of(contract: Contract, lines: Sequence[StatedLine]) -> tuple[Layer, ...]:
    """Return the lines of all statements as layers, in the order of the lines.

    A payer's cap for each period limits what a statement asks for, so a line counts in the period
    of its statement. What takes money back does not: a line of minus 100 for an outcome of which
    the cap let 30 through would otherwise ask for 100 back. It is set against what stands stated
    for its row, the latest first, each in the period in which that was stated.
    """
    indices = {label: contract.periods.find(label).index for label in {line.period for line in lines}}
    standing: dict[str, list[Layer]] = {}
    found: list[Layer] = []
    for place, line in enumerate(lines):
        layer = Layer(place, indices[line.period], line.shared)
        if line.payable < 0:
            found += _taken_back(layer, standing.get(line.row, []))
        elif line.payable > 0:
            standing.setdefault(line.row, []).append(layer)
            found.append(layer)
    return tuple(found)


def _taken_back(layer: Layer, standing: list[Layer]) -> Iterator[Layer]:
    """Yield a negative layer as parts of the row's standing layers, which it takes from the list."""
    rest = layer
    while standing:
        last = standing.pop()
        if last.size + rest.size >= 0 or not standing:
            left = _sum(last, rest)
            if left.size:
                standing.append(left)
            rest = Layer(layer.line, last.period, rest.shared)
            break
        yield Layer(layer.line, last.period, tuple(-part for part in last.shared))
        rest = _sum(rest, last)
    yield rest


def _sum(first: Layer, second: Layer) -> Layer:
    """Return the first layer with the second's amounts added."""
    shared = tuple(one + other for one, other in zip(first.shared, second.shared, strict=True))
    return Layer(first.line, first.period, shared)
