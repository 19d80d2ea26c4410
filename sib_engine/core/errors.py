"""Errors of the engine: each has a stable code and a sentence a user can act on."""

from collections.abc import Sequence
from typing import ClassVar

from sib_engine.core.findings import Finding, Severity


class SibError(Exception):
    """Something the engine refuses to do, said in words for the person who asked."""

    code: ClassVar[str] = "error"


class NotFoundError(SibError):
    """A thing was named that does not exist."""

    code: ClassVar[str] = "not-found"


class RefusedError(SibError):
    """The request is understood, and answering it would mean guessing."""

    code: ClassVar[str] = "refused"


class RowRefusedError(RefusedError):
    """One row cannot be answered for; ``row`` is its number, by which whoever has its id can name it.

    ``is_of_group`` says that another group, and no other day, would change that.
    """

    def __init__(self, message: str, *, row: int, is_of_group: bool = False) -> None:
        """Keep the row's number, and whether its group is to blame, beside the message."""
        self.row = row
        self.is_of_group = is_of_group
        super().__init__(message)


class SegregationError(RefusedError):
    """Somebody would do what their role, or their part in it so far, does not let them do."""

    code: ClassVar[str] = "not-allowed"


class UnauthenticatedError(SibError):
    """Nobody knows who asks."""

    code: ClassVar[str] = "not-signed-in"


class UnavailableError(RefusedError):
    """Something that the engine needs does not answer; the same request may succeed later."""

    code: ClassVar[str] = "unavailable"


class KeyReusedError(RefusedError):
    """A key that stands for one request came with another."""

    code: ClassVar[str] = "key-reused"


class StaleDigestError(RefusedError):
    """What somebody was shown is no longer what is there."""

    code: ClassVar[str] = "stale"


class OverflowRefusedError(RefusedError):
    """An amount would leave the range in which sums of minor units are exact."""

    code: ClassVar[str] = "amount-too-large"


class FindingsError(SibError):
    """A file or a set of rows cannot be used; every reason is listed at once."""

    code: ClassVar[str] = "findings"

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Keep all findings, errors and warnings alike."""
        self.findings = tuple(findings)
        n_errors = sum(finding.severity is Severity.ERROR for finding in self.findings)
        super().__init__(f"{n_errors} error{'' if n_errors == 1 else 's'} found")
