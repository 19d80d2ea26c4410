"""Contracts in the store: registered, amended, closed out."""
