"""Files of facts: previewed, taken in, listed; and what is still missing."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from sib_engine.api.operation import Gives, Takes, reading, writing
from sib_engine.api.problems import Code
from sib_engine.api.received import findings_about, received
from sib_engine.api.schemas.uploads import (
    ChaseQuery,
    DigestQuery,
    FactsFileSchema,
    OpenListSchema,
    PreviewSchema,
    UploadListSchema,
)
from sib_engine.api.serving import Ask
from sib_engine.services.access.roles import Action
from sib_engine.services.accounts.tokens import Scope
from sib_engine.services.claims.chase import chase, falls_due
from sib_engine.services.claims.upload import commit_upload, preview_upload
from sib_engine.services.claims.uploads import list_uploads

blueprint = Blueprint("uploads", __name__, description="Facts about people, as providers report them.")


@blueprint.route("/contracts/<code>/upload-previews")
class UploadPreviews(MethodView):
    """Previews."""

    @writing(
        blueprint,
        "previewUpload",
        Gives(PreviewSchema),
        scope=Scope.UPLOAD,
        action=Action.UPLOAD,
        takes=Takes(files=FactsFileSchema),
        problems=(Code.NOT_FOUND, Code.REFUSED, Code.FINDINGS),
    )
    def post(self, sent: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """Say everything that is wrong with a file, what it would add, and what would be paid for it; keep nothing."""
        with received(sent["facts"]) as path:
            found = preview_upload(ask.session, code, path, by=ask.by, at=ask.at)
            return {**found.as_dict(), "findings": findings_about(found.findings, path)}


@blueprint.route("/contracts/<code>/uploads")
class Uploads(MethodView):
    """What was taken in."""

    @reading(blueprint, "listUploads", Gives(UploadListSchema), action=Action.SEE_PEOPLE, problems=(Code.NOT_FOUND,))
    def get(self, *, ask: Ask, code: str) -> dict[str, Any]:
        """List the files that were taken in."""
        return {"items": [line.as_dict() for line in list_uploads(ask.session, code, by=ask.by)]}

    @writing(
        blueprint,
        "commitUpload",
        Gives(PreviewSchema, status=201),
        scope=Scope.UPLOAD,
        action=Action.UPLOAD,
        takes=Takes(query=DigestQuery, files=FactsFileSchema),
        problems=(Code.NOT_FOUND, Code.REFUSED, Code.FINDINGS, Code.STALE),
    )
    def post(self, sent: Mapping[str, Any], asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """Take in a file: its facts, the claims that follow from them, and what the checks say of each."""
        with received(sent["facts"]) as path:
            done = commit_upload(ask.session, code, path, digest=asked["digest"], by=ask.by, at=ask.at)
            return {**done.as_dict(), "findings": findings_about(done.findings, path), "upload": done.upload}


@blueprint.route("/contracts/<code>/chase")
class ChaseList(MethodView):
    """Earned and unevidenced."""

    @reading(
        blueprint,
        "readChaseList",
        Gives(OpenListSchema),
        action=Action.SEE_PEOPLE,
        takes=Takes(query=ChaseQuery),
        problems=(Code.NOT_FOUND,),
    )
    def get(self, asked: Mapping[str, Any], *, ask: Ask, code: str) -> dict[str, Any]:
        """List what has been earned and lacks a record: what is missing, until when, and what it is worth."""
        return chase(ask.session, code, specialist=asked["specialist"], by=ask.by, at=ask.at).as_dict()


@blueprint.route("/contracts/<code>/due")
class DueList(MethodView):
    """What falls due."""

    @reading(blueprint, "readDueList", Gives(OpenListSchema), action=Action.SEE_PEOPLE, problems=(Code.NOT_FOUND,))
    def get(self, *, ask: Ask, code: str) -> dict[str, Any]:
        """List the outcomes that fall due if the work lasts, with what they would earn."""
        return falls_due(ask.session, code, by=ask.by, at=ask.at).as_dict()
