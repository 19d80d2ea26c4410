"""Who may do what: organisations, people, roles, and the rules that keep four eyes on every pound."""
