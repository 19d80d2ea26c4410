"""What the service tells those who run it: a line for each request, without personal data, and figures to watch."""

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

_ID: Final = re.compile(r"[\w.-]{8,100}")
HEADER: Final = "X-Request-Id"


class JsonLines(logging.Formatter):
    """One JSON object a line. What a request was about is its route, never its address: references may be in that."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "what": record.getMessage(),
        }
        said.update(getattr(record, "said", {}))
        if record.exc_info:
            kind, _, trace = record.exc_info
            # Where it failed, and not with which values: a message may quote a row.
            said["failure"] = None if kind is None else kind.__name__
            said["where"] = _places(trace)
        return json.dumps(said)


def log_to_stderr(level: str) -> None:
    """Send what the service says to standard error, one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("sib_engine")
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(level.upper())


class Figures:
    """What is counted of the requests of one process."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "sib_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "sib_request_seconds", "Time to answer a request", ("method", "route"), registry=self.registry
        )


def observe(app: Flask) -> None:
    """Give each request an id, note how it was answered, and serve the figures at ``/metrics``."""
    figures = Figures()
    logger = logging.getLogger("sib_engine")

    @app.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _ID.fullmatch(given) else uuid4().hex
        g.began = time.perf_counter()

    @app.after_request
    def note(answer: Response) -> Response:
        route = request.url_rule.rule if request.url_rule is not None else "none"
        took = time.perf_counter() - g.get("began", time.perf_counter())
        figures.requests.labels(request.method, route, answer.status_code).inc()
        figures.seconds.labels(request.method, route).observe(took)
        answer.headers[HEADER] = g.get("request_id", "")
        said = {
            "request": g.get("request_id", ""),
            "method": request.method,
            "route": route,
            "status": answer.status_code,
            "ms": round(took * 1000, 1),
            "account": g.get("account_id"),
        }
        logger.info("request", extra={"said": said})
        return answer

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)


def _places(trace: Any) -> list[str]:  # noqa: ANN401 - the type of a traceback is the interpreter's own
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-12:]
