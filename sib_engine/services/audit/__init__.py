"""The audit trail: whether it is whole, and whether what was stated can be worked out again from it."""
