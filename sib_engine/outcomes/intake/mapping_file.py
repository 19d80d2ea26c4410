"""Read a mapping file, strictly: everything that is wrong with it at once, by key path."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sib_engine.core.findings import Finding, Location, did_you_mean, error, has_errors
from sib_engine.core.personal import shown
from sib_engine.outcomes.facts_file import COLUMNS
from sib_engine.outcomes.intake.date_formats import DATE_FORMATS
from sib_engine.outcomes.intake.mapping import DATE_COLUMNS, FORMAT, Codes, FactRule, Others, Source, When, plain_code
from sib_engine.outcomes.intake.mapping import Mapping as SavedMapping

MAX_FILE_BYTES: Final = 1 << 20
MAX_RULES: Final = 100
MAX_CODES: Final = 5_000
MAX_TEXT: Final = 500
MAX_HEADING_ROW: Final = 100

_PLAIN_FORMATS: Final = len(DATE_FORMATS) // 2
_KEYS: Final = (
    "mapping", "revision", "name", "contract", "sheet", "heading_row", "dates", "every", "facts", "codes",
)  # fmt: skip
_FACT_COLUMNS: Final = tuple(column.name for column in COLUMNS)
_SOURCE: Final = 'such as {"column": "Job start"} or {"constant": "yes"}'


def read_mapping(path: Path) -> tuple[SavedMapping | None, tuple[Finding, ...]]:
    """Return the mapping in a file, None where any finding is an error; and the findings."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as problem:
        what = f"the file cannot be read: {(problem.strerror or 'unknown').lower()}"
        return None, (error("file-not-readable", what, at=Location(file=str(path))),)
    mapping, findings = mapping_of(content)
    return mapping, tuple(finding.in_file(str(path)) for finding in findings)


def mapping_of(content: bytes) -> tuple[SavedMapping | None, tuple[Finding, ...]]:
    """Return the mapping in the bytes of a file, None where any finding is an error; and the findings."""
    if len(content) > MAX_FILE_BYTES:
        return None, (error("file-too-large", "the mapping is too large", f"at most {MAX_FILE_BYTES:,} bytes"),)
    try:
        document = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except _TwiceError as problem:
        return None, (error("key-twice", str(problem), "each key once"),)
    except (ValueError, RecursionError) as problem:
        return None, (error("not-json", f"the mapping is no JSON: {problem}"[:200], "a JSON object"),)
    if not isinstance(document, dict):
        return None, (error("wrong-type", "the mapping is no JSON object", '{"mapping": 1, ...}'),)
    reader = _Reader()
    mapping = reader.mapping(document)
    findings = tuple(reader.findings)
    return None if has_errors(findings) else mapping, findings


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        message = f"the key {next(name for name in names if names.count(name) > 1)!r} stands twice in one object"
        raise _TwiceError(message)
    return found


def _no_constant(name: str) -> object:
    message = f"{name} is no number"
    raise ValueError(message)


