"""Statements of the store: drawn up, approved by a second person, sent, invoiced, paid, disputed."""
