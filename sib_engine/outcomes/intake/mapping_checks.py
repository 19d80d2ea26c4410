"""A mapping held against the contract that it is for: constants and codes that the contract does not know."""

from collections.abc import Iterable, Iterator

from sib_engine.core.findings import Finding, Location, Severity, did_you_mean, error
from sib_engine.core.personal import looks_personal, shown
from sib_engine.outcomes.facts import FactName
from sib_engine.outcomes.facts_checks.terms import known_documents, known_facts, known_metrics
from sib_engine.outcomes.intake.mapping import FactRule, Mapping
from sib_engine.terms.contract import Contract


def check_mapping(mapping: Mapping, contract: Contract) -> tuple[Finding, ...]:
    """Return what a mapping says that the contract does not know, each once.

    A site or metric that is not the contract's is an error; a fact or a kind of document that it does not
    know is a warning, as it is in a file of facts.
    """
    found: list[Finding] = []
    for place, rule in enumerate(mapping.rules()):
        found += _unknown(place, rule, mapping, contract)
        found += _personal(place, rule)
    return tuple(dict.fromkeys(found))


def _unknown(place: int, rule: FactRule, mapping: Mapping, contract: Contract) -> Iterator[Finding]:
    facts = [text for text, _ in _texts(place, rule, mapping, "fact")]
    is_evidence = any(_is_among(text, (FactName.EVIDENCE,)) for text in facts)
    known = (
        ("fact", "fact", Severity.WARNING, known_facts(contract)),
        ("detail", "kind of evidence", Severity.WARNING, known_documents(contract) if is_evidence else ()),
        ("metric", "metric", Severity.ERROR, known_metrics(contract)),
        ("site", "site", Severity.ERROR, contract.site_codes),
    )
    for column, noun, severity, accepted in known:
        for text, at in _texts(place, rule, mapping, column) if accepted else ():
            if not _is_among(text, accepted):
                what = f"{shown(text)} is no {noun} of this contract{did_you_mean(text, accepted)}"
                yield Finding(severity, f"{noun.split(maxsplit=1)[0]}-unknown", what, ", ".join(accepted), at)


def _personal(place: int, rule: FactRule) -> Iterator[Finding]:
    for column, source in rule.cells.items():
        kind = looks_personal(source.constant) if source.constant else None
        if kind is not None:
            what = f"{shown(source.constant)} looks like {kind.value}"
            yield error("personal-data", what, "a text that names nobody", Location(key=f"facts[{place}].{column}"))


def _texts(place: int, rule: FactRule, mapping: Mapping, column: str) -> Iterator[tuple[str, Location]]:
    """Yield each text that a column of the fact can have by a constant or a code, and where the mapping says it."""
    source = rule.cells.get(column)
    if source is None:
        return
    if source.constant:
        is_shared = mapping.every.get(column) == source
        yield source.constant, Location(key=f"every.{column}" if is_shared else f"facts[{place}].{column}")
    if source.codes:
        for code, text in mapping.codes[source.codes].means.items():
            if text:
                yield text, Location(key=f"codes.{source.codes}.means.{code}")


def _is_among(text: str, accepted: Iterable[str]) -> bool:
    return text.casefold() in {each.casefold() for each in accepted}
