"""The audit trail."""

from marshmallow import Schema, fields

from sib_engine.api.schemas.base import described


class EntrySchema(Schema):
    """One entry of the trail."""

    entry = fields.Integer(metadata=described("Its number; what `as_known_on` takes"))
    at = fields.String()
    command = fields.String()
    by = fields.String(allow_none=True)
    contract = fields.String(allow_none=True)
    payload = fields.Dict(metadata=described("What it was about; nothing personal is in it"))
    rows = fields.Integer(metadata=described("Rows that it wrote"))
    hash = fields.String()


class EntryPageSchema(Schema):
    """Entries, a page of them."""

    items = fields.List(fields.Nested(EntrySchema))
    next = fields.String(allow_none=True)


class BreakSchema(Schema):
    """Where the trail does not hold."""

    entry = fields.Integer()
    command = fields.String()
    what = fields.String()


class VerifiedSchema(Schema):
    """Whether the trail is whole."""

    whole = fields.Boolean()
    entries = fields.Integer()
    rows = fields.Integer()
    head = fields.String(metadata=described("Hash of the last entry: keep it elsewhere as an anchor"))
    breaks = fields.List(fields.Nested(BreakSchema))


class ReplayedSchema(Schema):
    """One statement worked out again."""

    contract = fields.String()
    statement = fields.Integer()
    period = fields.String()
    lines = fields.Integer()
    same = fields.Boolean(metadata=described("Whether every line comes out as it was stated"))
    missing = fields.Integer(metadata=described("Lines that were stated and do not come out"))
    extra = fields.Integer(metadata=described("Lines that come out and were not stated"))
    why = fields.String(allow_none=True, metadata=described("Why it could not be worked out at all"))


class ReplayedListSchema(Schema):
    """The statements of a contract, worked out again."""

    items = fields.List(fields.Nested(ReplayedSchema))
