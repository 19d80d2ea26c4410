"""The command as a fixture, for every test of the command line."""

from tests.cli.command import sib

__all__ = ["sib"]
