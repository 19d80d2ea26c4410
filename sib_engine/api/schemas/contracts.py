"""Contracts, their versions and what differs between them."""

from marshmallow import Schema, fields, validate

from sib_engine.api.schemas.base import Text, described
from sib_engine.api.schemas.problem import FindingSchema

LONGEST_CONTRACT = 2_000_000


class ContractSchema(Schema):
    """A contract of the store and the version in force."""

    contract = fields.String(metadata=described("Code of the contract", example="mhep-enfield"))
    version = fields.Integer()
    terms = fields.String(metadata=described("Digest of the terms, which statements pin"))
    closed = fields.Boolean(metadata=described("Whether it is closed out"))


class ContractPageSchema(Schema):
    """Contracts, a page of them."""

    items = fields.List(fields.Nested(ContractSchema))
    next = fields.String(allow_none=True, metadata=described("Cursor of the next page; null on the last"))


class VersionSchema(Schema):
    """One version of a contract."""

    version = fields.Integer()
    terms = fields.String()
    note = fields.String(metadata=described("What was agreed, by whom and when"))
    audit = fields.Integer(metadata=described("Place in the audit chain"))


class ContractDetailSchema(ContractSchema):
    """A contract with its versions and its file."""

    versions = fields.List(fields.Nested(VersionSchema))
    source = fields.String(metadata=described("The contract file of the version in force (TOML)"))


class RegisterSchema(Schema):
    """A contract file to register, or a new version of one."""

    source = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_CONTRACT),
        metadata=described("The contract file (TOML)"),
    )
    parties = fields.Dict(
        keys=fields.String(validate=validate.Length(max=200)),
        values=fields.String(validate=validate.Length(max=200)),
        load_default=dict,
        metadata=described("Organisation of each party that is not entered under the name in the file"),
    )
    note = Text(
        load_default="", metadata=described("What was agreed, by whom and when; needed from the second version on")
    )


class RegisteredSchema(Schema):
    """What was registered."""

    contract = fields.String()
    version = fields.Integer()
    terms = fields.String()
    findings = fields.List(fields.Nested(FindingSchema), metadata=described("Warnings of the checks"))


class SourceSchema(Schema):
    """A contract file to be checked."""

    source = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_CONTRACT))


class FindingsSchema(Schema):
    """What the checks say of a contract file."""

    usable = fields.Boolean(metadata=described("Whether it has no errors"))
    findings = fields.List(fields.Nested(FindingSchema))


class DiffQuery(Schema):
    """Two versions."""

    before = fields.Integer(required=True, validate=validate.Range(min=1, max=1_000_000))
    after = fields.Integer(required=True, validate=validate.Range(min=1, max=1_000_000))


class DiffSchema(Schema):
    """What differs between two versions, clause by clause."""

    contract = fields.String()
    before = fields.Integer()
    after = fields.Integer()
    clauses = fields.List(fields.Dict())
