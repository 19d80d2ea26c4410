"""Requests that a client may send again without anything being done twice."""
