"""What every test shares. The first lines must come before any import of Qt."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_IM_MODULE"] = "compose"
