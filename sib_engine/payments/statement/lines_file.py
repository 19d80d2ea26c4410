"""Statement lines as a CSV file: what one statement writes and every later one reads.

One line a row: the fields of a stated line, then two columns for each payer, ``shared ID`` and ``pays ID``.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from sib_engine.core.dates import parse_date
from sib_engine.core.errors import RefusedError
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Finding
from sib_engine.core.money import Currency, parse_amount, plain
from sib_engine.core.personal import shown
from sib_engine.core.table_writer import table_bytes
from sib_engine.core.tabular import Column, Table, read_table
from sib_engine.core.whole_files import write_together
from sib_engine.payments.payers.shares import payer_axis
from sib_engine.payments.statement.lines import LineKind, StatedLine, digest_of_lines
from sib_engine.terms.contract import Contract

FIELDS: Final = (
    "contract",
    "statement",
    "period",
    "known_on",
    "own_period",
    "kind",
    "row",
    "metric",
    "site",
    "group",
    "achieved_on",
    "count",
    "tariff",
    "price",
    "share",
    "earned",
    "payable",
    "assumed",
    "terms",
    "kernel",
    "digest",
)
MEASURED: Final = "measured"
"""The column of measured results, in files of contracts that have scales."""

LATER: Final = ("why", "follows")
"""Columns that are written where any line has something in them; files from before there were any lack them."""

T = TypeVar("T")


def payer_columns(payers: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the payers' columns."""
    return (*(f"shared {payer}" for payer in payers), *(f"pays {payer}" for payer in payers))


def write_lines(path: Path, contract: Contract, lines: Iterable[StatedLine]) -> None:
    """Write the lines of one statement to a new file, whole or not at all, each with the digest over all of them.

    Raises:
        RefusedError: If the file is there already: what was stated is never written over.
    """
    refuse_written_over(path)
    write_together({path: lines_bytes(contract, lines)})


def refuse_written_over(path: Path) -> None:
    """Refuse a place where there is a file already: what was stated is never written over.

    Raises:
        RefusedError: If there is one.
    """
    if path.is_file():
        message = f"{path.name} is there already, and a statement is never written over; choose another name"
        raise RefusedError(message)


def lines_bytes(contract: Contract, lines: Iterable[StatedLine]) -> bytes:
    """Return the file that :func:`write_lines` writes."""
    kept = tuple(lines)
    later = [name for name in LATER if any(getattr(line, name) for line in kept)]
    heading = (*FIELDS, *_measured_columns(contract), *payer_columns(payer_axis(contract)), *later)
    digest = digest_of_lines(kept)
    return table_bytes(heading, (_cells(contract, line, digest, later) for line in kept))


def _cells(contract: Contract, line: StatedLine, digest: str, later: Sequence[str]) -> list[str]:
    currency = contract.currency
    return [
        contract.code,
        str(line.statement),
        line.period,
        line.known_on.isoformat(),
        line.own_period,
        line.kind.value,
        line.row,
        line.metric,
        line.site,
        line.group,
        line.achieved_on.isoformat() if line.achieved_on else "",
        str(line.count),
        line.tariff,
        line.price,
        line.share,
        plain(line.earned, currency),
        plain(line.payable, currency),
        "yes" if line.is_assumed else "no",
        line.terms,
        line.kernel,
        digest,
        *(line.measured for _ in _measured_columns(contract)),
        *(plain(amount, currency) for amount in (*line.shared, *line.pays)),
        *(getattr(line, name) for name in later),
    ]


def _measured_columns(contract: Contract) -> tuple[str, ...]:
    return (MEASURED,) if contract.scales else ()


def read_lines(path: Path, contract: Contract) -> tuple[tuple[StatedLine, ...], tuple[Finding, ...]]:
    """Return the lines of a file that earlier statements wrote, in file order; none where there are errors."""
    payers = payer_axis(contract)
    names = (*FIELDS, MEASURED, *LATER, *payer_columns(payers))
    columns = [Column(name, required=name in FIELDS) for name in names]
    table, log = read_table(path, columns)
    if table is None or log.has_errors:
        return (), log.findings()
    reader = _Reader(contract, payers, table, log)
    lines = tuple(reader.line(place) for place in range(len(table)))
    if not log.has_errors:
        reader.check_whole(lines)
    return (() if log.has_errors else lines), log.findings()