class _Reader:
    """Turns plain values into a mapping, and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def mapping(self, document: Mapping[str, Any]) -> SavedMapping:
        if document.get("proposed"):
            what = "this is only a proposal: nobody has said that the columns mean what they seem to mean"
            self._error(
                "mapping-proposed", what, "the file looked through, `proposed` and `reasons` taken out", "proposed"
            )
        self._unknown(document, (*_KEYS, "proposed", "reasons"), "")
        if document.get("mapping") != FORMAT:
            what = f"{document.get('mapping')!r} is no version of the mapping format that is known here"
            self._error("format-unknown", what, str(FORMAT), "mapping")
        dates = self._dates(document.get("dates", []), "dates")
        codes = self._codes(document.get("codes", {}))
        every = self._cells(document.get("every", {}), "every", codes)
        rules = document.get("facts", [])
        if not isinstance(rules, list) or not 1 <= len(rules) <= MAX_RULES:
            self._error("wrong-type", "there are no facts", f"a list of 1 to {MAX_RULES} facts", "facts")
            rules = []
        facts = tuple(self._rule(rule, f"facts[{place}]", codes) for place, rule in enumerate(rules))
        mapping = SavedMapping(
            name=self._text(document, "name", required=True),
            contract=self._text(document, "contract", required=True),
            facts=facts,
            every=every,
            codes=codes,
            dates=dates,
            sheet=self._text(document, "sheet"),
            heading_row=self._number(document, "heading_row", MAX_HEADING_ROW),
            revision=self._number(document, "revision", 1_000_000),
        )
        self._check_rules(mapping)
        return mapping

    def _check_rules(self, mapping: SavedMapping) -> None:
        """Note what a fact cannot do without, and dates whose form nobody has declared."""
        undeclared: dict[str, None] = {}
        for place, rule in enumerate(mapping.rules()):
            path = f"facts[{place}]"
            for name in ("person", "fact", "on"):
                if name not in rule.cells:
                    self._error("source-missing", f"nothing feeds {name!r}", _SOURCE, f"{path}.{name}")
            for name in ("person", "on"):
                if rule.cells.get(name, Source(column="x")).constant:
                    what = f"{name!r} would be the same in every row"
                    self._error("constant-unfit", what, "a column of the tracker", f"{path}.{name}")
            for name in DATE_COLUMNS:
                source = rule.cells.get(name)
                if source is not None and source.column and not (source.dates or mapping.dates):
                    undeclared[source.column] = None
        if undeclared and not any(finding.at.key == "dates" for finding in self.findings):
            what = f"nobody has said how dates are written in {_listed(map(repr, undeclared))}"
            self._error("dates-undeclared", what, f"one or more of {_listed(DATE_FORMATS[:_PLAIN_FORMATS])}", "dates")

    def _rule(self, value: object, path: str, codes: Mapping[str, Codes]) -> FactRule:
        table = self._table(value, path)
        when = self._when(table.get("when"), f"{path}.when") if "when" in table else None
        cells = {key: inner for key, inner in table.items() if key != "when"}
        return FactRule(self._cells(cells, path, codes), when)

    def _when(self, value: object, path: str) -> When:
        table = self._table(value, path)
        self._unknown(table, ("column", "is"), path)
        texts = self._texts(table.get("is"), f"{path}.is")
        return When(" ".join(self._text(table, "column", path, required=True).split()), texts)

    def _cells(self, value: object, path: str, codes: Mapping[str, Codes]) -> dict[str, Source]:
        table = self._table(value, path)
        self._unknown(table, _FACT_COLUMNS, path)
        return {
            name: self._source(inner, name, f"{path}.{name}", codes)
            for name, inner in table.items()
            if name in _FACT_COLUMNS
        }

    def _source(self, value: object, name: str, path: str, codes: Mapping[str, Codes]) -> Source:
        table = self._table(value, path)
        self._unknown(table, ("column", "constant", "codes", "dates"), path)
        n_findings = len(self.findings)
        column = " ".join(self._text(table, "column", path).split())
        constant = self._text(table, "constant", path)
        is_sound = isinstance(value, dict) and len(self.findings) == n_findings
        if is_sound and bool(column) == bool(constant):
            self._error("source-unclear", "a cell is fed by a column or by a constant, one of them", _SOURCE, path)
        named = self._text(table, "codes", path)
        if named and named not in codes:
            what = f"there is no table of codes {named!r}{did_you_mean(named, codes)}"
            self._error("codes-missing", what, _listed(codes) or "a table under `codes`", f"{path}.codes")
        dates = self._dates(table.get("dates", []), f"{path}.dates")
        if dates and name not in DATE_COLUMNS:
            what = f"{name!r} holds no date"
            self._error("source-unclear", what, f"`dates` for {_listed(DATE_COLUMNS)} only", f"{path}.dates")
        return Source(column, constant, named, dates)

    def _codes(self, value: object) -> dict[str, Codes]:
        found: dict[str, Codes] = {}
        for name, inner in self._table(value, "codes").items():
            path = f"codes.{name}"
            table = self._table(inner, path)
            self._unknown(table, ("means", "others"), path)
            means = self._table(table.get("means"), f"{path}.means")
            if len(means) > MAX_CODES:
                self._error("too-many-codes", f"{len(means):,} codes", f"at most {MAX_CODES:,}", path)
            others = table.get("others", Others.REFUSED.value)
            if others not in set(Others):
                self._error("choice-unknown", f"{shown(str(others))} is not known", _listed(Others), f"{path}.others")
                others = Others.REFUSED
            said = {" ".join(code.split()): self._text(means, code, f"{path}.means") for code in means}
            if len({plain_code(code) for code in means}) < len(means):
                self._error("key-twice", "two codes differ only in capitals or spaces", "each code once", path)
            found[name] = Codes(said, Others(others))
        return found

    def _dates(self, value: object, path: str) -> tuple[str, ...]:
        texts = self._texts(value, path, may_be_empty=True)
        for text in texts:
            if text not in DATE_FORMATS:
                near = did_you_mean(text, DATE_FORMATS)
                self._error("choice-unknown", f"{shown(text)} is no form of a date{near}", _listed(DATE_FORMATS), path)
        orders = {text.removesuffix(" hh:mm")[:2] for text in texts if "/" in text and text[0] in "dm"}
        if {"dd", "mm"} <= orders:
            what = "day first and month first are both declared: 04/05/2020 would be guessed"
            self._error("dates-unclear", what, "one of them; `dates` for a column where it differs", path)
        return tuple(text for text in texts if text in DATE_FORMATS)

    def _texts(self, value: object, path: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        if (
            not isinstance(value, list)
            or not (value or may_be_empty)
            or not all(isinstance(text, str) for text in value)
        ):
            self._error("wrong-type", f"{shown(str(value))} is no list of texts", '["Y", "Yes"]', path)
            return ()
        return tuple(value)

    def _table(self, value: object, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._error("wrong-type", f"{shown(str(value))} is no JSON object", _SOURCE, path)
            return {}
        return value

    def _text(self, table: Mapping[str, Any], key: str, path: str = "", *, required: bool = False) -> str:
        value = table.get(key, "")
        at = f"{path}.{key}".lstrip(".")
        is_text = isinstance(value, str) and len(value) <= MAX_TEXT and (value.isprintable() or key == "column")
        if not is_text or "\0" in value:
            self._error("wrong-type", f"{shown(str(value))} is no text", f"a text of at most {MAX_TEXT} characters", at)
            return ""
        if required and not value.strip():
            self._error("key-missing", f"{key!r} is missing", "a text", at)
        return str(value).strip()

    def _number(self, table: Mapping[str, Any], key: str, most: int) -> int:
        value = table.get(key, 1)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self._error(
                "wrong-type", f"{shown(str(value))} is no such number", f"a whole number from 1 to {most:,}", key
            )
            return 1
        return value

    def _unknown(self, table: Mapping[str, Any], known: Sequence[str], path: str) -> None:
        for key in table:
            if key not in known:
                what = f"the key {shown(key)} is not known{did_you_mean(key, known)}"
                self._error("key-unknown", what, _listed(known), f"{path}.{key}".lstrip("."))

    def _error(self, rule: str, what: str, accepted: str, path: str) -> None:
        self.findings.append(error(rule, what, accepted, Location(key=path)))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
