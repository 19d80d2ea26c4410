"""Propose a mapping from the headings of a tracker: each guess with its reason, and nothing applied by itself."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sib_engine.core.headings import numbered_headings
from sib_engine.outcomes.facts import FactName
from sib_engine.outcomes.facts_checks.terms import known_documents, known_facts
from sib_engine.outcomes.intake.mapping import FactRule, Mapping, Source
from sib_engine.terms.contract import Contract

EVERY: Final = "every fact"
_NONE: Final = "no column seems to feed it"


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column of a tracker may feed: a fact (or every fact) and its column; and why it looks so."""

    heading: str
    fact: str
    column: str
    job: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping that nobody has agreed to yet.

    ``unknown`` are headings about which there is no guess; ``missing`` says what no column seems to feed.
    Where money may hang on an answer (is the job competitive, which document is it) nothing is supposed: the
    source is left empty, and the mapping refused until somebody fills it in.
    """

    contract: str
    heading_row: int
    sheet: str
    guesses: tuple[Guess, ...]
    unknown: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    site: str

    def as_json(self) -> str:
        """Return the proposal as a mapping file that is refused until ``proposed`` and ``reasons`` are taken out.

        The forms of dates are left open: a mapping without them is refused too.
        """
        said: dict[str, Any] = {"proposed": True, "reasons": self.reasons()}
        return json.dumps(said | self._mapping().as_dict(), indent=2, ensure_ascii=False) + "\n"

    def reasons(self) -> dict[str, str]:
        """Return what is to be looked at: each guess with its reason, what is missing, what nothing is known of."""
        said = {
            guess.heading: f"feeds {guess.column!r} of {guess.fact}{f' in job {guess.job}' if guess.job else ''}: "
            f"{guess.reason}"
            for guess in self.guesses
        }
        said |= dict.fromkeys(self.unknown, "not used: nothing is known of this heading")
        said |= {f"({name})": why for name, why in self.missing}
        said["(dates)"] = "say how dates are written, such as dd/mm/yyyy: it is never guessed"
        return said

    def confirmed(self, *, name: str, dates: Sequence[str]) -> Mapping:
        """Return the mapping as somebody has agreed to it, who says how dates are written.

        What was left empty is still empty: it is for :func:`mapping_of` to judge before it is saved.
        """
        proposed = self._mapping()
        return Mapping(
            name=name,
            contract=self.contract,
            facts=proposed.facts,
            every=proposed.every,
            dates=tuple(dates),
            sheet=self.sheet,
            heading_row=self.heading_row,
        )

    def _mapping(self) -> Mapping:
        every = {guess.column: Source(column=guess.heading) for guess in self.guesses if guess.fact == EVERY}
        if self.site and "site" not in every:
            every["site"] = Source(constant=self.site)
        rules: dict[tuple[str, str], dict[str, Source]] = {}
        for guess in self.guesses:
            if guess.fact != EVERY:
                cells = rules.setdefault((guess.fact, guess.job), {"fact": Source(constant=guess.fact)})
                cells[guess.column] = Source(column=guess.heading)
        for (fact, job), cells in rules.items():
            if job and fact != FactName.REFERRAL:
                cells.setdefault("job", Source(constant=job))
            if fact == FactName.EMPLOYMENT:
                cells.setdefault("competitive", Source())
            if fact == FactName.EVIDENCE:
                cells.setdefault("detail", Source())
        dated = tuple(FactRule(cells) for cells in rules.values() if "on" in cells)
        return Mapping("proposal", self.contract, dated, every, {}, (), self.sheet, self.heading_row)


_WORDS: Final = (
    (EVERY, "person", r"(client|participant|service user|customer|person|case|su)? ?(id|ref|reference|no|number|code)"),
    (EVERY, "site", r"site|borough|location|area|locality"),
    ("evidence", "on", r".*(evidence|payslip|proof|sustain|(week|wk|month)s? .*(date|due)).*"),
    ("employment", "hourly_pay", r".*(hourly (rate|pay|wage)|pay per hour|wage).*"),
    ("employment", "self_employed", r".*self.?employed.*"),
    ("employment", "competitive", r".*(competitive|open market).*"),
    ("employment", "hours", r".*(hours|hrs|ft ?/? ?pt|full.?time).*"),
    ("employment", "detail", r".*(employer|company|workplace)( name)?"),
    ("employment", "until", r"(job|work|employment).*(end|left|finish|stop|lost).*|(date )?left (job|work).*"),
    ("employment", "on", r"(job|work|employment).*(start|began|begin).*|(date )?(started|start of) (job|work).*"),
    ("referral", "detail", r".*(work|employment) status.*"),
    ("referral", "on", r".*(referral|referred).*"),
    ("employer contact", "on", r".*employer contact.*"),
    ("vocational profile", "on", r".*(voc\w* profile|profile (date|completed?|done)).*"),
    ("appointment", "on", r".*((1st|first|initial) (appointment|appt|contact|meeting)|engage).*"),
    (
        "discharge",
        "detail",
        r".*(discharge|exit|closure|leaving) reason.*|reason for (discharge|leaving|exit|closure).*",
    ),
    ("discharge", "on", r".*(discharge|exit|closed|closure|left service|case end).*"),
    ("referral", "specialist", r".*(specialist|adviser|advisor|key ?worker|case ?worker|job coach).*"),
    ("referral", "consent_on", r".*consent.*"),
    ("referral", "age_band", r"age( band| group|range)?"),
    ("referral", "sex", r"sex|gender"),
    ("referral", "ethnicity", r".*ethnic.*"),
    ("referral", "diagnosis_group", r".*diagnos.*"),
)
"""Usual words of headings, the narrower ones first: fact, its column, and the words."""

_KNOWN: Final = [(fact, column, re.compile(words)) for fact, column, words in _WORDS]
_JOB: Final = re.compile(r"\b(?:job|employer|work)[ #]*([1-9])\b|\b([1-9])(?:st|nd|rd|th) job\b")
_NOT_WORDS: Final = re.compile(r"[^\w/ ]+|_+")


def proposed(
    headings: Sequence[str], contract: Contract, *, name: str, sheet: str = "", heading_row: int = 1
) -> Proposal:
    """Return what the columns of a tracker may mean, judged by their headings alone.

    Args:
        headings: The cells of the heading row, as they stand.
        contract: The contract that the tracker belongs to.
        name: Path or library name of the contract, for the mapping.
        sheet: The sheet that they were read from.
        heading_row: The row that they stand in.
    """
    guesses: list[Guess] = []
    unknown: list[str] = []
    taken: set[tuple[str, str, str]] = set()
    activities = set(known_facts(contract)) - set(FactName)
    for heading in filter(None, numbered_headings(headings)):
        guess = _guess(heading, activities)
        feeds = ("", "", "") if guess is None else (guess.fact, guess.column, guess.job or "1")
        if guess is None or feeds in taken:
            unknown.append(heading)
        else:
            taken.add(feeds)
            guesses.append(guess)
    if any(guess.job for guess in guesses):
        guesses = [replace(each, job=each.job or "1") if each.fact == FactName.EMPLOYMENT else each for each in guesses]
    fed = {(guess.fact, guess.column) for guess in guesses}
    used = {guess.fact for guess in guesses} - {EVERY}
    missing = [] if (EVERY, "person") in fed else [("person of every fact", _NONE)]
    missing += [
        (f"on of {fact}", _NONE + ", so the fact is left out") for fact in sorted(used) if (fact, "on") not in fed
    ]
    if (FactName.EMPLOYMENT, "on") in fed and (FactName.EMPLOYMENT, "competitive") not in fed:
        missing.append(("competitive of employment", _NONE + '; a constant "yes" only if every job is paid and open'))
    if (FactName.EVIDENCE, "on") in fed:
        missing.append(("detail of evidence", f"say which document it is: {', '.join(known_documents(contract))}"))
    site = contract.site_codes[0] if len(contract.sites) == 1 else ""
    return Proposal(
        contract=name,
        heading_row=heading_row,
        sheet=sheet,
        guesses=tuple(guesses),
        unknown=tuple(unknown),
        missing=tuple(missing),
        site=site,
    )


def _guess(heading: str, activities: set[str]) -> Guess | None:
    words = " ".join(_NOT_WORDS.sub(" ", heading.casefold()).split())
    job = _JOB.search(words)
    number = (job[1] or job[2]) if job is not None else ""
    plain = " ".join(_JOB.sub(lambda found: found[0].strip("#123456789 "), words).split())
    if words in activities:
        return Guess(
            heading, words, "on", "", "it is the name of a fact of the contract; its day is supposed to stand there"
        )
    for fact, column, pattern in _KNOWN:
        found = pattern.fullmatch(plain)
        if found is not None:
            is_of_job = fact in {FactName.EMPLOYMENT, FactName.EVIDENCE}
            words = next((group for group in found.groups() if group), plain)
            reason = f"{words!r} is a usual word for it"
            return Guess(heading, fact, column, number if is_of_job else "", reason)
    return None
