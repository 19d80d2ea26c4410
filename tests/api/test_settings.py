"""Settings: what a service is started with, and what it refuses to be started with."""

from pathlib import Path

import pytest

from sib_engine.config import settings_of
from sib_engine.core.errors import RefusedError

SECRET = {"SIB_SECRET_KEY": "k" * 32}


def test_settings_come_from_the_environment() -> None:
    found = settings_of(
        {**SECRET, "SIB_BASE_URL": "https://outcomes.example/", "SIB_EVIDENCE_FOLDER": "/srv/evidence", "PATH": "/bin"}
    )

    assert (found.base_url, found.evidence_folder) == ("https://outcomes.example", Path("/srv/evidence"))
    assert (found.workers, found.database_url, found.demonstration) == (2, "sqlite:///sib.db", False)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(RefusedError) as refused:
        settings_of({"SIB_SECRET": "x", "SIB_WORKERS": "many", "SIB_BASE_URL": "http://outcomes.example"})

    said = str(refused.value).split("; ")
    assert said[0].startswith("SIB_SECRET is no setting")
    assert "SIB_WORKERS is 'many'" in said
    assert any(each.startswith("SIB_SECRET_KEY has 0 characters") for each in said)
    assert "SIB_BASE_URL is http://outcomes.example" in said


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            {"SIB_DEMONSTRATION": "yes", "SIB_BASE_URL": "https://outcomes.example"},
            "SIB_DEMONSTRATION lets in accounts that anybody knows",
        ),
        ({"SIB_SMTP_URL": "smtp://mail.example"}, "SIB_SMTP_URL and SIB_MAIL_FROM belong together"),
        (
            {"SIB_OIDC_ISSUER": "https://id.example"},
            "SIB_OIDC_CLIENT_ID and SIB_OIDC_CLIENT_SECRET belong together",
        ),
        ({"SIB_LOG_LEVEL": "loud"}, "SIB_LOG_LEVEL is 'loud'; accepted: debug, info, warning or error"),
        ({"SIB_DEMONSTRATION": "1"}, "SIB_DEMONSTRATION is '1'; accepted: yes or no"),
    ],
)
def test_what_would_be_unsafe_or_cannot_be_read_is_refused(given: dict[str, str], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        settings_of({**SECRET, **given})
