"""Problems, as RFC 9457 has them."""

from marshmallow import Schema, fields

from sib_engine.api.schemas.base import described


class FindingSchema(Schema):
    """One thing that is wrong with a file: where, what, and what would be accepted."""

    severity = fields.String(metadata=described("error or warning"))
    rule = fields.String(metadata=described("The rule, as docs/reasons.md lists them"))
    file = fields.String(allow_none=True)
    key = fields.String(allow_none=True)
    row = fields.Integer(allow_none=True, metadata=described("Row of the file, the heading row being 1"))
    column = fields.String(allow_none=True)
    sheet = fields.String()
    letter = fields.String()
    what = fields.String()
    accepted = fields.String()


class ProblemSchema(Schema):
    """Why a request was refused (RFC 9457)."""

    type = fields.String(metadata=described("Address of the description of this kind of problem"))
    title = fields.String()
    status = fields.Integer()
    code = fields.String(metadata=described("Stable name of the kind, for programs"))
    detail = fields.String(metadata=described("What is wrong here, and what would be accepted"))
    instance = fields.String()
    errors = fields.Dict(metadata=described("Of `not-valid`: every field that is wrong, by where it stands"))
    findings = fields.List(fields.Nested(FindingSchema), metadata=described("Of `findings`: what is wrong with a file"))
    n_findings = fields.Integer()
