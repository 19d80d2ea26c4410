"""Checks of facts against each other and against the contract: findings, never corrections."""
