"""Verification samples of the store: designed, drawn, reviewed, closed."""
