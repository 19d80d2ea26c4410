"""The command line: parses and prints; no rule lives here."""
