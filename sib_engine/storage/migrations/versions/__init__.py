"""One module for each migration; they are history and are not changed."""
