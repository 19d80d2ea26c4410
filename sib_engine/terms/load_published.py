"""Read a published record: TOML, then the schema, then what only the contract can tell; every finding at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from marshmallow import ValidationError

from sib_engine.core.errors import FindingsError
from sib_engine.core.findings import Finding, Location, error, has_errors
from sib_engine.terms.contract import Contract
from sib_engine.terms.format.problems import findings_of, shown_value
from sib_engine.terms.format.published import RecordFile
from sib_engine.terms.library import shown_path
from sib_engine.terms.load import read_document
from sib_engine.terms.published import PublishedLine, PublishedRecord, PublishedTarget

Named = TypeVar("Named", PublishedTarget, PublishedLine)


@dataclass(frozen=True, slots=True)
class LoadedRecord:
    """What a file gave: the record, or None where an error stood in the way; and all findings."""

    record: PublishedRecord | None
    findings: tuple[Finding, ...]


def load_record(path: Path, contract: Contract) -> LoadedRecord:
    """Return the published record of ``contract`` in a file, with every finding about it; nothing is guessed.

    The files of counts that it names must exist beside it; what they hold is not read here.
    """
    document, findings = read_document(path)
    record = None
    if not findings:
        record, findings = record_from(document, contract)
        if record is not None:
            findings = (*findings, *_missing_counts(record, path.parent))
    in_file = tuple(finding.in_file(shown_path(path)) for finding in findings)
    return LoadedRecord(None if has_errors(in_file) else record, in_file)


def published_record(path: Path, contract: Contract) -> PublishedRecord:
    """Return the published record in a file that has no errors.

    Raises:
        FindingsError: With every finding, if the file has errors.
    """
    loaded = load_record(path, contract)
    if loaded.record is None:
        raise FindingsError(loaded.findings)
    return loaded.record


def record_from(document: dict[str, Any], contract: Contract) -> tuple[PublishedRecord | None, tuple[Finding, ...]]:
    """Return the record in a TOML document, or None where its shape is wrong; and the findings.

    Metrics may be named by INDIGO id in the document; in the record they have the contract's code.
    """
    try:
        record: PublishedRecord = RecordFile(currency=contract.currency).load(document)
    except ValidationError as refused:
        return None, findings_of(refused.messages, document)
    findings = (
        *_another_contract(record, contract),
        *_unknown_parties(record, contract),
        *_unknown_metrics(record, contract),
    )
    record = replace(record, targets=_by_code(record.targets, contract), lines=_by_code(record.lines, contract))
    return record, (*findings, *_stated_twice(record))


def _another_contract(record: PublishedRecord, contract: Contract) -> Iterator[Finding]:
    for key, stated, own in (
        ("contract", record.contract, contract.code),
        ("indigo", record.indigo, contract.indigo),
    ):
        if stated is not None and stated != own:
            what = f"{key} is {shown_value(stated)}, and this is the record of {contract.code!r}"
            accepted = repr(own) if own is not None else f"no {key}: the contract has none"
            yield error("record-of-another-contract", what, accepted, Location(key=f"record.{key}"))


def _unknown_parties(record: PublishedRecord, contract: Contract) -> Iterator[Finding]:
    for place, payer in enumerate(record.payers, start=1):
        if payer.party not in contract.payers:
            what = f"party is {payer.party!r}, which pays nothing in {contract.code!r}"
            accepted = "one of: " + ", ".join(contract.payers)
            yield error("unknown-payer", what, accepted, Location(key=f"payer[{place}].party"))


def _unknown_metrics(record: PublishedRecord, contract: Contract) -> Iterator[Finding]:
    tables: tuple[tuple[str, tuple[PublishedTarget | PublishedLine, ...]], ...] = (
        ("target", record.targets),
        ("line", record.lines),
    )
    for table, entries in tables:
        for place, entry in enumerate(entries, start=1):
            if contract.metric_named(entry.metric) is None:
                what = f"metric is {shown_value(entry.metric)}, which {contract.code!r} does not have"
                accepted = "one of: " + ", ".join(contract.metric_codes)
                yield error("unknown-metric", what, accepted, Location(key=f"{table}[{place}].metric"))


def _by_code(entries: tuple[Named, ...], contract: Contract) -> tuple[Named, ...]:
    named = []
    for entry in entries:
        index = contract.metric_named(entry.metric)
        named.append(entry if index is None else replace(entry, metric=contract.metric_codes[index]))
    return tuple(named)


def _stated_twice(record: PublishedRecord) -> Iterator[Finding]:
    keys: tuple[tuple[str, Iterable[tuple[object, ...]]], ...] = (
        ("maximum", ((entry.as_published,) for entry in record.maxima)),
        ("payer", ((entry.party, entry.as_published) for entry in record.payers)),
        ("target", ((entry.metric, entry.as_published) for entry in record.targets)),
        ("results", ((entry.as_published,) for entry in record.results)),
        ("line", ((entry.metric,) for entry in record.lines)),
    )
    for table, subjects in keys:
        seen: Counter[tuple[object, ...]] = Counter()
        for place, subject in enumerate(subjects, start=1):
            seen[subject] += 1
            if seen[subject] > 1:
                said = ", ".join(f"{part:%Y-%m}" if isinstance(part, date) else str(part) for part in subject if part)
                what = f"[[{table}]] states {said} a second time"
                yield error("stated-twice", what, "one entry for each", Location(key=f"{table}[{place}]"))


def _missing_counts(record: PublishedRecord, folder: Path) -> Iterator[Finding]:
    for place, results in enumerate(record.results, start=1):
        if not (folder / results.counts).is_file():
            what = f"counts is {results.counts!r}, and there is no such file beside the record"
            yield error("no-such-file", what, "a file in the record's folder", Location(key=f"results[{place}].counts"))
