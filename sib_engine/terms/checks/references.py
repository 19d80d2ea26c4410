"""Names that resolve to nothing: metrics, sites, parties, amendments and clauses that no clause declares."""

from collections.abc import Iterator
from typing import Final

from sib_engine.core.findings import Finding, Location, did_you_mean, error
from sib_engine.terms.checks.outline import Kind, Link, Outline
from sib_engine.terms.format.problems import shown_value

MAX_LISTED: Final = 20
MAX_SUGGESTED: Final = 50
"""Comparing names takes time; nobody mistypes more of them than this."""

_DECLARED_AS: Final = {
    Kind.METRIC: "a metric declared as [metric.CODE]",
    Kind.SITE: "a site declared as [site.CODE]",
    Kind.PARTY: "the id of a [[party]]",
    Kind.PAYER: "the id of a [[party]] that is an outcomes_payer or a top_up_funder",
    Kind.AMENDMENT: "the id of an [[amendment]]",
    Kind.CLAUSE: "the id of a clause",
    Kind.INDEX: "the id of an [[index]]",
}


def check_names(outline: Outline) -> Iterator[Finding]:
    """Yield each name that a clause refers to and none declares, or that stands for a party that does not pay."""
    declared = {kind: dict.fromkeys(outline.named(kind)) for kind in Kind}
    n_found = 0
    for link in outline.links:
        if link.name in declared[link.kind] or link.kind not in outline.complete:
            continue
        n_found += 1
        choices = tuple(declared[link.kind]) if n_found <= MAX_SUGGESTED else ()
        is_party = link.kind is Kind.PAYER and link.name in declared[Kind.PARTY]
        yield _not_a_payer(link, choices) if is_party else _unknown(link, choices)


def _unknown(link: Link, choices: tuple[str, ...]) -> Finding:
    what = f"no {link.kind} is called {shown_value(link.name)}"
    return error(f"unknown-{link.kind}", what, _accepted(link, choices), Location(key=link.key))


def _not_a_payer(link: Link, choices: tuple[str, ...]) -> Finding:
    what = f"party {link.name!r} does not pay"
    return error("not-a-payer", what, _accepted(link, choices), Location(key=link.key))


def _accepted(link: Link, choices: tuple[str, ...]) -> str:
    if not choices:
        return _DECLARED_AS[link.kind]
    listed = ", ".join(choices[:MAX_LISTED]) + (", ..." if len(choices) > MAX_LISTED else "")
    return f"{_DECLARED_AS[link.kind]}: {listed}{did_you_mean(link.name, choices)}"
