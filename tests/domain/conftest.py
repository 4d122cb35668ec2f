"""Property tests judge what comes out, never how busy the machine was."""

from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")
