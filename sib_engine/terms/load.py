"""Read a contract file: TOML, then the schema, then the cross-checks; every finding at once."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from marshmallow import ValidationError

from sib_engine.core.errors import FindingsError, NotFoundError
from sib_engine.core.finding_log import MAX_LISTED, MORE
from sib_engine.core.findings import Finding, Location, Severity, error, has_errors, warning
from sib_engine.core.money import Currency, currency_of
from sib_engine.core.personal import shown
from sib_engine.terms.checks import check, check_document, check_texts
from sib_engine.terms.contract import Contract
from sib_engine.terms.format.contract import ContractFile
from sib_engine.terms.format.problems import findings_of, shown_value
from sib_engine.terms.library import shown_path

MAX_BYTES: Final = 1024 * 1024
"""A contract file larger than this is refused, and no more of it is read: the largest known has 30,000 bytes."""

MAX_DIGITS: Final = 4_000
"""Of one number: Python refuses to read more than 4,300, and says so in words of its own."""

_LONG_NUMBER: Final = re.compile(r"(?<![\w.])[0-9]{4001,}+(?![\w.])")
_AT_LINE: Final = re.compile(r"at line ([0-9]{1,9})")
_DEEP_KEY: Final = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""")
"""A key of more than 64 parts: tomllib takes time in the square of their number."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file gave: the contract, or None where an error stood in the way; and all findings."""

    contract: Contract | None
    findings: tuple[Finding, ...]


def read_document(path: Path) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return a TOML file as plain values, decimals exact; or an empty document and why it cannot be read."""
    raw, findings = _read(path)
    return ({}, findings) if findings else _parsed(raw)


def _parsed(raw: bytes) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        return {}, (error("not-utf-8", f"byte {bad.start + 1} is not UTF-8", "a file saved as UTF-8"),)
    if not text.strip():
        return {}, (error("empty-file", "the file is empty", "a contract as described in contracts/README.md"),)
    if _DEEP_KEY.search(text):
        return {}, (error("not-toml", "the file nests tables or lists too deeply", "a contract's few levels"),)
    long = _LONG_NUMBER.search(text)
    if long is not None:
        at = text.count("\n", 0, long.start()) + 1
        what = f"line {at} has a number of {len(long[0]):,} digits"
        return {}, (error("not-toml", what, f"numbers of at most {MAX_DIGITS:,} digits"),)
    try:
        return tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal), ()
    except RecursionError:
        return {}, (error("not-toml", "the file nests tables or lists too deeply", "a contract's few levels"),)
    except (ValueError, ArithmeticError) as bad:
        what = f"the file is not TOML: {bad}{_quoted_line(text, str(bad))}"
        accepted = "TOML, version 1.0, with dates that the calendar has"
        return {}, (error("not-toml", what, accepted),)


def _quoted_line(text: str, message: str) -> str:
    """Return the line that a message of the TOML reader points at, as words to go after it."""
    found = _AT_LINE.search(message)
    lines = text.splitlines()
    if found is None or int(found[1]) > len(lines):
        return ""
    return f": the line is {shown(lines[int(found[1]) - 1].strip())}"


def load(path: Path) -> Loaded:
    """Return the contract in a file with every finding about it; nothing is guessed."""
    document, findings = read_document(path)
    contract: Contract | None = None
    if not findings:
        contract, findings = contract_from(document)
        findings = (*_name_findings(path, document), *findings)
    return Loaded(
        None if has_errors(findings) else contract,
        tuple(finding.in_file(shown_path(path)) for finding in _listed(findings)),
    )


def load_text(text: str, name: str) -> Loaded:
    """Return :func:`load` of a contract that is kept as text; findings call it ``name``."""
    document, findings = _parsed(text.encode())
    contract: Contract | None = None
    if not findings:
        contract, findings = contract_from(document)
    named = tuple(finding.in_file(name) for finding in _listed(findings))
    return Loaded(None if has_errors(findings) else contract, named)


def load_contract(path: Path) -> Contract:
    """Return the contract in a file that has no errors.

    Raises:
        FindingsError: With every finding, if the file has errors.
    """
    loaded = load(path)
    if loaded.contract is None:
        raise FindingsError(loaded.findings)
    return loaded.contract


def contract_from(document: dict[str, Any]) -> tuple[Contract | None, tuple[Finding, ...]]:
    """Return the contract in a TOML document, or None where its shape is wrong; and the findings.

    Where the shape is wrong, names that do not resolve are listed all the same.
    """
    texts = tuple(check_texts(document))
    try:
        contract = ContractFile(currency=_currency(document)).load(document)
    except ValidationError as refused:
        shape = findings_of(refused.messages, document)
        return None, (*shape, *check_document(document, known=shape), *texts)
    return contract, (*check(contract), *texts)


def _read(path: Path) -> tuple[bytes, tuple[Finding, ...]]:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return b"", (error("no-such-file", "there is no such file", "the path of a contract file"),)
    except (OSError, ValueError) as refused:
        why = getattr(refused, "strerror", None) or "it cannot be opened"
        return b"", (error("unreadable", f"the file cannot be read: {why}", "a file that can be read"),)
    if len(raw) > MAX_BYTES:
        what = f"the file is larger than {MAX_BYTES:,} bytes"
        return b"", (error("file-too-large", what, "a contract file"),)
    return raw, ()


def _listed(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return what is listed of many findings: errors before the rest, and how many are left out."""
    if len(findings) <= MAX_LISTED:
        return findings
    ranked = sorted(findings, key=lambda finding: list(Severity).index(finding.severity))
    left = ranked[MAX_LISTED:]
    more = Finding(left[0].severity, MORE, f"and {len(left):,} more like these")
    return (*ranked[:MAX_LISTED], more)


def _currency(document: dict[str, Any]) -> Currency:
    head = document.get("contract")
    named = head.get("currency") if isinstance(head, dict) else None
    try:
        return currency_of(named if isinstance(named, str) else "")
    except NotFoundError:
        return currency_of("GBP")  # only to go on and list the other findings: the schema refuses the currency


def _name_findings(path: Path, document: dict[str, Any]) -> tuple[Finding, ...]:
    head = document.get("contract")
    code = head.get("code") if isinstance(head, dict) else None
    if not isinstance(code, str) or code == path.stem or code.endswith(f"-{path.stem}"):
        return ()
    what = f"contract.code is {shown_value(code)} in a file called {path.name!r}"
    accepted = "a code that is the file's name or ends with it"
    return (warning("code-and-file-differ", what, accepted, Location(key="contract.code")),)
