"""What happened, and does it count: facts, employment, eligibility, matching and reasons."""
