"""Caps, minimums and what is left of them, as part of a statement's document."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from evaluation.report.blocks import Block, Column, KeyFigure, Kind, Row, Section
from evaluation.report.document import Source
from evaluation.report.values import Cited, Inline, Money, Share
from sib_engine.documents.clause_sources import clauses_by_id, source_of
from sib_engine.documents.printed_values import money_column, printed_currency, table
from sib_engine.documents.statement_figures import StatementFigures
from sib_engine.payments.statement.headroom import Headroom
from sib_engine.terms.plain_words import percentage

WHOLE: Final = "the contract"
"""Scope of a cap that has one limit for the whole contract."""


def limits_section(figures: StatementFigures) -> tuple[tuple[Section, ...], tuple[Source, ...]]:
    """Return the section of caps and minimums, and the sources it cites; none of either where the contract has none."""
    blocks = (*_caps(figures), *_minimums(figures))
    if not blocks:
        return (), ()
    clauses = clauses_by_id(figures.contract)
    names = dict.fromkeys((*(cap.cap for cap in figures.headroom), *(each.minimum for each in figures.minimums)))
    sources = tuple(source_of(clauses[name]) for name in names if name in clauses)
    return (Section("Caps and headroom", blocks),), sources


def shown_headroom(figures: StatementFigures) -> Iterator[KeyFigure]:
    """Yield the headroom of the cap on the whole contract, where there is one."""
    currency = printed_currency(figures.contract.currency)
    least = contract_headroom(figures.headroom)
    if least is not None:
        cap = next(cap.cap for cap in figures.headroom if cap.scope == WHOLE and headroom_left(cap) == least)
        yield KeyFigure("Headroom", Money(least, currency), f"left under {cap}")


def contract_headroom(caps: Iterable[Headroom]) -> int | None:
    """Return what is left of the cap on the whole contract, minor units; None where there is none."""
    whole = [left for cap in caps if cap.scope == WHOLE and (left := headroom_left(cap)) is not None]
    return min(whole, default=None)


def headroom_left(cap: Headroom) -> int | None:
    """Return what is left of a cap, minor units; None where it has many limits, or none in money."""
    return None if cap.limit is None or cap.used is None else max(cap.limit - cap.used, 0)


def _caps(figures: StatementFigures) -> Iterator[Block]:
    if not figures.headroom:
        return
    currency, clauses = printed_currency(figures.contract.currency), clauses_by_id(figures.contract)

    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, currency)

    def row(cap: Headroom) -> Row:
        used = None if not cap.limit or cap.used is None else Share(Fraction(cap.used, cap.limit))
        limit: Inline = money(cap.limit) or limit_words(cap)
        name = Cited(cap.cap, (cap.cap,)) if cap.cap in clauses else cap.cap
        cells = (name, cap.scope, limit, money(cap.used), used, money(headroom_left(cap)), money(cap.taken))
        is_assumed = cap.cap in clauses and clauses[cap.cap].provenance.assumes("limit")
        return Row(cells, is_assumed=is_assumed)

    columns = (
        Column("Cap"),
        Column("One limit for"),
        money_column("Limit", figures.contract.currency),
        money_column("Used", figures.contract.currency),
        Column("Used", Kind.SHARE),
        money_column("Headroom", figures.contract.currency),
        money_column("Cut", figures.contract.currency),
    )
    is_open = any(cap.used is None for cap in figures.headroom)
    many = (
        "A cap with a limit for each person, period or the like has no one headroom, nor has one that was replaced;"
        " what it cut is added up."
    )
    yield table("Caps to date", columns, map(row, figures.headroom), notes=(many,) if is_open else ())


def limit_words(cap: Headroom) -> str:
    """Return the limit of a cap that has none in money: a share of outcomes."""
    share = "" if cap.share is None else percentage(cap.share)
    return f"{share} of {', '.join(cap.of) or 'outcomes'}"


def _minimums(figures: StatementFigures) -> Iterator[Block]:
    if not figures.minimums:
        return
    currency, clauses = printed_currency(figures.contract.currency), clauses_by_id(figures.contract)
    rows = [
        Row(
            (
                Cited(each.minimum, (each.minimum,)) if each.minimum in clauses else each.minimum,
                each.words,
                percentage(each.pays_below),
                Money(each.withheld, currency),
            )
        )
        for each in figures.minimums
    ]
    columns = (
        Column("Minimum"),
        Column("Asks for at least"),
        Column("Pays below"),
        money_column("Withheld", figures.contract.currency),
    )
    yield table("Minimums to date", columns, rows)
