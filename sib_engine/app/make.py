"""Put the application together."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from sib_engine.api.mount import mount
from sib_engine.api.serving import EXTENSION, Serving
from sib_engine.app.health import mount_health
from sib_engine.app.observing import observe
from sib_engine.app.safety import keep_safe
from sib_engine.config import Settings
from sib_engine.storage.evidence_store import EvidenceFolder
from sib_engine.storage.migrate import refuse_old
from sib_engine.storage.store import Store


def now() -> datetime:
    """Return this moment: the one place where the service reads the clock."""
    return datetime.now(UTC)


def make_app(settings: Settings, *, clock: Callable[[], datetime] = now) -> Flask:
    """Return the application.

    Raises:
        RefusedError: If the database cannot be worked with, or is not at the revision of this version.
    """
    store = Store(settings.database_url)
    refuse_old(store)
    app = Flask("sib_engine", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's own provider
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_upload_mb << 20
    app.config["SECRET_KEY"] = settings.secret_key
    folder = settings.evidence_folder
    app.extensions[EXTENSION] = Serving(store, clock, None if folder is None else EvidenceFolder(folder))
    mount(app)
    mount_health(app)
    keep_safe(app, is_https=settings.is_https)
    observe(app)
    return app
