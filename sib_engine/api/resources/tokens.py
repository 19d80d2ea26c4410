"""One's own tokens."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from sib_engine.api.operation import Gives, Takes, reading, writing
from sib_engine.api.problems import Code
from sib_engine.api.schemas.tokens import MadeTokenSchema, MakeTokenSchema, TokenListSchema
from sib_engine.api.serving import Ask
from sib_engine.services.accounts.tokens import Scope, list_tokens, make_token, revoke_token

blueprint = Blueprint("tokens", __name__, description="Tokens by which programs act for you.")


@blueprint.route("/tokens")
class Tokens(MethodView):
    """All of one's own."""

    @reading(blueprint, "listTokens", Gives(TokenListSchema), action=None)
    def get(self, *, ask: Ask) -> dict[str, Any]:
        """List your tokens; what they are is not shown."""
        return {"items": [line.as_dict() for line in list_tokens(ask.session, by=ask.by)]}

    @writing(
        blueprint,
        "makeToken",
        Gives(MadeTokenSchema, status=201),
        scope=Scope.ADMINISTER,
        action=None,
        takes=Takes(body=MakeTokenSchema, example={"name": "nightly upload", "scopes": ["upload"], "days": 90}),
        problems=(Code.NOT_FOUND, Code.REFUSED),
        once=("secret",),
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask) -> dict[str, Any]:
        """Make a token that acts for you; it is shown once, and kept nowhere."""
        secret, line = make_token(
            ask.session,
            asked["name"],
            scopes=[Scope(scope) for scope in asked["scopes"]],
            contract=asked["contract"],
            days=asked["days"],
            by=ask.by,
            at=ask.at,
        )
        return {**line.as_dict(), "secret": secret}


@blueprint.route("/tokens/<int:number>/revocation")
class Revocation(MethodView):
    """The end of a token."""

    @writing(
        blueprint,
        "revokeToken",
        Gives(TokenListSchema),
        scope=Scope.READ,
        action=None,
        problems=(Code.NOT_FOUND,),
    )
    def post(self, *, ask: Ask, number: int) -> dict[str, Any]:
        """End one of your tokens, at once and for good."""
        revoke_token(ask.session, number, by=ask.by, at=ask.at)
        return {"items": [line.as_dict() for line in list_tokens(ask.session, by=ask.by)]}
