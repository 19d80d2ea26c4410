"""In words, for rows that do not count: what was found against each, what would make it count, and by when."""
