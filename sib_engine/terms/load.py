"""Read a contract file: TOML, then the schema, then the cross-checks; every finding at once."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from marshmallow import ValidationError

from sib_engine.core.errors import FindingsError, NotFoundError
from sib_engine.core.findings import Finding, Location, error, has_errors
from sib_engine.core.money import currency_of
from sib_engine.terms.checks import check
from sib_engine.terms.contract import Contract
from sib_engine.terms.digest import digest_of
from sib_engine.terms.format.contract import ContractFile
from sib_engine.terms.format.problems import findings_of

MAX_BYTES: Final = 4 * 1024 * 1024
"""A contract file larger than this is refused unread."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file gave: the contract, or None where an error stood in the way; and all findings."""

    contract: Contract | None
    findings: tuple[Finding, ...]


def read_document(path: Path) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return a TOML file as plain values, decimals exact; or an empty document and why it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return {}, (error("file-too-large", f"the file is larger than {MAX_BYTES} bytes", "a contract file"),)
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}, (error("no-such-file", "there is no such file", "the path of a contract file"),)
    except OSError as refused:
        why = refused.strerror or "it cannot be opened"
        return {}, (error("unreadable", f"the file cannot be read: {why}", "a file that can be read"),)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        what = f"byte {bad.start + 1} is not UTF-8"
        return {}, (error("not-utf-8", what, "a file saved as UTF-8"),)
    if not text.strip():
        return {}, (error("empty-file", "the file is empty", "a contract as described in contracts/README.md"),)
    try:
        return tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal), ()
    except (tomllib.TOMLDecodeError, RecursionError, ValueError, ArithmeticError) as bad:
        return {}, (error("not-toml", f"the file is not TOML: {bad}", "TOML, version 1.0"),)


def load(path: Path) -> Loaded:
    """Return the contract in a file with every finding about it; nothing is guessed."""
    document, findings = read_document(path)
    if not findings:
        contract, findings = contract_from(document)
        if contract is not None and not _names_agree(path.stem, contract.code):
            what = f"contract.code is {contract.code!r} in a file called {path.name!r}"
            accepted = "a code that is the file's name or ends with it"
            findings = (*findings, error("code-and-file-differ", what, accepted, Location(key="contract.code")))
        if contract is not None:
            in_file = tuple(finding.in_file(path.name) for finding in findings)
            return Loaded(None if has_errors(findings) else contract, in_file)
    return Loaded(None, tuple(finding.in_file(path.name) for finding in findings))


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
    """Return the contract in a TOML document, or None where its shape is wrong; and the findings."""
    head = document.get("contract")
    named = head.get("currency") if isinstance(head, dict) else None
    try:
        currency = currency_of(named if isinstance(named, str) else "")
    except NotFoundError:
        currency = currency_of("GBP")  # only to go on and list the other findings: the schema refuses the currency
    try:
        contract = ContractFile(currency=currency, digest=digest_of(document)).load(document)
    except ValidationError as refused:
        return None, findings_of(refused.messages, document)
    return contract, check(contract)


def _names_agree(stem: str, code: str) -> bool:
    return code == stem or code.endswith(f"-{stem}")
