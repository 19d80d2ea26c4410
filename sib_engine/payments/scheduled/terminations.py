"""Early termination: what is paid on the day on which the contract ends early."""

from collections.abc import Iterator

from sib_engine.payments.price.rounding import rounded
from sib_engine.payments.scheduled.entry import Entry, ScheduledKind
from sib_engine.payments.scheduled.sums import sum_text
from sib_engine.terms.contract import Contract


def termination_entries(contract: Contract) -> Iterator[Entry]:
    """Yield what the clause in force on the day of termination pays; nothing where the contract runs to its end."""
    clause = contract.termination
    if clause is None or contract.terminated_on is None:
        return
    mode = contract.rounding.mode
    from_whole = clause.sum.exact.denominator == 1
    words = f"terminated on {contract.terminated_on}: {sum_text(clause.sum, contract.currency)}"
    yield Entry(
        kind=ScheduledKind.TERMINATION,
        row=f"{ScheduledKind.TERMINATION}/{clause.id}",
        clause=clause.id,
        provenance=clause.provenance,
        day=contract.terminated_on,
        amount=rounded(clause.sum.exact, mode),
        uses_caps=clause.uses_caps,
        is_assumed=any(map(clause.provenance.assumes, ("amount", "share", "of"))),
        words=words if from_whole else f"{words}, rounded {mode}",
    )
