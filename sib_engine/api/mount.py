"""Hang the interface into an application: its addresses, its document, and what refusals look like."""

from typing import Final

from flask import Flask, Response
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from sib_engine import __version__
from sib_engine.api import problems
from sib_engine.api.reference import mount_reference
from sib_engine.api.resources import BLUEPRINTS
from sib_engine.api.schemas.base import Money
from sib_engine.api.schemas.problem import ProblemSchema
from sib_engine.core.errors import SibError

PREFIX: Final = "/api/v1"

_WORDS: Final = """\
Outcomes contracts, from the claim to the payment. Amounts are decimal strings. Every request carries a token; every
request that writes carries an `Idempotency-Key`, and sent again with the same key it answers as before and does nothing
twice. Refusals are problems (RFC 9457); [the catalogue](/problems) says what each code means.
"""


def mount(app: Flask) -> Api:
    """Hang the interface into an application."""
    app.config.update(
        API_TITLE="sib-engine",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": _WORDS, "license": {"name": "MIT", "identifier": "MIT"}},
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        },
    )
    api = _Api(app)
    api.register_field(Money, "string", None)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    app.register_error_handler(SibError, problems.of_engine)
    app.register_error_handler(problems.ProblemError, problems.of_request)
    app.register_error_handler(Exception, problems.of_failure)
    mount_reference(app, api)
    return api


class _Api(Api):  # type: ignore[misc]  # the package is not typed
    """The framework's own, with refusals in our form."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Return what the framework refused as a problem."""
        return problems.of_http(error)
