"""What every test shares. The first lines must come before any import of Qt."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_IM_MODULE"] = "compose"

from hypothesis import settings

# A build machine judges the commit, not its luck: there the examples are the same every time; elsewhere they wander.
settings.register_profile("build", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("build")
