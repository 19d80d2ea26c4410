"""What a WSGI server loads: the application, with the settings of the environment."""

import os

from flask import Flask

from sib_engine.app.make import make_app
from sib_engine.app.observing import log_to_stderr
from sib_engine.config import settings_of
from sib_engine.core.collecting import collect_seldom


def application() -> Flask:
    """Return the application."""
    settings = settings_of(os.environ)
    log_to_stderr(settings.log_level)
    collect_seldom()
    return make_app(settings)
