"""What every answer tells a browser not to do."""

from typing import Final

from flask import Flask, Response

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def keep_safe(app: Flask, *, is_https: bool) -> None:
    """Put the headers on every answer; over TLS, also that it is to stay that way."""

    @app.after_request
    def add(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if is_https:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return answer
