"""Claims: listed, read and decided."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from sib_engine.api.etags import ETAG, IF_MATCH, refuse_stale
from sib_engine.api.operation import Gives, Takes, reading, writing
from sib_engine.api.problems import Code
from sib_engine.api.schemas.claims import (
    AcceptedSchema,
    ClaimDetailSchema,
    ClaimPageSchema,
    ClaimQuery,
    DecidedSchema,
    DecisionSchema,
)
from sib_engine.api.serving import Ask
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.roles import Action
from sib_engine.services.accounts.tokens import Scope
from sib_engine.services.claims.decide import accept_where_all_passed, decide
from sib_engine.services.claims.pages import ClaimFilter, claim_line, claims_page
from sib_engine.services.claims.show_claim import show_claim
from sib_engine.services.contracts.find import number_of
from sib_engine.services.paging import Wanted

blueprint = Blueprint("claims", __name__, description="Outcomes that are claimed, what was checked, what was decided.")


@blueprint.route("/contracts/<code>/claims")
class Claims(MethodView):
    """The claims of a contract."""

    @reading(
        blueprint,
        "listClaims",
        Gives(ClaimPageSchema),
        action=Action.SEE_PEOPLE,
        takes=Takes(query=ClaimQuery),
        problems=(Code.NOT_FOUND,),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """List claims in the order in which they were made; a provider sees its own."""
        which = ClaimFilter(asked["state"], asked["metric"], asked["site"], asked["claim"])
        wanted = Wanted(asked["limit"], asked["cursor"])
        page = claims_page(ask.session, number_of(ask.session, code, by=ask.by), wanted, which, by=ask.by)
        return {"items": [line.as_dict() for line in page.rows], "next": page.next}


@blueprint.route("/contracts/<code>/claims/<int:number>")
class Claim(MethodView):
    """One claim."""

    @reading(
        blueprint,
        "readClaim",
        Gives(ClaimDetailSchema, headers=ETAG),
        action=Action.SEE_PEOPLE,
        problems=(Code.NOT_FOUND,),
    )
    def get(self, *, ask: Ask, code: str, number: int) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Read a claim with its facts, checks, steps, documents and the explanation of its amount."""
        line = claim_line(ask.session, number_of(ask.session, code, by=ask.by), number, by=ask.by)
        found = show_claim(ask.session, code, line.row, by=ask.by, at=ask.at)
        return {"number": number, **found.as_dict()}, 200, {"ETag": f'"{line.etag}"'}


@blueprint.route("/contracts/<code>/claims/<int:number>/decisions")
class Decisions(MethodView):
    """What is decided about a claim."""

    @writing(
        blueprint,
        "decideClaim",
        Gives(DecidedSchema, headers=ETAG),
        scope=Scope.DECIDE,
        action=None,
        takes=Takes(
            body=DecisionSchema,
            headers=(IF_MATCH,),
            example={"move": "reject", "code": "V02", "note": "the letter names another employer"},
        ),
        problems=(Code.NOT_FOUND, Code.REFUSED, Code.STALE, Code.IF_MATCH_MISSING),
    )
    def post(
        self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int
    ) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Accept, reject, query, answer, withdraw or re-open a claim, as it was when it was read."""
        contract_id = number_of(ask.session, code, by=ask.by)
        before = claim_line(ask.session, contract_id, number, by=ask.by)
        refuse_stale(before.etag)
        move = Move(asked["move"])
        decide(ask.session, code, move, [before.row], reason=asked["code"], note=asked["note"], by=ask.by, at=ask.at)
        after = claim_line(ask.session, contract_id, number, by=ask.by)
        body = {"number": number, "claim": after.row, "state": after.state, "etag": after.etag}
        return body, 200, {"ETag": f'"{after.etag}"'}


@blueprint.route("/contracts/<code>/acceptances")
class Acceptances(MethodView):
    """Acceptance in bulk."""

    @writing(
        blueprint,
        "acceptWhereAllPassed",
        Gives(AcceptedSchema),
        scope=Scope.DECIDE,
        action=Action.VERIFY,
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def post(self, *, ask: Ask, code: str) -> dict[str, Any]:
        """Accept every submitted claim of which all checks passed and that you may decide."""
        done = accept_where_all_passed(ask.session, code, by=ask.by, at=ask.at)
        return {"claims": [claim.row for claim in done]}
