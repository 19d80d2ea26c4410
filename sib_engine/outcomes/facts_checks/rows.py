"""What single facts need, and what the facts of one person must agree on."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.personal import shown
from sib_engine.outcomes.facts import HUNDREDTHS, FactName, Facts, Flags, Positions
from sib_engine.outcomes.facts_checks.jobs import check_jobs, check_pay_periods
from sib_engine.outcomes.row_ids import is_reserved
from sib_engine.outcomes.rows import NONE

HOURS_A_DAY: Final = 24
HOURS_A_WEEK: Final = 168

NEEDED: Final[Mapping[FactName, tuple[str, ...]]] = {
    FactName.EMPLOYMENT: ("competitive",),
    FactName.HOURS: ("until", "hours"),
    FactName.EVIDENCE: ("detail",),
}
"""What a fact cannot do without, beside person, name and day."""

ONLY_FOR: Final[Mapping[str, tuple[FactName, ...]]] = {
    "until": (FactName.EMPLOYMENT, FactName.HOURS),
    "hours": (FactName.EMPLOYMENT, FactName.HOURS),
    "competitive": (FactName.EMPLOYMENT,),
    "self_employed": (FactName.EMPLOYMENT,),
    "hourly_pay": (FactName.EMPLOYMENT,),
    "metric": (FactName.EVIDENCE,),
    "held": (FactName.EVIDENCE,),
    "group": (FactName.REFERRAL,),
}
"""Columns that only some facts use: elsewhere a value would be passed over in silence."""


def check_rows(facts: Facts, blanks: Mapping[str, Flags], log: FindingLog) -> None:
    """Note what is wrong with facts whose cells could be read.

    Args:
        facts: Facts with a person, a name and a day.
        blanks: Where the cells of each column are blank, each of shape ``(n,)``.
        log: Takes the findings.
    """
    for name, columns in NEEDED.items():
        of_name = facts.name.is_any_of((name,))
        for column in columns:
            _note_needed(facts, np.flatnonzero(of_name & blanks[column]), name, column, log)
    for column, names in ONLY_FOR.items():
        _note_unused(facts, np.flatnonzero(~blanks[column] & ~facts.name.is_any_of(names)), column, names, log)
    _check_dates(facts, log)
    _check_hours(facts, log)
    check_jobs(facts, log)
    check_pay_periods(facts, log)
    _check_once(
        facts, FactName.REFERRAL, "the earliest one is used, and a later one only lifts a discharge before it", log
    )
    _check_once(facts, FactName.DISCHARGE, "the latest one on or before an outcome decides", log)
    _check_sites(facts, log)
    _check_people(facts, log)


def _note_needed(facts: Facts, rows: Positions, name: FactName, column: str, log: FindingLog) -> None:
    said = Said("value-needed", f"{name.value} has no {column}", f"a value for {column!r} in every row of {name.value}")
    log.add_rows(Severity.ERROR, said.rule, facts.line[rows], lambda _: said, column=column)


def _note_unused(facts: Facts, rows: Positions, column: str, names: tuple[FactName, ...], log: FindingLog) -> None:
    accepted = f"a blank cell; {column!r} is only for {' and '.join(name.value for name in names)}"

    def say(place: int) -> Said:
        what = f"{column!r} is not used for {shown(facts.name.text(int(facts.name.codes[rows[place]])))}"
        return Said("value-not-used", what, accepted)

    log.add_rows(Severity.WARNING, "value-not-used", facts.line[rows], say, column=column)


def _check_dates(facts: Facts, log: FindingLog) -> None:
    rows = np.flatnonzero(facts.ends_on < facts.starts_on)

    def backwards(place: int) -> Said:
        what = f"it ends on {facts.ends_on[rows[place]]}, before it begins on {facts.starts_on[rows[place]]}"
        return Said("ends-before-it-begins", what, "a last day on or after the first; blank while it lasts")

    log.add_rows(Severity.ERROR, "ends-before-it-begins", facts.line[rows], backwards, column="until")
    # A job can be known of before it begins; nothing else can be recorded before it has happened.
    announced = facts.name.is_any_of((FactName.EMPLOYMENT,))
    early = np.flatnonzero(~announced & (facts.recorded_on < facts.starts_on))

    def before(place: int) -> Said:
        what = f"recorded on {facts.recorded_on[early[place]]}, before it happened on {facts.starts_on[early[place]]}"
        return Said("recorded-before-it-happened", what, "a day on or after that of the fact; blank for the same day")

    log.add_rows(Severity.ERROR, "recorded-before-it-happened", facts.line[early], before, column="recorded_on")


def _check_hours(facts: Facts, log: FindingLog) -> None:
    weekly = facts.name.is_any_of((FactName.EMPLOYMENT,))
    paid = facts.name.is_any_of((FactName.HOURS,)) & ~np.isnat(facts.ends_on)
    days = (facts.ends_on - facts.starts_on).astype(np.int64) + 1
    most = np.where(weekly, HOURS_A_WEEK, np.where(paid, HOURS_A_DAY * days, np.iinfo(np.int32).max))
    rows = np.flatnonzero((facts.hours > most * HUNDREDTHS) & (weekly | (days > 0)))

    def say(place: int) -> Said:
        row = rows[place]
        unit = "hours a week" if weekly[row] else f"hours in {days[row]} day{'' if days[row] == 1 else 's'}"
        what = f"{facts.hours[row] / HUNDREDTHS:g} {unit} are more than there are"
        return Said("hours-impossible", what, f"at most {most[row]} {unit}")

    log.add_rows(Severity.ERROR, "hours-impossible", facts.line[rows], say, column="hours")


def _check_once(facts: Facts, name: FactName, rule: str, log: FindingLog) -> None:
    at = facts.named(name)
    at = at[np.lexsort((facts.line[at], facts.starts_on[at], facts.person.codes[at]))]
    again = np.zeros(len(at), dtype=np.bool_)
    again[1:] = facts.person.codes[at][1:] == facts.person.codes[at][:-1]
    rows = np.sort(at[again])

    def say(place: int) -> Said:
        person = facts.person.text(int(facts.person.codes[rows[place]]))
        what = f"person {shown(person)} has another {name.value}: {rule}"
        return Said(f"{name.value}-repeated", what, f"one {name.value} for each person")

    log.add_rows(Severity.WARNING, f"{name.value}-repeated", facts.line[rows], say, column="fact")


def _check_sites(facts: Facts, log: FindingLog) -> None:
    """Note where a person is first at each site other than the first one; capitals do not tell sites apart."""
    spelt: dict[str, int] = {}
    alike = np.array([spelt.setdefault(label.casefold(), len(spelt)) for label in facts.site.labels], dtype=np.int64)
    named = np.flatnonzero(facts.site.codes != NONE)
    person, site = facts.person.codes[named], alike[facts.site.codes[named]]
    first = np.full(facts.n_people, NONE, dtype=np.int32)
    first[person[::-1]] = facts.site.codes[named][::-1]
    places = np.flatnonzero(site != alike[first[person]])
    _, opening = np.unique(person[places].astype(np.int64) * (len(spelt) + 1) + site[places], return_index=True)
    rows = named[places[np.sort(opening)]]

    def say(place: int) -> Said:
        row = rows[place]
        person = facts.person.text(int(facts.person.codes[row]))
        here = shown(facts.site.text(int(facts.site.codes[row])))
        there = shown(facts.site.text(int(first[facts.person.codes[row]])))
        what = f"person {shown(person)} is at {here} here, at {there} before: each outcome keeps its fact's site"
        return Said("sites-differ", what, "one site for each person, unless the person moved")

    log.add_rows(Severity.WARNING, "sites-differ", facts.line[rows], say, column="site")


def _check_people(facts: Facts, log: FindingLog) -> None:
    """Note where a reference first stands that would make the ids of a person's outcomes those of scheduled money."""
    reserved = np.array([is_reserved(f"{label}/") for label in facts.person.labels], dtype=np.bool_)
    people, first = np.unique(facts.person.codes, return_index=True)
    rows = np.sort(first[reserved[people]])

    def say(place: int) -> Said:
        person = shown(facts.person.text(int(facts.person.codes[rows[place]])))
        what = (
            f"outcomes of person {person} would have ids of scheduled money, whose place in statements they would take"
        )
        return Said("person-reserved", what, "another reference for the person, in every row")

    log.add_rows(Severity.ERROR, "person-reserved", facts.line[rows], say, column="person")
