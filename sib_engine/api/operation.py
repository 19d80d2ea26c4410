"""How every address is served: who asks, in which transaction, under which key, and how it is documented.

A method of a resource is marked with :func:`reading` or :func:`writing`. Both put it into :data:`OPERATIONS`,
from which the document, the table of who may do what, and the tests of both are made.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Response, g, json, request
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema
from sqlalchemy.orm import Session

from sib_engine.api.problems import KINDS, MEDIA_TYPE, Code, ProblemError
from sib_engine.api.schemas.problem import ProblemSchema
from sib_engine.api.serving import Ask, serving
from sib_engine.core.errors import NotFoundError, SegregationError, UnauthenticatedError
from sib_engine.services.access.actors import require
from sib_engine.services.access.roles import PERMISSIONS, Action
from sib_engine.services.accounts.tokens import Scope, bearer_of
from sib_engine.services.contracts.find import number_of
from sib_engine.services.requests.answered import Answer, answered_before, keep_answer

KEY_HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS: Final = ("Content-Type", "ETag", "Location")
_ALWAYS: Final = (
    Code.BAD_REQUEST,
    Code.NOT_SIGNED_IN,
    Code.NOT_ALLOWED,
    Code.TOO_MANY,
    Code.ERROR,
    Code.UNAVAILABLE,
)

_OF_WRITING: Final = (Code.KEY_MISSING, Code.KEY_REUSED)

_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One method of one address: what a token needs for it, and which roles are let in.

    ``action`` is what a role has to allow, None where everybody who is signed in may ask (and the use case
    answers each with their own). ``name`` is the operation id of the document.
    """

    name: str
    scope: Scope
    action: Action | None
    writes: bool


OPERATIONS: Final[dict[str, Operation]] = {}
"""Every operation by its name."""


@dataclass(frozen=True, slots=True)
class Gives:
    """What an operation answers with, where all goes well."""

    schema: type[Schema] | None
    status: int = 200
    headers: Mapping[str, Any] = field(default_factory=dict)
    example: Any = None


@dataclass(frozen=True, slots=True)
class Takes:
    """What an operation is given beside its address: parameters, a JSON body or a form with files, and headers."""

    query: type[Schema] | None = None
    body: type[Schema] | None = None
    files: type[Schema] | None = None
    headers: tuple[Mapping[str, Any], ...] = ()
    example: Any = None


NOTHING: Final = Takes()


def reading(
    blueprint: Blueprint,
    name: str,
    gives: Gives,
    *,
    action: Action | None,
    takes: Takes = NOTHING,
    problems: tuple[Code, ...] = (),
) -> Callable[[_View], _View]:
    """Serve a method that only reads; it is called with ``ask`` and, where there are any, the parameters.

    Args:
        blueprint: Where it belongs.
        name: Operation id of the document.
        gives: What it answers with.
        action: What a role has to allow; asked of the contract in the address where there is one.
        takes: What it is given.
        problems: Codes that it can answer with, beside those of every address.
    """

    def mark(view: _View) -> _View:
        operation = OPERATIONS[name] = Operation(name, Scope.READ, action, writes=False)
        documented = _documented(blueprint, view, operation, gives, takes, problems)

        @wraps(documented)
        def serve(self: MethodView, **address: Any) -> Response:  # noqa: ANN401 - parts of any address
            with serving().store.read() as session:
                ask = _let_in(session, operation, address)
                answer: Response = documented(self, ask=ask, **address)
            return answer

        return serve  # type: ignore[return-value]  # the same method, as the framework calls it

    return mark


def writing(
    blueprint: Blueprint,
    name: str,
    gives: Gives,
    *,
    scope: Scope,
    action: Action | None,
    takes: Takes = NOTHING,
    problems: tuple[Code, ...] = (),
    once: tuple[str, ...] = (),
) -> Callable[[_View], _View]:
    """Serve a method that writes, once for each key: see :func:`reading`.

    ``scope`` is what a token has to be for. ``once`` are the keys of the answer that are given once only: they
    are kept nowhere, and null where the same request is answered again.
    """

    def mark(view: _View) -> _View:
        operation = OPERATIONS[name] = Operation(name, scope, action, writes=True)
        with_key = replace(takes, headers=(_KEY_PARAMETER, *takes.headers))
        documented = _documented(blueprint, view, operation, gives, with_key, (*problems, *_OF_WRITING))

        @wraps(documented)
        def serve(self: MethodView, **address: Any) -> Response:  # noqa: ANN401 - parts of any address
            key, asked = _key(), _digest_of_request()
            with serving().store.begin() as session:
                ask = _let_in(session, operation, address)
                before = answered_before(session, key, asked, by=ask.by, at=ask.at)
                if before is not None:
                    return _again(before)
                answer: Response = documented(self, ask=ask, **address)
                kept = {header: answer.headers[header] for header in _KEPT_HEADERS if header in answer.headers}
                keep_answer(session, key, Answer(answer.status_code, kept, _without(answer, once)), by=ask.by)
            return answer

        return serve  # type: ignore[return-value]  # the same method, as the framework calls it

    return mark


