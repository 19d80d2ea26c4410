"""Use case: which contracts come with the engine."""

from dataclasses import dataclass

from sib_engine.terms import library
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load
from sib_engine.terms.provenance import Status


@dataclass(frozen=True, slots=True)
class ListedContract:
    """One contract of the library: the name to call it by, its title, and how far its prices are known."""

    name: str
    title: str
    prices: str
    has_record: bool

    def as_dict(self) -> dict[str, str | bool]:
        """Return the entry as ``sib contract list --json`` prints it."""
        return {"name": self.name, "title": self.title, "prices": self.prices, "published_record": self.has_record}


def list_contracts() -> tuple[ListedContract, ...]:
    """Return every contract of the library, in order of programme and name.

    Raises:
        NotFoundError: If the installation carries none.
    """
    listed = []
    for path in library.contract_files():
        contract = load(path).contract
        statuses = set() if contract is None else price_statuses(contract)
        prices = ", ".join(status.value for status in Status if status in statuses) or "the file has errors"
        title = contract.name if contract is not None else path.name
        has_record = library.published_record(path) is not None
        listed.append(ListedContract(f"{path.parent.name}/{path.stem}", title, prices, has_record))
    return tuple(listed)


def price_statuses(contract: Contract) -> set[Status]:
    """Return how the contract's prices are known: those of its tariffs and of its scales."""
    return {each.provenance.status for each in contract.tariffs} | {each.price_status for each in contract.scales}
