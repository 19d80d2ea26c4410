"""`sib claims chase`, `due` and `uploads`."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sib_engine.cli.store import acting, as_known_on, reading_as_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sib_engine.core.money import Currency
    from sib_engine.services.audit.place import AsKnownOn
    from sib_engine.services.claims.open_lines import Group, OpenLine
    from sib_engine.services.would_earn import Worth

_OUT = click.option("--out", type=click.Path(path_type=Path), help="Write every line to this CSV file.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

SHOWN_LINES: Final = 30


@click.command(short_help="Earned and unevidenced: what is missing, until when, for how much.")
@click.argument("contract")
@click.option("--specialist", help="Only people of this employment specialist.")
@_OUT
@_JSON
@as_known_on
@acting
def chase(
    contract: str,
    *,
    specialist: str | None,
    out: Path | None,
    as_json: bool,
    known_on: "AsKnownOn | None",
    login: str,
    database: str,
) -> None:
    """List what has been earned and lacks a record, by closing date: what is missing, and the pounds at stake.

    Providers see their own people, by reference; others see numbers.

    Example: sib claims chase two-quarters --specialist ES-01 --out chase.csv --as ada
    """
    from sib_engine.cli.printing import console, print_json, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.services.claims.chase import chase as run

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = run(session, contract, specialist=specialist, by=by, at=known.at, seq=known.seq)
    currency = found.contract.currency
    if out is not None:
        _write(out, [*found.lines, *found.too_late], currency)
    if as_json:
        print_json(found.as_dict())
        return
    to = console()
    print_text(to, f"{found.contract.name}: earned and unevidenced on {found.as_of}")
    _print_lines(found.lines, "record by", lambda line: str(line.record_by or ""), currency)
    groups = found.by_specialist()
    if len(groups) > 1:
        headings = ("employment specialist", ">outcomes", ">at stake", "first closing date")
        print_table(to, "By employment specialist", headings, _rows(groups, currency))
    print_text(to, f"at stake: {_amount(found.worth, currency)} before caps, {_outcomes(len(found.lines))}")
    if found.too_late:
        late = _amount(found.worth_too_late, currency)
        print_text(to, f"too late: {late} before caps, {_outcomes(len(found.too_late))}; the last day has passed")
        _print_lines(found.too_late, "closed on", lambda line: str(line.record_by or ""), currency)
    if out is not None:
        print_text(to, f"every line written to {out}")


@click.command(short_help="What falls due if the work lasts, by month.")
@click.argument("contract")
@_OUT
@_JSON
@as_known_on
@acting
def due(
    contract: str, *, out: Path | None, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str
) -> None:
    """List the outcomes that fall due if the job lasts, by month, with the pounds that they would earn.

    Example: sib claims due two-quarters --as ada
    """
    from sib_engine.cli.printing import console, print_json, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.services.claims.chase import falls_due

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = falls_due(session, contract, by=by, at=known.at, seq=known.seq)
    currency = found.contract.currency
    if out is not None:
        _write(out, found.lines, currency)
    if as_json:
        print_json(found.as_dict())
        return
    to = console()
    print_text(to, f"{found.contract.name}: falls due if the work lasts, as of {found.as_of}")
    headings = ("month", ">outcomes", ">would earn", "first day")
    if found.lines:
        print_table(to, "By month", headings, _rows(found.by_month(), currency))
    _print_lines(found.lines, "due on", lambda line: str(line.due_on or ""), currency)
    print_text(to, f"in all: {_amount(found.worth, currency)} before caps, {_outcomes(len(found.lines))}")
    if out is not None:
        print_text(to, f"every line written to {out}")


@click.command(short_help="What was taken in.")
@click.argument("contract")
@_JSON
@as_known_on
@acting
def uploads(contract: str, *, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str) -> None:
    """List the files that were taken in, through which mapping, by whom, and how many of their facts still stand.

    Example: sib claims uploads two-quarters --as ada
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.services.claims.uploads import list_uploads

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = list_uploads(session, contract, by=by, seq=known.seq)
    if as_json:
        print_json([each.as_dict() for each in found])
        return
    headings = (">no.", "file", "read through", "taken in", "by", "for", ">facts", ">stand")
    rows = [
        (
            str(each.number),
            each.name,
            "" if each.mapping is None else f"{each.mapping}, version {each.version}",
            f"{each.taken_in_at:%Y-%m-%d}",
            each.login,
            each.organisation,
            f"{each.n_facts:,}",
            f"{each.n_standing:,}",
        )
        for each in found
    ]
    print_table(console(), f"{len(found):,} uploads", headings, rows, drop_blank=True)


def _write(out: Path, lines: "Iterable[OpenLine]", currency: "Currency") -> None:
    from sib_engine.core.table_writer import write_table
    from sib_engine.services.claims.open_lines import HEADING

    write_table(out, HEADING, (line.cells(currency) for line in lines))


def _print_lines(
    lines: "tuple[OpenLine, ...]", heading: str, day_of: "Callable[[OpenLine], str]", currency: "Currency"
) -> None:
    from sib_engine.cli.printing import console, print_text
    from sib_engine.cli.tables import BREAK, print_table

    if not lines:
        return
    headings = (heading, "claim", "person", "specialist", "what is missing", "so far", ">worth")
    rows = [
        (
            day_of(line),
            line.claim.replace("/", f"/{BREAK}", 1),
            line.person,
            line.specialist,
            line.missing,
            line.found,
            _amount(line.worth, currency),
        )
        for line in lines[:SHOWN_LINES]
    ]
    print_table(console(), "", headings, rows, n_keys=2, drop_blank=True)
    if len(lines) > SHOWN_LINES:
        print_text(console(), f"and {len(lines) - SHOWN_LINES:,} more: --out writes them all")


def _rows(groups: "Iterable[Group]", currency: "Currency") -> list[tuple[str, ...]]:
    return [
        (each.name, f"{each.n_lines:,}", _amount(each.worth, currency), str(each.first_on or "")) for each in groups
    ]


def _amount(worth: "Worth | None", currency: "Currency") -> str:
    from sib_engine.core.money import shown

    if worth is None:
        return "no price"
    return f"{shown(worth.amount, currency)}{' ASSUMED' if worth.is_assumed else ''}"


def _outcomes(n: int) -> str:
    return f"{n:,} {'outcome' if n == 1 else 'outcomes'}"
