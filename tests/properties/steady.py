"""How many examples the properties try: the same ones in every run, and no more than the profile asks for."""

from hypothesis import settings


def steady(max_examples: int) -> settings:
    """Return settings for at most ``max_examples``, drawn the same way each time and kept nowhere."""
    n_examples = min(max_examples, settings().max_examples)
    return settings(derandomize=True, deadline=None, database=None, max_examples=n_examples)
