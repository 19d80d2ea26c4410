"""Files of facts: what they would do, and what was taken in."""

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from sib_engine.api.schemas.base import Day, Money, described
from sib_engine.api.schemas.problem import FindingSchema


class FactsFileSchema(Schema):
    """A file of facts: CSV, or a workbook as the template has it."""

    facts = Upload(required=True, metadata=described("The file"))


class DigestQuery(Schema):
    """Which file is meant."""

    digest = fields.String(
        load_default=None,
        validate=validate.Length(max=100),
        metadata=described("Digest that the preview showed; another file is refused"),
    )


class PreviewSchema(Schema):
    """What a file would do, or has done."""

    contract = fields.String()
    file = fields.String()
    digest = fields.String()
    can_be_committed = fields.Boolean()
    facts = fields.Integer(metadata=described("Rows of facts"))
    new = fields.Integer()
    changed = fields.Integer(metadata=described("Facts that are said anew"))
    known = fields.Integer(metadata=described("Facts that were known already"))
    new_people = fields.Integer()
    claims = fields.Integer(metadata=described("Claims that follow from it"))
    would_pay = Money(allow_none=True, metadata=described("What they earn before caps; null without prices"))
    at_stake = Money(allow_none=True, metadata=described("What lacks a record"))
    falls_due = Money(allow_none=True, metadata=described("What falls due if the work lasts"))
    assumed = fields.Boolean(metadata=described("Whether an amount rests on an assumed price"))
    findings = fields.List(fields.Nested(FindingSchema))
    upload = fields.Integer(allow_none=True, metadata=described("Number of the upload, once taken in"))


class UploadSchema(Schema):
    """One upload."""

    upload = fields.Integer()
    file = fields.String()
    taken_in_at = fields.String()
    by = fields.String()
    organisation = fields.String()
    facts = fields.Integer()
    standing = fields.Integer(metadata=described("Facts of it that still stand"))


class UploadListSchema(Schema):
    """The uploads of a contract."""

    items = fields.List(fields.Nested(UploadSchema))


class OpenListSchema(Schema):
    """What has been earned and lacks a record, or falls due later."""

    contract = fields.String()
    as_of = Day()
    at_stake = Money(allow_none=True)
    too_late = Money(allow_none=True)
    falls_due = Money(allow_none=True)
    assumed = fields.Boolean()
    specialists = fields.List(fields.Dict())
    months = fields.List(fields.Dict())
    lines = fields.List(fields.Dict())
    lines_too_late = fields.List(fields.Dict())


class ChaseQuery(Schema):
    """Whose people it is about."""

    specialist = fields.String(load_default=None, validate=validate.Length(max=200))
