"""How many examples the dearer properties try: fewer than the profile's own number, in the same proportion."""

from hypothesis import settings

FULL = settings.get_profile("full").max_examples


def steady(max_examples: int) -> settings:
    """Return settings for ``max_examples`` of a test's ``FULL``: fewer in a quick run, more in a long one."""
    n_examples = min(max_examples, FULL) * settings().max_examples // FULL
    return settings(max_examples=max(1, n_examples))
