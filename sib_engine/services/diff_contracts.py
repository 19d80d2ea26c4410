"""Use case: what differs between two versions of a contract, clause by clause and in pounds for each party."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.core.findings import Finding
from sib_engine.core.money import plain
from sib_engine.services.inputs import contract_at, rows_at
from sib_engine.services.money_changes import MoneyChange, money_changes
from sib_engine.services.price_counts import price_table
from sib_engine.terms.contract import Contract
from sib_engine.terms.diff import ClauseChange, diff


@dataclass(frozen=True, slots=True)
class ContractDifference:
    """Two versions compared; ``money`` is empty where no counts were given."""

    old: Contract
    new: Contract
    clauses: tuple[ClauseChange, ...]
    money: tuple[MoneyChange, ...]
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the difference as ``sib contract diff --json`` prints it."""
        currency = self.new.currency

        def text(amount: int | None) -> str | None:
            return None if amount is None else plain(amount, currency)

        return {
            "old": {"contract": self.old.code, "terms": self.old.digest},
            "new": {"contract": self.new.code, "terms": self.new.digest},
            "currency": currency.code,
            "clauses": [change.as_dict() for change in self.clauses],
            "money": [
                {"name": each.name, "before": text(each.before), "after": text(each.after), "change": text(each.change)}
                for each in self.money
            ],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def diff_contracts(old_name: str, new_name: str, *, counts: Path | None = None) -> ContractDifference:
    """Return how the second version differs from the first.

    Args:
        old_name: Path or library name of the first version.
        new_name: Path or library name of the second.
        counts: Outcomes to price under both, for the difference in pounds per party.

    Raises:
        NotFoundError: If a contract is not found.
        FindingsError: If a contract or the counts have errors under either version.
        RefusedError: If an outcome cannot be priced under one of them without guessing.
    """
    old, new = contract_at(old_name).contract, contract_at(new_name).contract
    findings: tuple[Finding, ...] = ()
    money: tuple[MoneyChange, ...] = ()
    if counts is not None:
        priced = []
        for which, name, contract in (("old", old_name, old), ("new", new_name, new)):
            with _under(f"under the {which} version ({name})"):
                table, found = rows_at(counts, contract)
                priced.append(price_table(contract, table, found))
        findings = priced[1].findings
        money = money_changes(priced[0], priced[1])
    return ContractDifference(old, new, diff(old, new), money, findings)


@contextmanager
def _under(version: str) -> Iterator[None]:
    """Say of a refusal under which version of the terms the counts were refused.

    Raises:
        FindingsError: In place of one without the version.
        RefusedError: Likewise, of the same kind.
    """
    try:
        yield
    except FindingsError as refused:
        raise FindingsError([replace(each, what=f"{each.what}, {version}") for each in refused.findings]) from None
    except RefusedError as refused:
        message = f"{version}: {refused}"
        raise type(refused)(message) from None
