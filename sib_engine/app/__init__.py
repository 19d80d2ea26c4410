"""The web application: what is served, put together from its settings."""
