"""Names in the facts that the contract does not know."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.personal import shown
from sib_engine.outcomes.facts import FactName, Facts, Flags, Labelled
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Activity, Recorded, kinds_of

ALWAYS_KNOWN: Final = (*FactName, "employer contact", "appointment", "vocational profile")


def check_terms(facts: Facts, contract: Contract, log: FindingLog) -> None:
    """Warn of names that the contract does not know: such facts change nothing, or make an outcome not count."""
    everywhere = np.ones(len(facts), dtype=np.bool_)
    _note_unknown(facts, facts.name, everywhere, known_facts(contract), ("fact", "fact"), log)
    documents = facts.name.is_any_of((FactName.EVIDENCE,))
    _note_unknown(facts, facts.detail, documents, known_documents(contract), ("kind of evidence", "detail"), log)
    _note_unknown(facts, facts.metric, documents, known_metrics(contract), ("metric", "metric"), log)
    if contract.sites:
        _note_unknown(facts, facts.site, everywhere, contract.site_codes, ("site", "site"), log)


def known_facts(contract: Contract) -> tuple[str, ...]:
    """Return the names of facts that the engine or the contract reads, each once."""
    names = list[str](ALWAYS_KNOWN)
    for metric in contract.metrics:
        if isinstance(metric.rule, Activity):
            names += [component.fact for component in metric.rule.components]
        elif isinstance(metric.rule, Recorded):
            names.append(metric.rule.fact)
    return tuple(dict.fromkeys(names))


def known_documents(contract: Contract) -> tuple[str, ...]:
    """Return the kinds of evidence that the contract names, under its first or any changed terms, each once."""
    kinds = [kind for metric in contract.metrics for kind in metric.evidence.kinds]
    kinds += [kind for terms in contract.metric_terms for kind in kinds_of(terms.evidence or ())]
    return tuple(dict.fromkeys(kinds))


def known_metrics(contract: Contract) -> tuple[str, ...]:
    """Return the codes and INDIGO ids of the contract's metrics."""
    return tuple(name for metric in contract.metrics for name in (metric.code, metric.indigo) if name)


def _note_unknown(
    facts: Facts, column: Labelled, which: Flags, known: Iterable[str], names: tuple[str, str], log: FindingLog
) -> None:
    """Warn once of each text that is none of those known, in the first row that holds it."""
    noun, heading = names
    accepted = list(dict.fromkeys(known))
    rows = np.flatnonzero(which & (column.codes != NONE) & ~column.is_any_of(accepted))
    codes, first, counts = np.unique(column.codes[rows], return_index=True, return_counts=True)
    order = np.argsort(rows[first])
    firsts = rows[first][order]

    def say(place: int) -> Said:
        text = column.text(int(codes[order[place]]))
        n_rows = int(counts[order[place]])
        where = "" if n_rows == 1 else f" (in {n_rows} rows)"
        rule = f"{noun.split(maxsplit=1)[0]}-unknown"
        return Said(rule, f"{shown(text)} is no {noun} of this contract{where}", ", ".join(accepted))

    log.add_rows(Severity.WARNING, f"{noun.split(maxsplit=1)[0]}-unknown", facts.line[firsts], say, column=heading)
