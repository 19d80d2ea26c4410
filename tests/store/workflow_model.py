"""The workflow in plain Python: who may do what, where each claim stands, what is due. Nothing here reads the store."""

from collections.abc import Iterator
from dataclasses import dataclass, field

ENDS = {"open": "", "short": "2021-02-10", "middling": "2021-04-10", "long": "2021-09-30"}
"""Last days of a job that begins on 2021-02-01: 10 and 69 days are short of 91; within 28 days half is taken back."""

FROM = {
    "accept": {"submitted", "queried"},
    "query": {"submitted"},
    "answer": {"queried"},
    "reject": {"submitted", "queried"},
    "withdraw": {"submitted", "queried", "accepted"},
    "reopen": {"accepted", "rejected", "withdrawn"},
}
TO = {
    "accept": "accepted",
    "query": "queried",
    "answer": "submitted",
    "reject": "rejected",
    "withdraw": "withdrawn",
    "reopen": "submitted",
}
VERIFIERS = {"vera", "vic"}
"""Who may verify what Harbour Works submits; paul is a verifier too, and works there."""

APPROVERS = {"abe", "tom", "vic", "paul"}
PRICES = {"engagement": 400_00, "job_start": 1_000_00, "sustained": 2_000_00}


@dataclass
class Person:
    """What was reported of one person last, and so what counts if it is accepted."""

    number: int
    has_profile: bool = False
    job: str | None = None
    has_letter: bool = False
    has_payslip: bool = False

    def lines(self, name: str) -> list[str]:
        """Return the person's whole tracker, as a provider sends it."""
        found = [f"{name},referral,2021-01-11"]
        if self.has_profile:
            found.append(f"{name},vocational profile,2021-01-20")
        if self.job is not None:
            found.append(f"{name},employment,2021-02-01,{ENDS[self.job]},cafe,20,yes,no")
        if self.has_letter:
            found.append(f"{name},evidence,2021-02-05,,cafe,,,,employer letter,job_start,held")
        if self.has_payslip:
            found.append(f"{name},evidence,2021-06-01,,cafe,,,,payslip,sustained,held")
        return found

    def rows(self) -> Iterator[tuple[str, str]]:
        """Return each outcome that can be claimed for the person: its id and metric."""
        if self.has_profile:
            yield f"P{self.number}/engagement", "engagement"
        if self.job is not None:
            yield f"P{self.number}/job_start/cafe", "job_start"
            yield f"P{self.number}/sustained/cafe", "sustained"

    def passes(self, metric: str) -> bool:
        """Return whether an outcome passes its checks."""
        if metric == "engagement":
            return self.has_profile
        starts = self.has_profile and self.has_letter
        if metric == "job_start":
            return starts
        return starts and self.has_payslip and self.job in {"open", "long"}


@dataclass
class Claim:
    """Where a claim stands, and who has decided it at any time."""

    person: str
    metric: str
    state: str = "submitted"
    decided_by: set[str] = field(default_factory=set)
    waits: bool = False
    """Whether its facts changed after it was accepted, and nobody has decided it since."""

    is_stated: bool = False
    stated_as: Person | None = None
    """What was known of the person when it was last stated as accepted."""


@dataclass
class Model:
    """Everything that was reported, decided and stated."""

    people: dict[str, Person] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    files: set[tuple[str, ...]] = field(default_factory=set)
    limit: int = 50_000_00
    stated: int = 0
    n_statements: int = 0

    def report(self, name: str, person: Person) -> bool:
        """Take in a person's tracker; return whether it is taken, which the same file is only once."""
        lines = tuple(person.lines(name))
        if lines in self.files:
            return False
        self.files.add(lines)
        before = self.people.get(name)
        self.people[name] = person
        for claim in self.claims.values():
            if before is not None and claim.person == name and claim.state == "accepted":
                ended = claim.metric == "job_start" and (before.job == "short") != (person.job == "short")
                if ended or not person.passes(claim.metric):
                    claim.state, claim.waits = "submitted", True
        for row, metric in person.rows():
            self.claims.setdefault(row, Claim(name, metric))
        return True

    def may_move(self, who: str, move: str, row: str) -> bool:
        """Return whether somebody can make a move with a claim."""
        claim = self.claims.get(row)
        if claim is None or claim.state not in FROM[move]:
            return False
        if move in {"answer", "withdraw"}:
            return who == "ada"
        return who in VERIFIERS and (move != "accept" or self._passes(claim))

    def move(self, who: str, move: str, row: str) -> None:
        """Make a move."""
        claim = self.claims[row]
        claim.state = TO[move]
        claim.waits = claim.waits and claim.state not in {"accepted", "rejected", "withdrawn"}
        if move in {"accept", "reject", "query"}:
            claim.decided_by.add(who)

    def acceptable(self) -> list[str]:
        """Return the claims that can be accepted in bulk."""
        return [row for row, claim in self.claims.items() if claim.state == "submitted" and self._passes(claim)]

    def due(self) -> int:
        """Return what is due to date, in minor units."""
        return min(self.limit, sum(map(self._due, self.claims.values())))

    def approved(self) -> None:
        """Remember what each claim was stated as."""
        counted = {row for row, claim in self.claims.items() if self._counts(claim)}
        for row, claim in self.claims.items():
            claim.is_stated = row in counted
            if claim.state == "accepted":
                claim.stated_as = self.people[claim.person]

    def may_approve(self, who: str, rows: set[str]) -> bool:
        """Return whether somebody may approve a statement with lines of these claims."""
        if who not in APPROVERS:
            return False
        own = [self.claims[row] for row in rows]
        return not (who == "paul" and own) and not any(who in claim.decided_by for claim in own)

    def _person_of(self, claim: Claim) -> Person:
        """Return the person as the claim is stated: as it was, where it waits to be decided again."""
        return claim.stated_as if claim.waits and claim.stated_as is not None else self.people[claim.person]

    def _passes(self, claim: Claim) -> bool:
        return self.people[claim.person].passes(claim.metric)

    def _due(self, claim: Claim) -> int:
        if not self._counts(claim):
            return 0
        person = self._person_of(claim)
        price = PRICES[claim.metric]
        return price // 2 if claim.metric == "job_start" and person.job == "short" else price

    def _counts(self, claim: Claim) -> bool:
        is_kept = claim.waits and claim.is_stated
        if not (claim.state == "accepted" or is_kept) or not self._person_of(claim).passes(claim.metric):
            return False
        number = self.people[claim.person].number
        first = {"job_start": f"P{number}/engagement", "sustained": f"P{number}/job_start/cafe"}.get(claim.metric)
        return first is None or (first in self.claims and self._counts(self.claims[first]))
