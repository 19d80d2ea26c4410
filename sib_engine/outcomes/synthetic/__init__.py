"""Made-up people whose counted outcomes add up to published totals: an example to try the engine on, and no record.

Everything here is drawn from a seeded generator. Totals are real where the caller passes published
counts; people, dates, employers and hours are not.
"""
