"""What the documents of a statement are made from, whether it was drawn up just now or read from the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from evaluation.report.blocks import SignOff
from sib_engine.core.dates import Period
from sib_engine.payments.statement.draw_up import Statement
from sib_engine.payments.statement.guards import Restatement
from sib_engine.payments.statement.headroom import Headroom
from sib_engine.payments.statement.lines import LineKind, StatedLine, digest_of_lines
from sib_engine.payments.statement.summary import SummaryLine, summary_of
from sib_engine.terms.contract import Contract
from sib_engine.terms.party import UNFUNDED


@dataclass(frozen=True, slots=True)
class MinimumPosition:
    """One minimum to date: what it asks for in words, the part it pays until then, what it withholds (minor units)."""

    minimum: str
    words: str
    pays_below: Fraction
    withheld: int


@dataclass(frozen=True)
class StatementFigures:
    """One statement with what stands beside it. Amounts in minor units.

    ``contract`` holds the terms in force for it, ``lines`` every line to keep (one at least: that of a
    statement of nothing). ``due`` and ``stated_before`` are as in
    :class:`sib_engine.payments.statement.draw_up.Statement`. ``standing`` says what the statement is:
    a draft, approved, sent. ``seen`` are the lines as a reader may see them one by one, where that is not
    all of them: those of people added up.

    Raises:
        ValueError: If there is no line, they are of several statements, or what is seen adds up to something else.
    """

    contract: Contract
    number: int
    period: Period
    known_on: date
    lines: tuple[StatedLine, ...]
    due: int
    stated_before: int
    headroom: tuple[Headroom, ...] = ()
    minimums: tuple[MinimumPosition, ...] = ()
    restatements: tuple[Restatement, ...] = ()
    notes: tuple[str, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    standing: str = ""
    seen: tuple[StatedLine, ...] | None = None

    def __post_init__(self) -> None:
        """Hold the lines against each other."""
        if {(line.statement, line.payers) for line in self.lines} != {(self.number, self.payers)}:
            message = f"these are not the lines of statement {self.number}"
            raise ValueError(message)
        seen = self.lines if self.seen is None else self.seen
        if sum(line.payable for line in seen) != self.payable or sum(line.earned for line in seen) != self.earned:
            message = "what is shown line by line does not add up to the statement"
            raise ValueError(message)

    @property
    def payers(self) -> tuple[str, ...]:
        """Who pays, in the order of the lines' amounts."""
        return self.lines[0].payers if self.lines else ()

    @cached_property
    def pays(self) -> tuple[int, ...]:
        """What each payer pays for this statement."""
        return tuple(sum(line.pays[place] for line in self.lines) for place in range(len(self.payers)))

    @property
    def total(self) -> int:
        """What all payers pay together; what is unfunded is billed to nobody."""
        return sum(amount for payer, amount in zip(self.payers, self.pays, strict=True) if payer != UNFUNDED)

    @property
    def unfunded(self) -> int:
        """What is billed to nobody."""
        return sum(self.pays) - self.total

    @property
    def payable(self) -> int:
        """What the lines add, after the caps that name no payer."""
        return sum(line.payable for line in self.lines)

    @property
    def earned(self) -> int:
        """What the lines earn before any cap."""
        return sum(line.earned for line in self.lines)

    @cached_property
    def rows(self) -> tuple[StatedLine, ...]:
        """The lines that say something, as the reader may see them: a line of nothing due left out."""
        seen = self.lines if self.seen is None else self.seen
        return tuple(line for line in seen if line.kind is not LineKind.NOTHING)

    @cached_property
    def summary(self) -> tuple[SummaryLine, ...]:
        """The lines added up by own period, kind, metric and site."""
        return summary_of(line for line in self.lines if line.kind is not LineKind.NOTHING)

    @cached_property
    def digest(self) -> str:
        """Digest over the lines: what an approver approves."""
        return digest_of_lines(self.lines)

    @property
    def kernel(self) -> str:
        """Version of the rules that the amounts were worked out by."""
        return self.lines[0].kernel

    @property
    def is_assumed(self) -> bool:
        """Whether any line rests on assumed terms."""
        return any(line.is_assumed for line in self.lines)


def figures_of(
    contract: Contract,
    statement: Statement,
    headroom: Sequence[Headroom],
    *,
    minimums: Sequence[MinimumPosition] = (),
    notes: Sequence[str] = (),
    sign_offs: Sequence[SignOff] = (),
    standing: str = "",
) -> StatementFigures:
    """Return the figures of a statement that was drawn up just now, under the terms in force for it."""
    return StatementFigures(
        contract=contract,
        number=statement.number,
        period=statement.period,
        known_on=statement.known_on,
        lines=statement.kept_lines,
        due=statement.due,
        stated_before=statement.stated_before,
        headroom=tuple(headroom),
        minimums=tuple(minimums),
        restatements=statement.restatements,
        notes=tuple(notes),
        sign_offs=tuple(sign_offs),
        standing=standing,
    )
