"""Time and memory of looking through uploaded files: previews of 50,000 rows with every error, and a million rows.

Run: python scripts/bench_intake.py [--million]

Each file is made up here and read in a process of its own. Reported are the seconds it took, by the clock and of the
processor (one thread does the work: on an idle machine they are the same, and the target is held against the latter),
the most memory that the process held (Linux), and what was found. Beside the previews stands how long it takes to
unpack and parse the same workbook's XML and keep nothing, so that a slow machine can be told from slow code.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final
from xml.parsers import expat

from sib_engine.outcomes.facts_file import COLUMNS
from sib_engine.outcomes.intake.mapping import Codes, FactRule, Mapping, Source
from sib_engine.outcomes.intake.preview import preview, understood
from sib_engine.terms import library
from sib_engine.terms.load import load

N_ROWS: Final = 50_000
MILLION: Final = 1_000_000
TARGET_SECONDS: Final = 5.0
FIRST_DAY: Final = date(2021, 1, 4)
DAY_STYLE: Final = 1
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"

Cell = str | int | date | None


def facts(n_rows: int, *, wrong: bool) -> Iterator[list[Cell]]:
    """Yield a heading and rows of facts; with ``wrong`` every row has a mistake in its date or its person."""
    names = [column.name for column in COLUMNS]
    yield list(names)
    for number in range(n_rows):
        kind = number % 5
        on: Cell = FIRST_DAY + timedelta(days=number % 900)
        cells: dict[str, Cell] = {"person": f"P{number // 5:07d}", "site": "enfield", "recorded_on": on}
        cells["fact"] = ("referral", "appointment", "vocational profile", "employment", "evidence")[kind]
        if cells["fact"] == "employment":
            cells |= {"job": "J1", "hours": 18, "competitive": "yes", "detail": f"Employer {number % 300}"}
        if cells["fact"] == "evidence":
            cells |= {"detail": "payslip", "metric": "sustained_16_plus", "held": "held"}
        if wrong and kind % 2:
            cells["recorded_on"] = f"{number % 12 + 1:02d}/{number % 9 + 1:02d}/20{number % 70 + 10}"
        elif wrong:
            cells["person"] = f"person{number}@example.org"
        yield [on if name == "on" else cells.get(name) for name in names]


def tracker(n_rows: int) -> Iterator[list[Cell]]:
    """Yield a heading and one row a person, a third of them with something that the mapping does not explain."""
    yield [
        "Client ID",
        "Referred",
        "First appointment",
        "Job start",
        "Job end",
        "Hours",
        "Employer",
        "13 week evidence",
    ]
    for number in range(n_rows):
        day = FIRST_DAY + timedelta(days=number % 900)
        hours = ("FT", "PT", "zero hours")[number % 3]
        later = [day + timedelta(days=days) for days in (14, 60, 200, 160)]
        yield [
            f"C{number:06d}",
            f"{day:%d/%m/%Y}",
            later[0],
            later[1],
            later[2],
            hours,
            f"Firm {number % 300}",
            later[3],
        ]


def mapping() -> Mapping:
    """Return the mapping of the tracker."""
    job = {"on": Source("Job start"), "until": Source("Job end"), "hours": Source("Hours", codes="hours")}
    rules: list[dict[str, Source]] = [
        {"fact": Source(constant="referral"), "on": Source("Referred")},
        {"fact": Source(constant="appointment"), "on": Source("First appointment")},
        {
            "fact": Source(constant="employment"),
            **job,
            "competitive": Source(constant="yes"),
            "detail": Source("Employer"),
        },
        {"fact": Source(constant="evidence"), "on": Source("13 week evidence"), "detail": Source(constant="payslip")},
    ]
    return Mapping(
        name="benchmark",
        contract="mhep/enfield",
        facts=tuple(FactRule(cells) for cells in rules),
        every={"person": Source("Client ID"), "site": Source(constant="enfield")},
        codes={"hours": Codes({"FT": "16", "PT": "12"})},
        dates=("dd/mm/yyyy",),
    )


def write_workbook(path: Path, rows: Iterator[list[Cell]]) -> None:
    """Write a workbook as a spreadsheet would: shared texts, dates as numbers with a format."""
    places: dict[str, int] = {}
    letters = [chr(65 + at) for at in range(26)]

    def cell(at: int, number: int, value: Cell) -> str:
        reference = f"{letters[at]}{number}"
        if isinstance(value, date):
            return f'<c r="{reference}" s="{DAY_STYLE}"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        if isinstance(value, int):
            return f'<c r="{reference}"><v>{value}</v></c>'
        return f'<c r="{reference}" t="s"><v>{places.setdefault(str(value), len(places))}</v></c>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows, start=1):
                cells = "".join(cell(at, number, value) for at, value in enumerate(row) if value is not None)
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{text}</t></si>" for text in places)
        book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')
        formats = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        book.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{formats}</styleSheet>')
        targets = "".join(
            f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>'
            for kind, target in (
                ("worksheet", "worksheets/sheet1.xml"),
                ("styles", "styles.xml"),
                ("sharedStrings", "sharedStrings.xml"),
            )
        )
        relations = f'<Relationships xmlns="{PACKAGE}/relationships">{targets}</Relationships>'
        book.writestr("xl/_rels/workbook.xml.rels", relations)
        sheets = '<sheets><sheet name="Facts" sheetId="1" r:id="worksheet"/></sheets>'
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>')
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        override = f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
        book.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types">{override}</Types>')


def write_text(path: Path, rows: Iterator[list[Cell]]) -> None:
    """Write the same rows as a text table."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def look(path: Path, *, is_tracker: bool) -> str:
    """Preview a file and return what was found."""
    contract = load(library.find("mhep/enfield")).contract
    if contract is None:
        message = "the contract of the benchmark cannot be loaded"
        raise RuntimeError(message)
    found = understood(mapping(), path, contract) if is_tracker else preview(path, contract)
    n_errors = sum(finding.severity == "error" for finding in found.findings)
    return (
        f"{found.n_rows:>9,} rows  {sum(kind.n_facts for kind in found.kinds):>9,} facts  {n_errors:>7,} errors listed"
    )


