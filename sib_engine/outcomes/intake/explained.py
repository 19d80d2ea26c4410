"""The columns of a file of facts, each explained to whoever fills it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sib_engine.outcomes.facts_file import EXAMPLE_PERSON


@dataclass(frozen=True, slots=True)
class Explained:
    """One column: which facts use it, what it means, what may stand in it, what the example row says."""

    used_for: str
    meaning: str
    accepted: str
    example: str = ""


EXPLAINED: Final[Mapping[str, Explained]] = {
    "person": Explained(
        "every fact", "who the fact is about: a reference that only the provider can trace, never a name",
        "letters and digits, at most 200; no NHS or National Insurance number, no e-mail address", EXAMPLE_PERSON,
    ),
    "site": Explained(
        "every fact", "where the person is served; blank: the person's first named site", "a site of the list"
    ),
    "fact": Explained("every fact", "what is recorded; one row for each fact", "a fact of the list", "employment"),
    "on": Explained(
        "every fact", "the day; the first day of a job or pay period; the date of a document",
        "a date, or the text 2020-04-30",
    ),
    "until": Explained(
        "employment, hours", "the last day, itself included; blank for a job that still lasts",
        "a date, not before that of on",
    ),
    "job": Explained(
        "employment, hours, evidence", "which of the person's jobs; blank for employment: known by its first day",
        "a reference of the person's own, such as J1", "J1",
    ),
    "hours": Explained(
        "employment, hours", "weekly hours of a job; or all hours worked in a pay period",
        "a number with at most two decimals; at most 168 a week", "18",
    ),
    "competitive": Explained("employment", "paid work on the open market; needed for employment", "yes or no", "yes"),
    "self_employed": Explained("employment", "self-employed work; blank means no", "yes or no", "no"),
    "hourly_pay": Explained(
        "employment", "pay for an hour, without currency sign", "a number with at most two decimals"
    ),
    "detail": Explained(
        "any", "work status (referral), employer (employment), reason (discharge), kind of document (evidence)",
        "for evidence, a kind of the list; otherwise a short text that names nobody",
    ),
    "metric": Explained("evidence", "which outcome the document shows; blank: any", "a metric of the list"),
    "held": Explained("evidence", "whether the document is on file, or was seen and not kept", "held or inspected"),
    "recorded_on": Explained(
        "every fact", "when it became known; blank: on the day itself, or a pay period's last day",
        "a date, not before that of on",
    ),
    "specialist": Explained("referral", "who works with the person: a staff reference, not a name", "a short text"),
    "consent_on": Explained("any", "the day on which the person agreed to the use of the data", "a date"),
    "age_band": Explained("referral", "age at referral, in a band", "a short text, such as 25-34"),
    "sex": Explained("referral", "sex, as recorded", "a short text"),
    "ethnicity": Explained("referral", "ethnic group, as recorded", "a short text"),
    "diagnosis_group": Explained("referral", "group of diagnoses, never the diagnosis in free text", "a short text"),
    "group": Explained("referral", "the subgroup that a price depends on, where one does", "a group of the contract"),
}  # fmt: skip
"""By the heading, in the order of the file."""
