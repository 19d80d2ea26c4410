"""The outcomes and payments engine for social impact bonds."""

__version__ = "0.1.0"
