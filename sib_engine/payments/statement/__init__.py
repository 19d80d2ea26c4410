"""Statements: due to date less stated before, as lines, and the file in which they are kept."""
