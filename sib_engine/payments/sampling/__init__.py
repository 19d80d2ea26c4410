"""The verification sample: drawn by a recorded design, and what it says of the claims that nobody looked at."""