def _let_in(session: Session, operation: Operation, address: Mapping[str, Any]) -> Ask:
    """Return who asks and when, or refuse.

    Raises:
        UnauthenticatedError: If nobody knows who asks.
        NotFoundError: If the address names a contract on which they have no role.
        SegregationError: If neither the token nor any role of theirs allows it.
    """
    at = serving().clock()
    bearer = bearer_of(session, _token(), at=at)
    if operation.scope not in bearer.scopes:
        message = f"the token is for {', '.join(sorted(bearer.scopes))}; accepted: a token for {operation.scope}"
        raise SegregationError(message)
    code = address.get("code")
    contract_id = None if code is None else number_of(session, code, by=bearer.actor)
    if contract_id is not None and bearer.contract_id not in {None, contract_id}:
        message = f"no contract {code!r} on which this token acts"
        raise NotFoundError(message)
    g.account_id = bearer.actor.id
    if operation.action is not None:
        require(session, bearer.actor, operation.action, contract_id)
    return Ask(session, bearer.actor, at)


def _token() -> str:
    header = request.headers.get("Authorization", "")
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        message = "no token came with the request; accepted: Authorization: Bearer TOKEN"
        raise UnauthenticatedError(message)
    return token.strip()


def _key() -> str:
    """Return the key that the client gave the request.

    Raises:
        ProblemError: If there is none, or it could not be one.
    """
    key = request.headers.get(KEY_HEADER, "")
    if not _KEY.fullmatch(key):
        message = f"{KEY_HEADER} is {key[:40]!r}" if key else f"there is no {KEY_HEADER}"
        message += "; accepted: 1 to 200 printable ASCII characters without a space"
        raise ProblemError(Code.KEY_MISSING, message)
    return key


def _digest_of_request() -> str:
    """Return one digest of everything that is asked; of a form, of its parts, since its boundary is drawn anew."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n{request.headers.get('If-Match', '')}\n".encode())
    if request.mimetype == "multipart/form-data":
        for name, value in sorted(request.form.items(multi=True)):
            digest.update(f"{name}={value!r}\n".encode())
        for name, file in sorted(request.files.items(multi=True), key=lambda part: part[0]):
            content = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # a binary stream
            file.stream.seek(0)
            digest.update(f"{name}:{file.filename!r}:{content}\n".encode())
    else:
        digest.update(request.get_data(cache=True))
    return f"sha256:{digest.hexdigest()}"


def _without(answer: Response, once: tuple[str, ...]) -> bytes:
    """Return the body of an answer as it may be kept."""
    if not once:
        return answer.get_data()
    return json.dumps({**answer.get_json(), **dict.fromkeys(once)}).encode()


def _again(answer: Answer) -> Response:
    """Return an answer that was given before, as it was."""
    found = Response(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        found.headers[name] = value
    found.headers[REPLAYED_HEADER] = "true"
    return found


def _documented(
    blueprint: Blueprint,
    view: Callable[..., Any],
    operation: Operation,
    gives: Gives,
    takes: Takes,
    problems: tuple[Code, ...],
) -> Callable[..., Any]:
    """Return the method with its parameters read, its answer written, and both in the document."""
    found = blueprint.response(gives.status, gives.schema, example=gives.example, headers=dict(gives.headers) or None)(
        view
    )
    codes = [*problems, *_ALWAYS]
    if takes.query is not None:
        found = blueprint.arguments(takes.query, location="query", unknown=RAISE)(found)
    if takes.files is not None:
        found = blueprint.arguments(takes.files, location="files", unknown=RAISE)(found)
        codes.append(Code.MEDIA_TYPE)
    if takes.body is not None:
        found = blueprint.arguments(takes.body, location="json", unknown=RAISE, example=takes.example)(found)
        codes.append(Code.MEDIA_TYPE)
    if takes.query or takes.files or takes.body:
        codes.append(Code.NOT_VALID)
    if operation.writes:
        codes.append(Code.TOO_LARGE)
    by_status: dict[int, list[Code]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(int(KINDS[code].status), []).append(code)
    for status, of_status in sorted(by_status.items()):
        words = "; ".join(f"`{code}`: {KINDS[code].title}" for code in of_status)
        found = blueprint.alt_response(status, schema=ProblemSchema, content_type=MEDIA_TYPE, description=words)(found)
    documented: Callable[..., Any] = blueprint.doc(
        operationId=operation.name,
        security=[{"token": [operation.scope.value]}],
        parameters=[dict(each) for each in takes.headers],
        **{"x-roles": roles_for(operation)},
    )(found)
    return documented


def roles_for(operation: Operation) -> list[str]:
    """Return the roles that are let in, in the order of the table of roles."""
    return [role.value for role, actions in PERMISSIONS.items() if operation.action in {None, *actions}]


_KEY_PARAMETER: Final = {
    "name": KEY_HEADER,
    "in": "header",
    "required": True,
    "description": "A name for this request, new for each; the same when it is sent again, which does nothing twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"},
    "example": "2f1c6e5c-1",
}
