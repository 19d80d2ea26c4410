"""The contract file format: marshmallow schemas that turn TOML tables into the values of ``terms``."""
