"""The audit trail: read, verified, replayed."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from sib_engine.api.known import KnownQuery, place_of
from sib_engine.api.operation import Gives, Takes, reading
from sib_engine.api.problems import Code
from sib_engine.api.schemas.audit import EntryPageSchema, ReplayedListSchema, VerifiedSchema
from sib_engine.api.schemas.base import PageQuery
from sib_engine.api.serving import Ask
from sib_engine.services.access.actors import require
from sib_engine.services.access.roles import Action
from sib_engine.services.audit.replay import replay
from sib_engine.services.audit.trail import trail_page
from sib_engine.services.paging import Wanted
from sib_engine.storage.verify import verify

blueprint = Blueprint("audit", __name__, description="Every command, in one chain.")


@blueprint.route("/audit/entries")
class Entries(MethodView):
    """The entries."""

    @reading(
        blueprint,
        "listAuditEntries",
        Gives(EntryPageSchema),
        action=Action.AUDIT,
        takes=Takes(query=PageQuery),
        problems=(Code.NOT_FOUND,),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask) -> dict[str, Any]:
        """List the entries of the audit trail, in order."""
        page = trail_page(ask.session, Wanted(asked["limit"], asked["cursor"]), by=ask.by)
        return {"items": [line.as_dict() for line in page.rows], "next": page.next}


@blueprint.route("/audit/verification")
class Verification(MethodView):
    """Whether it holds."""

    @reading(blueprint, "verifyAudit", Gives(VerifiedSchema), action=Action.AUDIT)
    def get(self, *, ask: Ask) -> dict[str, Any]:
        """Check every hash, every link and every row of the audit trail."""
        require(ask.session, ask.by, Action.AUDIT, None)
        found = verify(ask.session)
        return {
            "whole": not found.breaks,
            "entries": found.n_entries,
            "rows": found.n_rows,
            "head": found.head,
            "breaks": [{"entry": each.seq, "command": each.command, "what": each.what} for each in found.breaks],
        }


@blueprint.route("/contracts/<code>/replay")
class Replay(MethodView):
    """Statements worked out again."""

    @reading(
        blueprint,
        "replayStatements",
        Gives(ReplayedListSchema),
        action=Action.AUDIT,
        takes=Takes(query=KnownQuery),
        problems=(Code.NOT_FOUND, Code.REFUSED),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """Work out every statement of a contract again from what was known when it was approved."""
        found = replay(ask.session, code, seq=place_of(ask, code, asked).seq)
        return {
            "items": [
                {
                    "contract": each.contract,
                    "statement": each.number,
                    "period": each.period,
                    "lines": each.n_lines,
                    "same": each.is_same,
                    "missing": len(each.missing),
                    "extra": len(each.extra),
                    "why": each.why or None,
                }
                for each in found
            ]
        }
