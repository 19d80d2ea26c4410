"""Statements, invoices, payments, positions and accruals."""

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from sib_engine.api.known import KnownQuery
from sib_engine.api.schemas.base import Day, Money, Text, described
from sib_engine.api.schemas.problem import FindingSchema
from sib_engine.payments.billing.setting_off import SetOffRule
from sib_engine.payments.billing.vat import VatTreatment

_NAME = validate.Length(min=1, max=200)
_PAYER = fields.String(load_default=None, allow_none=True, validate=_NAME, metadata=described("Where you act for two"))


class DraftSchema(Schema):
    """A statement as it would be approved; nothing of it is kept."""

    contract = fields.String()
    currency = fields.String()
    statement = fields.Integer()
    period = fields.String()
    known_on = Day()
    digest = fields.String(metadata=described("What an approver approves"))
    total = Money()
    pays = fields.Dict(keys=fields.String(), values=Money(), metadata=described("What each payer pays"))
    lines = fields.List(fields.Dict(), metadata=described("Added up by period, kind, metric and site"))
    restated = fields.List(fields.Dict(), metadata=described("What new terms would change of earlier statements"))
    findings = fields.List(fields.Nested(FindingSchema))


class ApproveSchema(Schema):
    """An approval."""

    period = fields.String(required=True, validate=_NAME, metadata=described("Label of the period", example="2021-Q1"))
    digest = fields.String(required=True, validate=_NAME, metadata=described("Digest of the draft that was shown"))
    accepts_restatement = fields.Boolean(
        load_default=False, metadata=described("Approve what new terms change of earlier statements")
    )


class StatementSchema(Schema):
    """An approved statement and what became of it."""

    contract = fields.String()
    currency = fields.String()
    statement = fields.Integer()
    period = fields.String()
    known_on = Day()
    digest = fields.String()
    total = Money()
    lines = fields.List(fields.Dict(), metadata=described("One by one for those who may see people, else added up"))
    payers = fields.List(fields.Dict())
    events = fields.List(fields.Dict(), metadata=described("What happened to it, when and by whom"))


class StatementListSchema(Schema):
    """The statements of a contract."""

    items = fields.List(fields.Nested(StatementSchema))


class NoteSchema(Schema):
    """A note."""

    note = Text(load_default="")


class DisputeSchema(Schema):
    """A dispute of a line, or its settlement."""

    note = Text(required=True, least=1, metadata=described("Why, in words"))
    payer = _PAYER


class BillToSchema(Schema):
    """What an invoice needs and no contract says."""

    payer = fields.String(required=True, validate=_NAME)
    purchase_order = fields.String(required=True, validate=_NAME, metadata=described("Or `none`"))
    vat_treatment = fields.String(required=True, validate=validate.OneOf([each.value for each in VatTreatment]))
    vat_rate = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=10),
        metadata=described("Per cent, where not the dated standard rate", example="17.5"),
    )


class IssueSchema(Schema):
    """Invoices to issue for a statement."""

    bill_to = fields.List(fields.Nested(BillToSchema), required=True, validate=validate.Length(min=1, max=50))
    scheme = fields.String(
        load_default=None,
        allow_none=True,
        validate=_NAME,
        metadata=described("How invoices are numbered; needed for the first", example="SIB-{year}-{serial:04}"),
    )
    issued_on = Day(load_default=None, allow_none=True)


class InvoiceSchema(Schema):
    """An invoice, or a credit note where amounts are below zero."""

    number = fields.String()
    purchase_order = fields.String()
    payer = fields.String()
    statement = fields.Integer()
    period = fields.String()
    vat_treatment = fields.String()
    vat_rate = fields.String(allow_none=True)
    net = Money()
    vat = Money()
    gross = Money()
    paid = Money()
    set_off = Money()
    disputed = Money()
    outstanding = Money()
    issued_on = Day()
    due_on = Day()
    age = fields.String(allow_none=True, metadata=described("How long it is overdue"))


class InvoiceListSchema(Schema):
    """Invoices and credit notes."""

    items = fields.List(fields.Nested(InvoiceSchema))


class SetOffSchema(Schema):
    """A credit note to be set off."""

    rule = fields.String(required=True, validate=validate.OneOf([rule.value for rule in SetOffRule]))


class SettledSchema(Schema):
    """What a credit note settled."""

    items = fields.List(fields.Dict())


class OnQuery(KnownQuery):
    """As of which day."""

    on = Day(load_default=None, allow_none=True, metadata=described("As things stood at the end of this day"))


class AccrualQuery(KnownQuery):
    """On which day."""

    on = Day(required=True, metadata=described("The day of the balance sheet", example="2021-03-31"))


class PositionSchema(Schema):
    """Where each payer stands."""

    contract = fields.String()
    currency = fields.String()
    on = Day()
    payers = fields.List(fields.Dict())


class AccrualSchema(Schema):
    """What is to be accrued."""

    contract = fields.String()
    currency = fields.String()
    on = Day()
    assumed = fields.Boolean()
    total = Money()
    lines = fields.List(fields.Dict())


class PaymentsFileSchema(Schema):
    """A payer's file of payments."""

    payments = Upload(required=True, metadata=described("The file"))


class ConfirmQuery(Schema):
    """Which file is meant, and whether more than is open may be confirmed."""

    digest = fields.String(load_default=None, validate=validate.Length(max=100))
    accept_overpayment = fields.Boolean(load_default=False)


class ConfirmationSchema(Schema):
    """A file of payments held against the invoices, line by line."""

    contract = fields.String()
    file = fields.String()
    digest = fields.String()
    can_be_committed = fields.Boolean()
    total = Money()
    lines = fields.List(fields.Dict())
    findings = fields.List(fields.Nested(FindingSchema))
