"""What the rules look at: a contract, its published record and the counts of each publication."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sib_engine.core.money import plain, shown
from sib_engine.terms.contract import Contract
from sib_engine.terms.published import (
    PaymentKind,
    Publication,
    PublishedPayer,
    PublishedRecord,
    published_order,
)
from sib_engine.terms.schedule import Case as Volumes


@dataclass(frozen=True, slots=True)
class StatedMaximum:
    """A maximum of the contract, and every publication that states it, oldest first."""

    amount: int
    published: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One contract to reconcile.

    ``counts`` holds what each publication states as achieved: month of publication, metric code, count.
    """

    contract: Contract
    record: PublishedRecord
    counts: Mapping[date, Mapping[str, int]]

    @property
    def tolerance(self) -> int:
        """Differences below this are rounding: one unit of the currency, in minor units."""
        return int(10**self.contract.currency.places)

    def differ(self, one: int, other: int) -> bool:
        """Return whether two amounts differ by more than rounding."""
        return abs(one - other) >= self.tolerance

    def exceeds(self, amount: int, limit: int) -> bool:
        """Return whether an amount is above a limit by more than rounding."""
        return amount - limit >= self.tolerance

    def plain(self, amount: int) -> str:
        """Return an amount as it stands in an anomaly's figures."""
        return plain(amount, self.contract.currency)

    def said(self, amount: int) -> str:
        """Return an amount as it stands in a sentence: whole units without their places."""
        text = shown(amount, self.contract.currency)
        return text if amount % self.tolerance else text.partition(".")[0]

    def payer_name(self, party: str) -> str:
        """Return the organisation behind a party's id."""
        return next((known.organisation for known in self.contract.parties if known.id == party), party)

    def metric_name(self, metric: str) -> str:
        """Return a metric's name for people."""
        return next((known.name for known in self.contract.metrics if known.code == metric), metric)

    def payments_total(self) -> int | None:
        """Return everything recorded as paid, grants included; ``None`` where nothing is published.

        Amounts by metric are the same money as the payments and stand in for them only where
        neither payments nor totals are published.
        """
        record = self.record
        amounts = [entry.amount for entry in record.payments] + [entry.amount for entry in record.totals]
        amounts = amounts or [line.paid for line in record.lines]
        return sum(amounts) if amounts else None

    def grants_total(self) -> int:
        """Return the part of the recorded payments that are grants."""
        return sum(entry.amount for entry in self.record.payments if entry.kind is PaymentKind.GRANT)

    def maxima(self) -> tuple[StatedMaximum, ...]:
        """Return each different maximum once, in the order in which it was first stated."""
        published: dict[int, list[date]] = {}
        for entry in sorted(self.record.maxima, key=lambda entry: entry.as_published):
            published.setdefault(entry.amount, []).append(entry.as_published)
        return tuple(StatedMaximum(amount, tuple(months)) for amount, months in published.items())

    def latest_maximum(self) -> StatedMaximum | None:
        """Return the maximum stated last."""
        if not self.record.maxima:
            return None
        last = max(self.record.maxima, key=lambda entry: entry.as_published)
        return next(stated for stated in self.maxima() if stated.amount == last.amount)

    def history(self, party: str) -> tuple[PublishedPayer, ...]:
        """Return what each publication states for one payer, oldest first."""
        entries = (entry for entry in self.record.payers if entry.party == party)
        return tuple(sorted(entries, key=lambda entry: published_order(entry.as_published)))

    def payer_maxima(self) -> dict[str, int]:
        """Return the maximum stated last of every payer that has one, in the contract's order."""
        return {
            party: stated[-1]
            for party in self.contract.payers
            if (stated := [entry.maximum for entry in self.history(party) if entry.maximum is not None])
        }

    def payer_payments(self) -> dict[str, int]:
        """Return what was last recorded as paid by every payer, where published, in the contract's order."""
        return {
            party: stated[-1]
            for party in self.contract.payers
            if (stated := [entry.paid for entry in self.history(party) if entry.paid is not None])
        }

    def payers_paid(self) -> int | None:
        """Return what is recorded as paid by all payers together; ``None`` unless all of it is published."""
        return self._complete(self.payer_payments())

    def payers_maximum(self) -> int | None:
        """Return the sum of the payers' maxima; ``None`` unless all are published."""
        return self._complete(self.payer_maxima())

    def results(self) -> tuple[date, Mapping[str, int]] | None:
        """Return the counts published last and their month of publication."""
        return max(self.counts.items(), key=lambda entry: entry[0]) if self.counts else None

    def targets(self) -> dict[str, int]:
        """Return each metric's target over the whole contract: the high case where it is stated, else the only one."""
        whole: dict[str, Counter[Volumes]] = {}
        for target in self.contract.targets:
            if target.period is None:
                whole.setdefault(target.metric, Counter())[target.case] += target.count
        return {
            metric: volumes[Volumes.HIGH] if Volumes.HIGH in volumes else volumes.total()
            for metric, volumes in whole.items()
            if Volumes.HIGH in volumes or len(volumes) == 1
        }

    def _complete(self, amounts: Mapping[str, int]) -> int | None:
        return sum(amounts.values()) if len(amounts) == len(self.contract.payers) else None


def month(published: Publication) -> str:
    """Return a month of publication in words."""
    return f"{published:%B %Y}" if published is not None else "an earlier publication"


def listed(words: tuple[str, ...] | list[str]) -> str:
    """Return words as a sentence lists them: ``a, b and c``."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def months(published: tuple[date, ...]) -> str:
    """Return several months of publication in words."""
    return listed([month(entry) for entry in published])
