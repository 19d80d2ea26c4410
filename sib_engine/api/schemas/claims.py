"""Claims and what is decided about them."""

from marshmallow import Schema, fields, validate

from sib_engine.api.schemas.base import Day, PageQuery, Text, described
from sib_engine.outcomes.claims import ClaimState, Move

_NAME = validate.Length(max=200)


class ClaimQuery(PageQuery):
    """Which claims are wanted."""

    state = fields.String(load_default="", validate=validate.OneOf([state.value for state in ClaimState]))
    metric = fields.String(load_default="", validate=_NAME)
    site = fields.String(load_default="", validate=_NAME)
    claim = fields.String(
        load_default="", validate=_NAME, metadata=described("Id of the outcome", example="P2/job_start/shop")
    )


class ClaimSchema(Schema):
    """A claim as it is listed."""

    number = fields.Integer(metadata=described("The claim's number, which is in its address"))
    claim = fields.String(metadata=described("Id of the outcome, as statements have it"))
    metric = fields.String()
    site = fields.String(allow_none=True)
    state = fields.String(validate=validate.OneOf([state.value for state in ClaimState]))
    achieved_on = Day(allow_none=True)
    failed = fields.List(fields.String(), metadata=described("Checks that failed"))
    cannot_tell = fields.List(fields.String(), metadata=described("Checks that cannot be answered"))
    etag = fields.String(metadata=described("What If-Match takes"))


class ClaimPageSchema(Schema):
    """Claims, a page of them."""

    items = fields.List(fields.Nested(ClaimSchema))
    next = fields.String(allow_none=True, metadata=described("Cursor of the next page; null on the last"))


class ClaimDetailSchema(Schema):
    """A claim with everything behind it."""

    number = fields.Integer()
    claim = fields.String()
    person = fields.String(metadata=described("Reference for the provider's own people, a number for others"))
    metric = fields.String()
    site = fields.String(allow_none=True)
    state = fields.String()
    achieved_on = Day(allow_none=True)
    facts = fields.List(fields.Dict())
    checks = fields.List(fields.Dict())
    steps = fields.List(fields.Dict(), metadata=described("Every move, with who made it and why"))
    documents = fields.List(fields.Dict())
    lines = fields.List(fields.Dict(), metadata=described("What statements say of it"))
    explanation = fields.Dict(allow_none=True, metadata=described("Why the amount is what it is, down to the clause"))
    basis = fields.String()
    unexplained = fields.String(allow_none=True)


class DecisionSchema(Schema):
    """A move with a claim."""

    move = fields.String(required=True, validate=validate.OneOf([move.value for move in Move]))
    code = Text(load_default="", longest=200, metadata=described("Code of a rejection", example="V02"))
    note = Text(load_default="", metadata=described("Why, in words; needed for every move but acceptance"))


class DecidedSchema(Schema):
    """Where a claim stands after a move."""

    number = fields.Integer()
    claim = fields.String()
    state = fields.String()
    etag = fields.String()


class AcceptedSchema(Schema):
    """What was accepted in bulk."""

    claims = fields.List(fields.String())
