"""A contract rehearsed in a store of its own, on made-up facts, from registration to audit."""
