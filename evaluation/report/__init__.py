"""One neutral model of a report, and its printing as HTML and PDF."""
