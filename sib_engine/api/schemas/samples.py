"""Verification samples."""

from marshmallow import Schema, fields, validate

from sib_engine.api.schemas.base import Day, Money, Text, described
from sib_engine.payments.sampling.review_file import Found

_NUMBER = validate.Range(min=1, max=1_000_000_000)


class FrameQuery(Schema):
    """How large a sample would be."""

    checks = fields.Integer(load_default=None, validate=_NUMBER, metadata=described("Claims to draw in all"))


class FrameSchema(Schema):
    """Which claims a sample of a statement would stand for, and how many would be drawn."""

    contract = fields.String()
    currency = fields.String()
    statement = fields.Integer()
    period = fields.String()
    clause = fields.String()
    method = fields.String()
    confidence = fields.String()
    recover = fields.String(metadata=described("The rule by which money is taken back"))
    frame = fields.String(metadata=described("Digest of the claims stood for"))
    claims = fields.Integer()
    value = Money()
    strata = fields.List(fields.Dict())


class DesignSchema(Schema):
    """The design of a sample, recorded before anything is drawn."""

    checks = fields.Integer(load_default=None, allow_none=True, validate=_NUMBER)
    seed_from = Text(
        load_default="", longest=500, metadata=described("What will be published and become part of the seed")
    )
    seed_on = Day(load_default=None, allow_none=True, metadata=described("From which day on it will be published"))


class DrawSchema(Schema):
    """What was published, where the design names something."""

    published = Text(load_default="", longest=500)


class ReviewSchema(Schema):
    """What full review found of one claim drawn."""

    claim = fields.String(required=True, validate=validate.Length(min=1, max=400))
    found = fields.String(required=True, validate=validate.OneOf([found.value for found in Found]))
    right_value = Money(load_default=None, allow_none=True, metadata=described("Where right in part: what is right"))
    code = Text(load_default="", longest=200, metadata=described("Code of a rejection, where wrong", example="V06"))
    note = Text(load_default="")


class SampleSchema(Schema):
    """A sample: its design, what was drawn and found, and what it says."""

    contract = fields.String()
    currency = fields.String()
    statement = fields.Integer()
    period = fields.String()
    state = fields.String()
    clause = fields.String()
    design = fields.Dict()
    digest = fields.String()
    recorded_digest = fields.String()
    audit_entry = fields.Integer()
    seed_source = fields.String(allow_none=True)
    published = fields.String(allow_none=True)
    assumed = fields.Boolean()
    drawn = fields.Integer()
    verdicts = fields.Dict()
    claims = fields.List(fields.Dict(), metadata=described("The claims drawn, for those who may see them"))
    estimate = fields.Dict(allow_none=True)
    recovery = fields.Dict(allow_none=True)
    events = fields.List(fields.Dict())


class SampleListSchema(Schema):
    """The samples of a contract."""

    items = fields.List(fields.Nested(SampleSchema))
