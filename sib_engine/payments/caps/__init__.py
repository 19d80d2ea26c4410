"""The caps that name no payer: who falls under which, and the cumulative clip."""
