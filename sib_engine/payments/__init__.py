"""What is owed: prices, caps, shares, statements, and the explanation of every amount."""
