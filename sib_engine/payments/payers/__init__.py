"""Who pays: the division of running totals between payers, and each payer's own cap."""
