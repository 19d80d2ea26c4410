"""Whether the process lives, and whether it can answer."""

from flask import Flask, Response, jsonify
from sqlalchemy import text

from sib_engine.api.serving import serving
from sib_engine.core.errors import SibError
from sib_engine.storage.migrate import head, revision


def mount_health(app: Flask) -> None:
    """Serve ``/health`` (the process lives) and ``/ready`` (the database answers, and is at the right revision)."""

    @app.get("/health")
    def health() -> Response:
        return jsonify(status="alive")

    @app.get("/ready")
    def ready() -> tuple[Response, int]:
        store = serving().store
        try:
            with store.read() as session:
                session.execute(text("SELECT 1"))
            found = revision(store)
        except SibError:
            return jsonify(status="the database does not answer"), 503
        if found != head():
            return jsonify(status=f"the database is at {found} and this version needs {head()}"), 503
        return jsonify(status="ready"), 200
