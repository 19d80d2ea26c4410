"""Which period a statement line counts in for payers' caps: what is taken back, where it was stated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sib_engine.payments.statement.lines import LineKind, StatedLine
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
    for its row, the latest first, each in the period in which that was stated. What the same
    statement puts in its place (a corrected price, say) takes that place again, the oldest first:
    only what is more counts in the period of the statement. So a correction settles at once, and
    uses no limit of a period but for what it adds. A recovery stands for claims that nobody named: it
    counts in the period of the statement that was sampled, which is its own.
    """
    labels = {_period_of(line) for line in lines}
    indices = {label: contract.periods.find(label).index for label in labels}
    standing: dict[str, list[Layer]] = {}
    given_up: dict[tuple[int, str, str], list[Layer]] = {}
    found: list[Layer] = []
    for place, line in enumerate(lines):
        layer = Layer(place, indices[_period_of(line)], line.shared)
        if line.kind is LineKind.RECOVERY:
            if line.payable:
                found.append(layer)
            continue
        statement_and_row = (line.statement, line.period, line.row)
        if line.payable < 0:
            taken = list(_taken_back(layer, standing.get(line.row, [])))
            given_up.setdefault(statement_and_row, []).extend(taken)
            found += taken
        elif line.payable > 0:
            put = list(_in_place_of(given_up.pop(statement_and_row, []), layer))
            standing.setdefault(line.row, []).extend(put)
            found += put
    return tuple(found)


def _period_of(line: StatedLine) -> str:
    return line.own_period if line.kind is LineKind.RECOVERY else line.period


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


def _in_place_of(taken: Sequence[Layer], layer: Layer) -> Iterator[Layer]:
    """Yield a layer in parts: as much as was taken back in each period, the oldest first; the rest in its own.

    Args:
        taken: What the same statement took back of the row: negative layers, the latest first.
        layer: What it states of the row instead; its parts have the payers' parts in proportion.
    """
    size, done, before = layer.size, 0, (0,) * len(layer.shared)
    for gone in reversed(taken):
        until = min(done - gone.size, size)
        if until > done:
            so_far = tuple(part * until // size for part in layer.shared)
            yield Layer(layer.line, gone.period, tuple(now - then for now, then in zip(so_far, before, strict=True)))
            done, before = until, so_far
    left = tuple(part - then for part, then in zip(layer.shared, before, strict=True))
    if any(left):
        yield Layer(layer.line, layer.period, left)


def _sum(first: Layer, second: Layer) -> Layer:
    """Return the first layer with the second's amounts added."""
    shared = tuple(one + other for one, other in zip(first.shared, second.shared, strict=True))
    return Layer(first.line, first.period, shared)
