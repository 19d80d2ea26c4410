"""Settings for every test: how hypothesis searches."""

from hypothesis import settings

# No deadline: how long one example takes says more about the machine's other work than about the code.
settings.register_profile("full", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=6)
settings.load_profile("full")
