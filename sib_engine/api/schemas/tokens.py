"""Tokens of programs."""

from marshmallow import Schema, fields, validate

from sib_engine.api.schemas.base import Text, described
from sib_engine.services.accounts.tokens import LONGEST_LIFE, Scope

_SCOPE = validate.OneOf([scope.value for scope in Scope])


class MakeTokenSchema(Schema):
    """A token to be made."""

    name = Text(required=True, longest=200, least=1, metadata=described("What it is for"))
    scopes = fields.List(
        fields.String(validate=_SCOPE),
        required=True,
        validate=validate.Length(min=1, max=len(Scope)),
        metadata=described("What it may be used for, within your roles"),
    )
    contract = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    days = fields.Integer(load_default=90, validate=validate.Range(min=1, max=LONGEST_LIFE.days))


class TokenSchema(Schema):
    """A token as it is listed."""

    token = fields.Integer(metadata=described("Number of the token"))
    name = fields.String()
    scopes = fields.List(fields.String())
    contract = fields.String(allow_none=True, metadata=described("The one contract it is for; null for all of yours"))
    made_at = fields.String()
    expires_at = fields.String()
    revoked_at = fields.String(allow_none=True)


class TokenListSchema(Schema):
    """Somebody's tokens."""

    items = fields.List(fields.Nested(TokenSchema))


class MadeTokenSchema(TokenSchema):
    """A token that was just made."""

    secret = fields.String(
        allow_none=True,
        metadata=described("The token itself: shown this once and kept nowhere; null in an answer given again"),
    )