class _Reader:
    """Reads the cells of one table; what it cannot read becomes a finding and a harmless value."""

    def __init__(self, contract: Contract, payers: tuple[str, ...], table: Table, log: FindingLog) -> None:
        self._contract = contract
        self._payers = payers
        self._log = log
        self._rows = table.numbers.tolist()
        names = (*FIELDS, MEASURED, *LATER, *payer_columns(payers))
        self._texts = {name: table.column(name).texts() for name in names}
        self._missing = [name for name in payer_columns(payers) if not table.has(name)]
        self._shares = frozenset(share.id for share in contract.shares)

    def line(self, place: int) -> StatedLine:
        """Return the line at a position of the table."""
        texts = {name: column[place] for name, column in self._texts.items()}
        kind = self._read(place, "kind", LineKind, "one of: " + ", ".join(LineKind), LineKind.OUTCOME)
        is_of_a_row = kind not in {LineKind.CARRIED, LineKind.NOTHING}
        self._check_belongs(place, texts, is_of_a_row=is_of_a_row)
        line = StatedLine(
            statement=self._read(place, "statement", _number, "a statement number from 1", 1),
            period=texts["period"],
            known_on=self._read(place, "known_on", parse_date, "a date such as 2020-06-30", self._contract.start),
            own_period=texts["own_period"],
            kind=kind,
            row=texts["row"],
            metric=texts["metric"],
            site=texts["site"],
            group=texts["group"],
            achieved_on=self._read(place, "achieved_on", _day, "a date such as 2020-04-30, or blank", None),
            count=self._read(place, "count", _count, "a whole number", 0),
            tariff=texts["tariff"],
            price=texts["price"],
            share=texts["share"],
            earned=self._amount(place, "earned"),
            payable=self._amount(place, "payable"),
            payers=self._payers,
            shared=tuple(self._amount(place, f"shared {payer}") for payer in self._payers),
            pays=tuple(self._amount(place, f"pays {payer}") for payer in self._payers),
            is_assumed=self._read(place, "assumed", _yes, "yes or no", empty=False),
            terms=texts["terms"],
            kernel=texts["kernel"],
            measured=texts[MEASURED],
            why=texts["why"],
            follows=texts["follows"],
        )
        if is_of_a_row and sum(line.shared) != line.payable:
            what = "the payers' shared parts do not add up to payable"
            self._say(place, "payable", Said("parts-do-not-add-up", what, "the line as the statement wrote it"))
        return line

    def check_whole(self, lines: Sequence[StatedLine]) -> None:
        """Note each statement whose lines are not, one and all, those that were written."""
        by_number: dict[int, list[int]] = {}
        for place, line in enumerate(lines):
            by_number.setdefault(line.statement, []).append(place)
        for number, places in by_number.items():
            digest = digest_of_lines(lines[place] for place in places)
            if {self._texts["digest"][place] for place in places} != {digest}:
                what = f"the lines of statement {number} are not those that were written: one was edited, lost or added"
                if self._missing:
                    what = f"{what}; the file has no column {' and none '.join(map(shown, self._missing))}"
                self._say(places[0], "digest", Said("statement-changed", what, "the file as the statement wrote it"))

    def _check_belongs(self, place: int, texts: dict[str, str], *, is_of_a_row: bool) -> None:
        if texts["contract"] != self._contract.code:
            what = f"the line is of contract {shown(texts['contract'])}"
            self._say(place, "contract", Said("other-contract", what, f"lines of {self._contract.code}"))
        if is_of_a_row and not texts["row"]:
            self._say(place, "row", Said("missing-value", "row is blank", "the id of the stated outcome"))
        if is_of_a_row and texts["share"] not in self._shares:
            what = f"share {shown(texts['share'])} is no clause of the contract"
            self._say(place, "share", Said("unknown-share", what, "one of: " + ", ".join(sorted(self._shares))))
        if is_of_a_row and texts["metric"] not in {"", *self._contract.metric_codes}:
            accepted = "one of: " + ", ".join(self._contract.metric_codes)
            self._say(
                place, "metric", Said("unknown-metric", f"metric {shown(texts['metric'])} is not known", accepted)
            )
        try:
            self._contract.periods.find(texts["period"])
        except ValueError as wrong:
            self._say(place, "period", Said("not-a-period", str(wrong), "a period label such as 2020-Q2"))

    def _amount(self, place: int, column: str) -> int:
        currency: Currency = self._contract.currency
        if column not in FIELDS and not self._texts[column][place]:
            return 0  # a payer that the contract did not have when the statement was drawn up

        def amount(text: str) -> int:
            return parse_amount(text, currency)

        return self._read(place, column, amount, f"an amount such as 1234.50 ({currency.code})", 0)

    def _read(self, place: int, column: str, parse: Callable[[str], T], accepted: str, empty: T) -> T:
        text = self._texts[column][place]
        try:
            return parse(text)
        except ValueError:
            self._say(place, column, Said("not-readable", f"{column} is {shown(text)}", accepted))
            return empty

    def _say(self, place: int, column: str, said: Said) -> None:
        self._log.error(said, row=self._rows[place], column=column)


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        message = f"{text!r} is no number from 1"
        raise ValueError(message)
    return number


def _count(text: str) -> int:
    if not text.removeprefix("-").isdigit() or not text.isascii():
        message = f"{text!r} is no whole number"
        raise ValueError(message)
    return int(text)


def _day(text: str) -> date | None:
    return parse_date(text) if text else None


def _yes(text: str) -> bool:
    if text not in {"yes", "no"}:
        message = f"{text!r} is neither yes nor no"
        raise ValueError(message)
    return text == "yes"


def in_order(files: Iterable[Sequence[StatedLine]]) -> tuple[StatedLine, ...]:
    """Return the lines of several files, oldest statement first; lines of one statement keep their order."""
    lines = [line for file in files for line in file]
    return tuple(sorted(lines, key=lambda line: line.statement))
