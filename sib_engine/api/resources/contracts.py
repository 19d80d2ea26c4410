"""Contracts: listed, read, checked, registered and compared."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from sib_engine.api.operation import Gives, Takes, reading, writing
from sib_engine.api.problems import Code
from sib_engine.api.schemas.base import PageQuery
from sib_engine.api.schemas.contracts import (
    ContractDetailSchema,
    ContractPageSchema,
    DiffQuery,
    DiffSchema,
    FindingsSchema,
    RegisteredSchema,
    RegisterSchema,
    SourceSchema,
)
from sib_engine.api.serving import Ask
from sib_engine.core.findings import Severity
from sib_engine.services.access.roles import Action
from sib_engine.services.accounts.tokens import Scope
from sib_engine.services.contracts.find import number_of
from sib_engine.services.contracts.register import register_contract
from sib_engine.services.contracts.versions import (
    changes_between,
    contracts_page,
    findings_of,
    source_of,
    versions_of,
)
from sib_engine.services.paging import Wanted

blueprint = Blueprint("contracts", __name__, description="Contracts as data, with every version of each.")


@blueprint.route("/contracts")
class Contracts(MethodView):
    """All contracts."""

    @reading(
        blueprint,
        "listContracts",
        Gives(ContractPageSchema),
        action=None,
        takes=Takes(query=PageQuery),
        problems=(Code.NOT_FOUND,),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask) -> dict[str, Any]:
        """List the contracts on which you have a role."""
        page = contracts_page(ask.session, Wanted(asked["limit"], asked["cursor"]), by=ask.by)
        return {"items": [line.as_dict() for line in page.rows], "next": page.next}

    @writing(
        blueprint,
        "registerContract",
        Gives(RegisteredSchema, status=201),
        scope=Scope.ADMINISTER,
        action=Action.REGISTER,
        takes=Takes(body=RegisterSchema),
        problems=(Code.FINDINGS, Code.REFUSED, Code.NOT_FOUND),
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask) -> dict[str, Any]:
        """Register a contract, or a new version of one.

        What earlier statements hold never moves by itself: a version that would change it shows as a restatement
        when the next statement is drawn up.
        """
        done = register_contract(
            ask.session, asked["source"], parties=asked["parties"], note=asked["note"], by=ask.by, at=ask.at
        )
        return {
            "contract": done.code,
            "version": done.version,
            "terms": done.digest,
            "findings": [finding.as_dict() for finding in done.findings],
        }


@blueprint.route("/contract-checks")
class ContractChecks(MethodView):
    """Checks of files that are not registered."""

    @writing(
        blueprint,
        "checkContract",
        Gives(FindingsSchema),
        scope=Scope.READ,
        action=None,
        takes=Takes(body=SourceSchema),
    )
    def post(self, asked: Mapping[str, Any], *, ask: Ask) -> dict[str, Any]:  # noqa: ARG002 - everybody may ask
        """Say what the checks find in a contract file; nothing is kept of it."""
        findings = findings_of(asked["source"])
        return {
            "usable": not any(finding.severity is Severity.ERROR for finding in findings),
            "findings": [finding.as_dict() for finding in findings],
        }


@blueprint.route("/contracts/<code>")
class Contract(MethodView):
    """One contract."""

    @reading(blueprint, "readContract", Gives(ContractDetailSchema), action=None, problems=(Code.NOT_FOUND,))
    def get(self, *, ask: Ask, code: str) -> dict[str, Any]:
        """Read a contract: its versions, and the file of the one in force."""
        number = number_of(ask.session, code, by=ask.by)
        versions = versions_of(ask.session, number)
        _, source = source_of(ask.session, number)
        return {
            "contract": code,
            "version": versions[-1].number,
            "terms": versions[-1].digest,
            "closed": False,
            "versions": [version.as_dict() for version in versions],
            "source": source,
        }


@blueprint.route("/contracts/<code>/diff")
class ContractDiff(MethodView):
    """Two versions of a contract."""

    @reading(
        blueprint,
        "diffContract",
        Gives(DiffSchema),
        action=None,
        takes=Takes(query=DiffQuery),
        problems=(Code.NOT_FOUND,),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """Say what differs between two versions, clause by clause."""
        number = number_of(ask.session, code, by=ask.by)
        changes = changes_between(ask.session, number, asked["before"], asked["after"])
        return {
            "contract": code,
            "before": asked["before"],
            "after": asked["after"],
            "clauses": [change.as_dict() for change in changes],
        }
