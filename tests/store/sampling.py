"""An office that samples: twelve engagements stated in the first quarter, and terms of verification."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sib_engine.payments.sampling.review_file import Found, Review
from sib_engine.services.access.actors import actor_named, add_account, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.audit.replay import Replayed, replay
from sib_engine.services.samples.close import Closed, close_sample
from sib_engine.services.samples.design import record_design
from sib_engine.services.samples.draw import Drawn, draw_sample
from sib_engine.services.samples.frame import FramePlan
from sib_engine.services.samples.review import Reviewed, record_reviews
from sib_engine.services.samples.show import show_sample
from sib_engine.storage import chain
from sib_engine.storage.store import Store
from sib_engine.storage.verify import verify
from tests.store.office import CONTRACT, SOURCE, Office, at, day

TERMS = """
[[verification]]
id = "sample"
from = {starts}
confidence = "95%"
recover = "{recover}"
strata = {strata}
share = "50%"
{more}
status = "agreed"
source = "made up"
"""

N_PEOPLE = 12


@dataclass(slots=True)
class Sampling:
    """The office, with the words of a sample's story; each call is one command."""

    office: Office

    @classmethod
    def opened(
        cls,
        store: Store,
        folder: Path,
        *,
        recover: str = "point estimate",
        strata: tuple[str, ...] = (),
        more: str = "",
        starts: str = "2021-01-01",
    ) -> "Sampling":
        """Return an office whose first quarter is stated: engagements at £400, accepted by Vera."""
        office = Office.opened(store, folder)
        terms = TERMS.format(recover=recover, strata=json.dumps(list(strata)), more=more, starts=starts)
        office.register(SOURCE.read_text(encoding="utf-8") + terms, on="2021-01-05", note="verification agreed")
        with store.begin() as session:
            root = actor_named(session, "root")
            for login in ("val", "vic"):
                add_account(
                    session,
                    login,
                    name=login.title(),
                    organisation="Riverside Council",
                    by=root,
                    at=at("2021-01-05"),
                )
                grant_role(session, login, Role.VERIFIER, contract=CONTRACT, by=root, at=at("2021-01-05"))
        people = [f"H-{number:02}" for number in range(1, N_PEOPLE + 1)]
        facts = [
            line for who in people for line in (f"{who},referral,2021-01-11", f"{who},vocational profile,2021-01-20")
        ]
        office.upload(*facts, on="2021-04-01")
        office.accept_passed(on="2021-04-02")
        office.approve("2021-Q1", on="2021-04-05")
        return cls(office)

    def design(
        self,
        *,
        on: str = "2021-04-12",
        by: str = "val",
        checks: int | None = None,
        seed_source: str = "",
        seed_on: str | None = None,
        statement: int = 1,
    ) -> FramePlan:
        """Record a design."""
        with self.office.store.begin() as session:
            return record_design(
                session,
                CONTRACT,
                statement,
                checks=checks,
                seed_source=seed_source,
                seed_on=None if seed_on is None else date.fromisoformat(seed_on),
                by=actor_named(session, by),
                at=at(on),
            )

    def draw(self, *, on: str = "2021-04-13", by: str = "val", published: str = "", statement: int = 1) -> Drawn:
        """Draw it."""
        with self.office.store.begin() as session:
            return draw_sample(
                session, CONTRACT, statement, published=published, by=actor_named(session, by), at=at(on)
            )

    def drawn(self) -> tuple[str, ...]:
        """Design and draw a sample, and return the claims drawn."""
        self.design()
        return self.draw().sample.claims

    def review(self, given: Review | Path, *, on: str = "2021-05-04", by: str = "val", statement: int = 1) -> Reviewed:
        """Record what review found."""
        with self.office.store.begin() as session:
            return record_reviews(session, CONTRACT, statement, given, by=actor_named(session, by), at=at(on))

    def find(self, claims: tuple[str, ...], wrong: Mapping[str, int], *, by: str = "val") -> None:
        """Record a verdict on every claim: right, or what a wrong one is worth in pounds."""
        for claim in claims:
            if claim not in wrong:
                self.review(Review(None, claim, Found.RIGHT, None, "", ""), by=by)
            elif wrong[claim]:
                note = "the first meeting only"
                self.review(Review(None, claim, Found.IN_PART, wrong[claim] * 100, "", note), by=by)
            else:
                self.review(Review(None, claim, Found.WRONG, None, "V06", "nobody met"), by=by)

    def close(self, *, on: str = "2021-05-10", by: str = "val", statement: int = 1) -> Closed:
        """Close it."""
        with self.office.store.begin() as session:
            return close_sample(session, CONTRACT, statement, by=actor_named(session, by), at=at(on))

    def shown(self, *, by: str = "val", statement: int = 1) -> dict[str, Any]:
        """Return the sample as JSON has it."""
        with self.office.store.read() as session:
            return show_sample(session, CONTRACT, statement, by=actor_named(session, by)).as_dict()

    def lines(self, period: str, *, on: str) -> list[tuple[str, str, int]]:
        """Return kind, row and minor units of each line of a draft."""
        drawn = self.office.draft(period, on=on).statement
        return [(line.kind.value, line.row, line.payable) for line in drawn.lines]

    def again(self) -> tuple[Replayed, ...]:
        """Return every statement worked out again, the audit trail being whole."""
        with self.office.store.read() as session:
            assert verify(session).breaks == ()
            return replay(session, None, seq=chain.head(session)[0])


__all__ = ["CONTRACT", "N_PEOPLE", "Sampling", "at", "day"]
