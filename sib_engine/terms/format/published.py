"""Tables of a published record: ``[record]`` and the lists beside it."""

import re
from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.format.base import Table, between_keys
from sib_engine.terms.format.fields import (
    Amount,
    Choice,
    Code,
    Count,
    ListOf,
    Month,
    StrictField,
    TableOf,
    Text,
    refusal,
)
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import ITSELF, Refusals, Values, is_given
from sib_engine.terms.published import (
    Months,
    PaymentKind,
    PublishedLine,
    PublishedMaximum,
    PublishedPayer,
    PublishedPayment,
    PublishedRecord,
    PublishedResults,
    PublishedTarget,
    PublishedTotal,
    ResultStatus,
)

_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.csv", re.ASCII)


class BareFileName(StrictField):
    """The name of a CSV file in the record's own folder: no path leads anywhere else."""

    def read(self, value: object) -> str:
        """Return the name."""
        if not isinstance(value, str) or _FILE_NAME.fullmatch(value) is None:
            raise refusal(value, "not-a-file-name", "the name of a .csv file beside the record, without a folder")
        return value


class Noted(Table):
    """A table that may carry a note."""

    note = Text(load_default=None)


class Spanned(Noted):
    """A table about the months ``from`` .. ``to``."""

    first = Month(required=True, data_key="from")
    last = Month(required=True, data_key="to")

    @between_keys
    def _in_order(self, data: Values) -> Refusals:
        if data["last"] < data["first"]:
            what = f"to {data['last']:%Y-%m} is before from {data['first']:%Y-%m}"
            yield "to", Problem("ends-before-start", what, "from before to")


class HeadTable(Table):
    """``[record]``."""

    contract = Code(required=True)
    indigo = Text(load_default=None)
    source = Text(required=True)


class MaximumTable(Noted):
    """``[[maximum]]``."""

    as_published = Month(required=True)
    amount = Amount(required=True)

    @post_load
    def _maximum(self, data: dict[str, Any], **_: object) -> PublishedMaximum:
        return PublishedMaximum(**data)


class PayerTable(Noted):
    """``[[payer]]``."""

    party = Code(required=True)
    as_published = Month(load_default=None)
    maximum = Amount(load_default=None)
    paid = Amount(load_default=None)

    @between_keys
    def _states_something(self, data: Values) -> Refusals:
        if not is_given(data, "maximum") and not is_given(data, "paid"):
            accepted = "maximum, paid or both; leave the payer out where neither is published"
            yield ITSELF, Problem("nothing-stated", f"{data['party']} has no figure", accepted)

    @post_load
    def _payer(self, data: dict[str, Any], **_: object) -> PublishedPayer:
        return PublishedPayer(**data)


class EarlierTargetTable(Noted):
    """``[[target]]``: only where it differs from the contract's."""

    metric = Text(required=True)
    as_published = Month(load_default=None)
    count = Count(required=True)

    @post_load
    def _target(self, data: dict[str, Any], **_: object) -> PublishedTarget:
        return PublishedTarget(**data)


class ResultsTable(Spanned):
    """``[[results]]``."""

    as_published = Month(required=True)
    status = Choice(ResultStatus, required=True)
    counts = BareFileName(required=True)

    @post_load
    def _results(self, data: dict[str, Any], **_: object) -> PublishedResults:
        return PublishedResults(months=_months(data), **data)


class PaymentTable(Spanned):
    """``[[payment]]``."""

    amount = Amount(required=True)
    kind = Choice(PaymentKind, load_default=PaymentKind.OUTCOMES)

    @post_load
    def _payment(self, data: dict[str, Any], **_: object) -> PublishedPayment:
        return PublishedPayment(months=_months(data), **data)


class LineTable(Noted):
    """``[[line]]``."""

    metric = Text(required=True)
    paid = Amount(required=True)

    @post_load
    def _line(self, data: dict[str, Any], **_: object) -> PublishedLine:
        return PublishedLine(**data)


class TotalTable(Spanned):
    """``[[total]]``."""

    amount = Amount(required=True)

    @post_load
    def _total(self, data: dict[str, Any], **_: object) -> PublishedTotal:
        return PublishedTotal(months=_months(data), **data)


class RecordFile(Table):
    """Every table of the file; read into a published record."""

    record = TableOf(HeadTable, required=True)
    maxima = ListOf(TableOf(MaximumTable), load_default=(), data_key="maximum")
    payers = ListOf(TableOf(PayerTable), load_default=(), data_key="payer")
    targets = ListOf(TableOf(EarlierTargetTable), load_default=(), data_key="target")
    results = ListOf(TableOf(ResultsTable), load_default=())
    payments = ListOf(TableOf(PaymentTable), load_default=(), data_key="payment")
    lines = ListOf(TableOf(LineTable), load_default=(), data_key="line")
    totals = ListOf(TableOf(TotalTable), load_default=(), data_key="total")

    @post_load
    def _record(self, data: dict[str, Any], **_: object) -> PublishedRecord:
        return PublishedRecord(**data.pop("record"), **data)


def _months(data: dict[str, Any]) -> Months:
    return Months(data.pop("first"), data.pop("last"))
