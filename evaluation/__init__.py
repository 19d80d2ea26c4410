"""Statistics and reports: knows no database, no web and nothing of sib_engine, and owns its own values."""
