"""Settings for every test: how hypothesis searches."""

from hypothesis import settings

# No deadline: how long one example takes says more about the machine's other work than about the code.
# The same examples on every run: a check that fails has to fail again where somebody looks for the reason.
settings.register_profile("full", deadline=None, derandomize=True)
settings.register_profile("quick", deadline=None, derandomize=True, max_examples=6)
# New examples on every run, and many of them: scripts/campaign.
settings.register_profile("campaign", deadline=None, max_examples=1_000)
settings.load_profile("full")
