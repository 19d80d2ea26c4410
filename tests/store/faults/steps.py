"""What a worker does over and over, until it is killed: upload, decide, approve, invoice, confirm; each one command."""

from datetime import date, timedelta
from pathlib import Path

from sib_engine.storage.store import Store
from tests.store.billing import Billing
from tests.store.office import SOURCE, Office

STEPS = ("upload", "decide", "approve", "invoice", "confirm")
"""The commands of one round, in turn."""

PEOPLE_OF_A_BATCH = 60
"""Enough rows in a file for COPY and its like to be the way in which they are written."""

OF_A_PERSON = 1_400_00
"""What one person of a batch earns: an engagement and a job start."""

FACTS_OF_A_PERSON = 4

OF_THE_COUNCIL = PEOPLE_OF_A_BATCH * OF_A_PERSON * 2 // 3
"""What the council pays of a batch: two thirds."""

AT_MOST = 40
"""Batches before the last day of the year's claims is near."""


def opened_for_faults(store: Store, folder: Path) -> Office:
    """Return an office whose contract has room for many batches."""
    office = Office.opened(store, folder)
    source = SOURCE.read_text(encoding="utf-8").replace("limit = 50000", "limit = 9000000")
    office.register(source, on="2021-01-05", note="room for every batch")
    return office


def do(office: Office, step: int) -> None:
    """Do one command; the same step is always the same command."""
    batch, kind = divmod(step, len(STEPS))
    if batch >= AT_MOST:
        message = f"step {step} lies after the last day for claims"
        raise ValueError(message)
    day = day_of(step)
    if STEPS[kind] == "upload":
        office.upload(*lines_of(batch), on=day)
    elif STEPS[kind] == "decide":
        office.accept_passed(on=day)
    elif STEPS[kind] == "approve":
        office.approve("2021-Q4", on=day)
    elif STEPS[kind] == "invoice":
        Billing(office).invoice(batch + 1, on=day)
    else:
        paid = f"{OF_THE_COUNCIL // 100}.{OF_THE_COUNCIL % 100:02}"
        Billing(office).confirm(f"council,HW-{2 * batch + 1:03},BACS-{batch},{day},{paid}", on=day)


def day_of(step: int) -> str:
    """Return the day on which a step is done: one for each batch, from 6 January 2022 on."""
    return (date(2022, 1, 6) + timedelta(days=step // len(STEPS))).isoformat()


def lines_of(batch: int) -> list[str]:
    """Return the facts of the people of one batch."""
    people = (f"B{batch}-{person}" for person in range(PEOPLE_OF_A_BATCH))
    return [
        line
        for who in people
        for line in (
            f"{who},referral,2021-10-04",
            f"{who},vocational profile,2021-10-11",
            f"{who},employment,2021-11-01,,cafe,20,yes,no",
            f"{who},evidence,2021-11-05,,cafe,,,,employer letter,job_start,held",
        )
    ]
