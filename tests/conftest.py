"""For all tests: an example that Hypothesis tries may take its time, as other work may hold up the machine."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
