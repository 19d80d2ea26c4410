"""Hold what was published of a contract against itself and against the contract: rules that name what disagrees.

Each module holds one family of rules. A rule is a function from a :class:`~.case.Case` to anomalies; it is
silent where the figures it needs are not published, and where they differ by less than one unit of currency.
"""
