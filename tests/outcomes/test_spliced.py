"""Tables of outcomes put together: the same person and job stay the same, and every row keeps its own."""

from pathlib import Path

import numpy as np

from sib_engine.outcomes.facts_file import read_facts
from sib_engine.outcomes.outcome_table import OutcomeTable, label_texts
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.spliced import spliced
from sib_engine.terms.load import load
from tests.store.office import SOURCE

HEADINGS = "person,fact,on,job,hours,competitive,self_employed"
FACTS = (
    "B,referral,2021-01-11,,,,",
    "B,vocational profile,2021-01-20,,,,",
    "B,employment,2021-02-01,cafe,20,yes,no",
    "A,referral,2021-01-11,,,,",
    "A,employment,2021-02-08,cafe,20,yes,no",
)
EARLIER = ("C,referral,2021-01-01,,,,", *FACTS[3:4], "A,employment,2021-02-15,shop,20,yes,no", FACTS[-1], *FACTS[:1])


def derived(folder: Path, *lines: str) -> OutcomeTable:
    path = folder / "facts.csv"
    path.write_text("\n".join((HEADINGS, *lines)) + "\n", encoding="utf-8")
    contract = load(SOURCE).contract
    assert contract is not None
    facts, _ = read_facts(path, contract)
    assert facts is not None
    return find_outcomes(contract, facts)


def said(table: OutcomeTable) -> dict[str, tuple[str, str, str, int]]:
    """Return person, job, day and mask of each row by its id."""
    people = label_texts(table.labels.persons, table.rows.person)
    jobs = label_texts(table.labels.jobs, table.rows.job)
    days = table.rows.achieved_on.astype(str).tolist()
    return dict(zip(table.row_ids(), zip(people, jobs, days, table.mask.tolist(), strict=True), strict=True))


def test_rows_of_an_earlier_table_stand_among_those_of_the_later_as_they_were(tmp_path: Path) -> None:
    now, then = derived(tmp_path, *FACTS), derived(tmp_path, *EARLIER)
    of_a = np.array([name.startswith("A/") for name in now.row_ids()])
    earlier_of_a = then.take(np.array([name.startswith("A/") for name in then.row_ids()]))

    together = spliced(now.take(~of_a), [earlier_of_a])

    assert said(together) == said(now.take(~of_a)) | said(earlier_of_a)
    assert {name: (person, job) for name, (person, job, _, _) in said(together).items()} == {
        "A/job_start/cafe": ("A", "cafe"),
        "A/job_start/shop": ("A", "shop"),
        "A/sustained/cafe": ("A", "cafe"),
        "B/engagement": ("B", ""),
        "B/job_start/cafe": ("B", "cafe"),
        "B/sustained/cafe": ("B", "cafe"),
    }
    assert together.labels.row_ids == tuple(sorted(together.labels.row_ids))
    # Two people's jobs of one reference are two jobs, and one person's stays one.
    assert len({*together.rows.job.tolist()} - {-1}) == 3


def test_without_earlier_tables_nothing_changes(tmp_path: Path) -> None:
    now = derived(tmp_path, *FACTS)

    assert said(spliced(now, [])) == said(now)
