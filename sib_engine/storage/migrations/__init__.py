"""The numbered migrations, and how Alembic runs them."""