def only_parsed(path: Path) -> str:
    """Unpack and parse a workbook's sheet, and do nothing with it."""
    with zipfile.ZipFile(path) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = lambda _name, _attributes: None
        parser.EndElementHandler = parser.CharacterDataHandler = lambda _text: None
        parser.ParseFile(sheet)
    return "parsed, nothing kept"


def measured(work: Callable[[], str]) -> tuple[float, float, float, str]:
    """Return seconds by the clock and of the processor, MiB at most, and the answer of work in its own process."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_run, args=(work, there))
    child.start()
    seconds, of_processor, answer = here.recv()
    mib = here.recv()
    child.join()
    return seconds, of_processor, mib, answer


def reported(name: str, work: Callable[[], str]) -> float:
    """Measure some work, print one line about it, and return the seconds of the processor."""
    seconds, of_processor, mib, answer = measured(work)
    print(f"{name:<28} {seconds:6.2f} s ({of_processor:5.2f} s)  {mib:5.0f} MiB  {answer}", flush=True)
    return of_processor


def _run(work: Callable[[], str], out: Connection) -> None:
    before = _peak_mib()
    start, of_processor = time.perf_counter(), time.process_time()
    answer = work()
    out.send((time.perf_counter() - start, time.process_time() - of_processor, answer))
    out.send(max(_peak_mib(), before))


def _peak_mib() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = status.read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> int:
    """Run the benchmark; exit 1 where a preview of 50,000 rows takes longer than its target."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--million", action="store_true", help="read a million rows too (a minute or so)")
    with_million = options.parse_args().million
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        clean, wrong, text, wide = (
            Path(folder) / name for name in ("clean.xlsx", "wrong.xlsx", "wrong.csv", "wide.xlsx")
        )
        write_workbook(clean, facts(N_ROWS, wrong=False))
        write_workbook(wrong, facts(N_ROWS, wrong=True))
        write_text(text, facts(N_ROWS, wrong=True))
        write_workbook(wide, tracker(N_ROWS))
        cases: list[tuple[str, Callable[[], str]]] = [
            ("workbook, XML only", lambda: only_parsed(clean)),
            ("workbook, sound", lambda: look(clean, is_tracker=False)),
            ("workbook, a mistake a row", lambda: look(wrong, is_tracker=False)),
            ("text, a mistake a row", lambda: look(text, is_tracker=False)),
            ("tracker, four facts a row", lambda: look(wide, is_tracker=True)),
        ]
        for name, work in cases:
            slow |= reported(name, work) > TARGET_SECONDS
        if with_million:
            million = Path(folder) / "million.xlsx"
            write_workbook(million, facts(MILLION, wrong=False))
            print(f"a million rows: {million.stat().st_size / 2**20:.0f} MiB on disk", flush=True)
            reported("workbook, a million rows", lambda: look(million, is_tracker=False))
    print(f"target for 50,000 rows: {TARGET_SECONDS:g} s: {'missed' if slow else 'met'}")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
