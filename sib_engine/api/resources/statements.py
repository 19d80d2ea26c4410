"""Statements: drawn up, approved, read, sent, disputed."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from sib_engine.api.known import KnownQuery, place_of
from sib_engine.api.operation import Gives, Takes, reading, writing
from sib_engine.api.problems import Code
from sib_engine.api.schemas.money import (
    ApproveSchema,
    DisputeSchema,
    DraftSchema,
    NoteSchema,
    StatementListSchema,
    StatementSchema,
)
from sib_engine.api.serving import Ask
from sib_engine.services.access.roles import Action
from sib_engine.services.accounts.tokens import Scope
from sib_engine.services.statements.approve import approve_statement
from sib_engine.services.statements.dispute import dispute_line, settle_line
from sib_engine.services.statements.draw import draw_statement_of
from sib_engine.services.statements.send import send_statement
from sib_engine.services.statements.show import list_statements, show_statement

blueprint = Blueprint("statements", __name__, description="What each payer owes, period by period.")


@blueprint.route("/contracts/<code>/drafts/<period>")
class Draft(MethodView):
    """What would be stated."""

    @reading(
        blueprint,
        "draftStatement",
        Gives(DraftSchema),
        action=Action.SEE_PEOPLE,
        takes=Takes(query=KnownQuery),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str, period: str) -> dict[str, Any]:
        """Draw up the statement of a period from what is accepted; keep nothing."""
        place = place_of(ask, code, asked)
        return draw_statement_of(ask.session, code, period, at=place.at, seq=place.seq).as_dict()


@blueprint.route("/contracts/<code>/statements")
class Statements(MethodView):
    """Approved statements."""

    @reading(
        blueprint,
        "listStatements",
        Gives(StatementListSchema),
        action=Action.SEE_AMOUNTS,
        takes=Takes(query=KnownQuery),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """List the approved statements, without their lines."""
        found = list_statements(ask.session, code, by=ask.by, seq=place_of(ask, code, asked).seq)
        return {"items": [each.as_dict() for each in found]}

    @writing(
        blueprint,
        "approveStatement",
        Gives(DraftSchema, status=201),
        scope=Scope.DECIDE,
        action=Action.APPROVE,
        takes=Takes(body=ApproveSchema, example={"period": "2021-Q1", "digest": "sib1:..."}),
        problems=(Code.NOT_FOUND, Code.REFUSED, Code.STALE),
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """Approve the statement whose digest was shown; refused where what is due has changed since.

        Nobody approves what their organisation submitted, nor a statement with a claim that they verified.
        """
        return approve_statement(
            ask.session,
            code,
            asked["period"],
            digest=asked["digest"],
            accepts_restatement=asked["accepts_restatement"],
            by=ask.by,
            at=ask.at,
        ).as_dict()


@blueprint.route("/contracts/<code>/statements/<int:number>")
class Statement(MethodView):
    """One statement."""

    @reading(
        blueprint,
        "readStatement",
        Gives(StatementSchema),
        action=Action.SEE_AMOUNTS,
        takes=Takes(query=KnownQuery),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int) -> dict[str, Any]:
        """Read a statement: its lines, what each payer owes, and what became of it."""
        return show_statement(ask.session, code, number, by=ask.by, seq=place_of(ask, code, asked).seq).as_dict()


@blueprint.route("/contracts/<code>/statements/<int:number>/sendings")
class Sendings(MethodView):
    """That a statement was sent."""

    @writing(
        blueprint,
        "sendStatement",
        Gives(StatementSchema, status=201),
        scope=Scope.DECIDE,
        action=Action.APPROVE,
        takes=Takes(body=NoteSchema, example={"note": "by e-mail to both finance teams"}),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int) -> dict[str, Any]:
        """Note that a statement was sent to its payers."""
        send_statement(ask.session, code, number, note=asked["note"], by=ask.by, at=ask.at)
        return show_statement(ask.session, code, number, by=ask.by).as_dict()


@blueprint.route("/contracts/<code>/statements/<int:number>/lines/<int:line>/disputes")
class Disputes(MethodView):
    """That a payer does not accept a line."""

    @writing(
        blueprint,
        "disputeLine",
        Gives(StatementSchema, status=201),
        scope=Scope.DECIDE,
        action=Action.DISPUTE,
        takes=Takes(body=DisputeSchema, example={"note": "the employer denies it"}),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int, line: int) -> dict[str, Any]:
        """Say that a payer does not accept a line; what it was to pay is not overdue while it is disputed."""
        dispute_line(ask.session, code, number, line, payer=asked["payer"], note=asked["note"], by=ask.by, at=ask.at)
        return show_statement(ask.session, code, number, by=ask.by).as_dict()


@blueprint.route("/contracts/<code>/statements/<int:number>/lines/<int:line>/settlements")
class Settlements(MethodView):
    """That a payer accepts a line after all."""

    @writing(
        blueprint,
        "settleLine",
        Gives(StatementSchema, status=201),
        scope=Scope.DECIDE,
        action=Action.DISPUTE,
        takes=Takes(body=DisputeSchema, example={"note": "payslip seen"}),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask, code: str, number: int, line: int) -> dict[str, Any]:
        """Say that a payer no longer disputes a line, and how that came."""
        settle_line(ask.session, code, number, line, payer=asked["payer"], note=asked["note"], by=ask.by, at=ask.at)
        return show_statement(ask.session, code, number, by=ask.by).as_dict()
