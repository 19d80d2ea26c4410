"""Decisions are made about what was read: If-Match holds against the ETag of what is there."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from sib_engine.api.problems import Code, ProblemError

ETAG: Final[Mapping[str, Any]] = {
    "ETag": {
        "description": "Changes whenever what is read changes; a decision sends it as If-Match",
        "schema": {"type": "string"},
    }
}

IF_MATCH: Final[Mapping[str, Any]] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "ETag of what was read",
    "schema": {"type": "string", "minLength": 3, "maxLength": 200},
}


def refuse_stale(etag: str) -> None:
    """Refuse a decision about something that has changed since it was read.

    Raises:
        ProblemError: If there is no If-Match, or it names another state.
    """
    if not request.if_match:
        message = "no If-Match came with the decision; accepted: the ETag of what was read"
        raise ProblemError(Code.IF_MATCH_MISSING, message)
    if not request.if_match.contains(etag):
        message = f'what was read is no longer what is there: its ETag is now "{etag}"'
        raise ProblemError(Code.STALE, message)
