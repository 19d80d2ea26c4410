"""Cross-checks of a contract: what a schema cannot see. Each check is a function from a contract to findings."""

from sib_engine.core.findings import Finding
from sib_engine.terms.contract import Contract


def check(contract: Contract) -> tuple[Finding, ...]:
    """Return the findings of every check, in the order of the checks."""
    return ()
