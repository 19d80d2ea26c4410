"""Invoices, payments, positions and accruals."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from sib_engine.api.known import place_of
from sib_engine.api.operation import Gives, Takes, reading, writing
from sib_engine.api.problems import Code
from sib_engine.api.received import findings_about, received
from sib_engine.api.schemas.money import (
    AccrualQuery,
    AccrualSchema,
    ConfirmationSchema,
    ConfirmQuery,
    InvoiceListSchema,
    IssueSchema,
    OnQuery,
    PaymentsFileSchema,
    PositionSchema,
    SetOffSchema,
    SettledSchema,
)
from sib_engine.api.serving import Ask
from sib_engine.core.dates import local_day
from sib_engine.core.errors import RefusedError
from sib_engine.core.money import plain
from sib_engine.payments.billing.setting_off import rule_of
from sib_engine.payments.billing.vat import rate_in, treatment_of
from sib_engine.services.access.roles import Action
from sib_engine.services.accounts.tokens import Scope
from sib_engine.services.statements.accrual import accruals_on
from sib_engine.services.statements.confirm import confirm_payments, preview_payments
from sib_engine.services.statements.invoice import BillTo, issue_invoices
from sib_engine.services.statements.position import positions_of
from sib_engine.services.statements.set_off import set_off_credit

blueprint = Blueprint("billing", __name__, description="Invoices for statements, and what was paid on them.")


@blueprint.route("/contracts/<code>/statements/<int:number>/invoices")
class IssuedInvoices(MethodView):
    """Invoices of a statement."""

    @writing(
        blueprint,
        "issueInvoices",
        Gives(InvoiceListSchema, status=201),
        scope=Scope.BILL,
        action=Action.INVOICE,
        takes=Takes(
            body=IssueSchema,
            example={
                "bill_to": [{"payer": "council", "purchase_order": "PO-17", "vat_treatment": "exempt"}],
                "scheme": "SIB-{year}-{serial:04}",
            },
        ),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int) -> dict[str, Any]:
        """Issue one invoice to each payer of a statement, or a credit note where it takes money back."""
        issued = issue_invoices(
            ask.session,
            code,
            number,
            _bill_to(asked["bill_to"]),
            scheme=asked["scheme"],
            issued_on=None if asked["issued_on"] is None else date.fromisoformat(asked["issued_on"]),
            by=ask.by,
            at=ask.at,
        )
        terms = issued.contract.terms
        today = local_day(ask.at, terms.timezone)
        return {"items": [bill.as_dict(today, terms.currency) for bill in issued.bills]}


@blueprint.route("/contracts/<code>/invoices")
class Invoices(MethodView):
    """All invoices of a contract."""

    @reading(
        blueprint,
        "listInvoices",
        Gives(InvoiceListSchema),
        action=Action.SEE_AMOUNTS,
        takes=Takes(query=OnQuery),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """List invoices and credit notes: net, VAT, gross, due date, what was paid, what is outstanding."""
        place = place_of(ask, code, asked)
        found = positions_of(ask.session, code, on=_day(asked["on"]), by=ask.by, at=place.at, seq=place.seq)
        currency = found.contract.terms.currency
        return {"items": [bill.as_dict(found.on, currency) for bill in found.bills]}


@blueprint.route("/contracts/<code>/credit-notes/<credit>/set-offs")
class SetOffs(MethodView):
    """What a credit note settles."""

    @writing(
        blueprint,
        "setOffCredit",
        Gives(SettledSchema, status=201),
        scope=Scope.BILL,
        action=Action.INVOICE,
        takes=Takes(body=SetOffSchema, example={"rule": "oldest-due"}),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask, code: str, credit: str) -> dict[str, Any]:
        """Settle open, undisputed invoices of the same payer with a credit note, by a declared rule."""
        found = set_off_credit(ask.session, code, credit, rule_of(asked["rule"]), by=ask.by, at=ask.at)
        currency = found.contract.terms.currency
        return {"items": [{"invoice": bill.number, "amount": plain(amount, currency)} for bill, amount in found.parts]}


@blueprint.route("/contracts/<code>/payment-previews")
class PaymentPreviews(MethodView):
    """Files of payments."""

    @writing(
        blueprint,
        "previewPayments",
        Gives(ConfirmationSchema),
        scope=Scope.BILL,
        action=Action.CONFIRM,
        takes=Takes(files=PaymentsFileSchema),
        problems=(Code.NOT_FOUND, Code.REFUSED, Code.FINDINGS),
    )
    def post(self, sent: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """Hold a payer's file of payments against the invoices, line by line; keep nothing."""
        with received(sent["payments"]) as path:
            found = preview_payments(ask.session, code, path, by=ask.by, at=ask.at)
            return {**found.as_dict(), "findings": findings_about(found.findings, path)}


@blueprint.route("/contracts/<code>/payments")
class Payments(MethodView):
    """Payments."""

    @writing(
        blueprint,
        "confirmPayments",
        Gives(ConfirmationSchema, status=201),
        scope=Scope.BILL,
        action=Action.CONFIRM,
        takes=Takes(query=ConfirmQuery, files=PaymentsFileSchema),
        problems=(Code.NOT_FOUND, Code.REFUSED, Code.FINDINGS, Code.STALE),
    )
    def post(self, sent: Mapping[str, Any], asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """Confirm what a payer paid, whole or not at all: only for the payer that is your organisation."""
        with received(sent["payments"]) as path:
            done = confirm_payments(
                ask.session,
                code,
                path,
                digest=asked["digest"],
                accepts_overpayment=asked["accept_overpayment"],
                by=ask.by,
                at=ask.at,
            )
            return {**done.as_dict(), "findings": findings_about(done.findings, path)}


@blueprint.route("/contracts/<code>/position")
class Position(MethodView):
    """Where each payer stands."""

    @reading(
        blueprint,
        "readPosition",
        Gives(PositionSchema),
        action=Action.SEE_AMOUNTS,
        takes=Takes(query=OnQuery),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """Read what each payer was stated, invoiced and paid, what is disputed, and the debt by age."""
        place = place_of(ask, code, asked)
        return positions_of(ask.session, code, on=_day(asked["on"]), by=ask.by, at=place.at, seq=place.seq).as_dict()


@blueprint.route("/contracts/<code>/accrual")
class Accrual(MethodView):
    """What is due and on no invoice."""

    @reading(
        blueprint,
        "readAccrual",
        Gives(AccrualSchema),
        action=Action.SEE_AMOUNTS,
        takes=Takes(query=AccrualQuery),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """Read what is to be accrued at the end of a day, such as 31 March; net."""
        place = place_of(ask, code, asked)
        day = date.fromisoformat(asked["on"])
        return accruals_on(ask.session, code, day, by=ask.by, at=place.at, seq=place.seq).as_dict()


def _bill_to(given: list[Mapping[str, Any]]) -> dict[str, BillTo]:
    found: dict[str, BillTo] = {}
    for each in given:
        if each["payer"] in found:
            message = f"bill_to names {each['payer']} twice; accepted: once for each payer"
            raise RefusedError(message)
        rate = None if each["vat_rate"] is None else rate_in(each["vat_rate"])
        found[each["payer"]] = BillTo(each["purchase_order"], treatment_of(each["vat_treatment"]), rate)
    return found


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
