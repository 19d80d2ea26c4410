"""The programming interface over HTTP: requests into use cases, results into JSON, refusals into problems."""
