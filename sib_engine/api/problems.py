"""Refusals as RFC 9457 problems: one catalogue says which status each code has and what a client does about it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from sib_engine.core.errors import FindingsError, SibError

MEDIA_TYPE: Final = "application/problem+json"
MOST_FINDINGS: Final = 1_000
"""Findings in one answer at most; their number is always said."""


class Code(StrEnum):
    """The stable name of a kind of problem, for programs."""

    BAD_REQUEST = "bad-request"
    KEY_MISSING = "key-missing"
    NOT_SIGNED_IN = "not-signed-in"
    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    NOT_ACCEPTABLE = "not-acceptable"
    REFUSED = "refused"
    STALE = "stale"
    TOO_LARGE = "too-large"
    MEDIA_TYPE = "media-type"
    FINDINGS = "findings"
    NOT_VALID = "not-valid"
    KEY_REUSED = "key-reused"
    AMOUNT_TOO_LARGE = "amount-too-large"
    IF_MATCH_MISSING = "if-match-missing"
    TOO_MANY = "too-many"
    ERROR = "error"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its code, the status that it has, a title, and what a client can do about it."""

    code: Code
    status: HTTPStatus
    title: str
    remedy: str


_KINDS: Final = (
    Kind(Code.BAD_REQUEST, HTTPStatus.BAD_REQUEST, "The request cannot be read", "Mend what the detail names."),
    Kind(
        Code.KEY_MISSING,
        HTTPStatus.BAD_REQUEST,
        "A request that writes needs an Idempotency-Key",
        "Send a header Idempotency-Key: new for each request, and the same when one is sent again.",
    ),
    Kind(
        Code.NOT_SIGNED_IN,
        HTTPStatus.UNAUTHORIZED,
        "Nobody knows who asks",
        "Send a header Authorization: Bearer TOKEN with a token that has not expired.",
    ),
    Kind(
        Code.NOT_ALLOWED,
        HTTPStatus.FORBIDDEN,
        "Not allowed",
        "Ask somebody whose role allows it; the detail names the roles.",
    ),
    Kind(Code.NOT_FOUND, HTTPStatus.NOT_FOUND, "There is no such thing, or you may not see it", "Check the address."),
    Kind(
        Code.METHOD_NOT_ALLOWED,
        HTTPStatus.METHOD_NOT_ALLOWED,
        "The address does not take this method",
        "See the header Allow.",
    ),
    Kind(Code.NOT_ACCEPTABLE, HTTPStatus.NOT_ACCEPTABLE, "No such form of the answer", "Accept application/json."),
    Kind(
        Code.REFUSED,
        HTTPStatus.CONFLICT,
        "What is there does not allow it",
        "Read what is there now; the detail says what stands in the way.",
    ),
    Kind(
        Code.STALE,
        HTTPStatus.PRECONDITION_FAILED,
        "It has changed since you read it",
        "Read it again, and decide by what it says now.",
    ),
    Kind(Code.TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large", "Send less at a time."),
    Kind(
        Code.MEDIA_TYPE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "The body has another media type than this address takes",
        "Send the Content-Type that the document names.",
    ),
    Kind(
        Code.FINDINGS,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The file has errors",
        "Mend every finding listed.",
    ),
    Kind(
        Code.NOT_VALID,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Parameters or body are not as the document says",
        "Mend every field listed under errors.",
    ),
    Kind(
        Code.KEY_REUSED,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The Idempotency-Key came with another request before",
        "Give every request a key of its own.",
    ),
    Kind(
        Code.AMOUNT_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "An amount is too large to be exact",
        "Send smaller amounts.",
    ),
    Kind(
        Code.IF_MATCH_MISSING,
        HTTPStatus.PRECONDITION_REQUIRED,
        "A decision needs an If-Match",
        "Read what is decided about, and send its ETag as If-Match.",
    ),
    Kind(Code.TOO_MANY, HTTPStatus.TOO_MANY_REQUESTS, "Too many requests", "Wait as long as Retry-After says."),
    Kind(
        Code.ERROR,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "The engine itself failed",
        "Report the request id; nothing was written.",
    ),
    Kind(
        Code.UNAVAILABLE,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Something that the engine needs does not answer",
        "Send the same request again, with the same key, after Retry-After seconds.",
    ),
)

KINDS: Final[Mapping[Code, Kind]] = {kind.code: kind for kind in _KINDS}

_OF_STATUS: Final = {kind.status: kind for kind in reversed(_KINDS)}


class ProblemError(Exception):
    """A request that is refused before any use case is asked."""

    def __init__(self, code: Code, detail: str, **more: object) -> None:
        """Keep the code, what is wrong, and whatever else the answer shall hold."""
        self.code = code
        self.detail = detail
        self.more = more
        super().__init__(detail)


def of_engine(refusal: SibError) -> Response:
    """Return the problem for something that the engine refused."""
    if isinstance(refusal, FindingsError):
        listed = [finding.as_dict() for finding in refusal.findings[:MOST_FINDINGS]]
        return problem(Code.FINDINGS, str(refusal), findings=listed, n_findings=len(refusal.findings))
    code = refusal.code if refusal.code in set(Code) else Code.REFUSED
    return problem(Code(code), str(refusal))


def of_request(refusal: ProblemError) -> Response:
    """Return the problem for a request that was refused at the door."""
    return problem(refusal.code, refusal.detail, **refusal.more)


def of_http(error: HTTPException) -> Response:
    """Return the problem for what the framework refused."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    kind = _OF_STATUS.get(HTTPStatus(status))
    if kind is None:
        kind = KINDS[Code.BAD_REQUEST if status < HTTPStatus.INTERNAL_SERVER_ERROR else Code.ERROR]
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    if "messages" in data:
        return problem(Code.NOT_VALID, "see errors", errors=data["messages"])
    found = problem(kind.code, "" if kind.code is Code.ERROR else error.description or kind.title)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            found.headers[name] = value
    return found


def of_failure(failure: Exception) -> Response:
    """Return the problem for a fault of our own: nothing of it is shown, and all of it is in the log."""
    logging.getLogger("sib_engine").error("a request failed", exc_info=failure)
    return problem(Code.ERROR, "")


def problem(code: Code, detail: str, **more: object) -> Response:
    """Return a problem as an answer."""
    kind = KINDS[code]
    body = {
        "type": f"/problems#{code}",
        "title": kind.title,
        "status": int(kind.status),
        "code": code,
        "detail": detail or kind.remedy,
        "instance": request.path,
        **more,
    }
    found = Response(json.dumps(body), status=kind.status, mimetype=MEDIA_TYPE)
    if kind.status is HTTPStatus.UNAUTHORIZED:
        found.headers["WWW-Authenticate"] = "Bearer"
    if kind.status is HTTPStatus.SERVICE_UNAVAILABLE:
        found.headers["Retry-After"] = "5"
    return found
