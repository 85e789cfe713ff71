"""What the standard that ships says of itself, read without the reader of the program."""

import re

from desktop.paths import resource

TEXT = resource("standards/branch_standard.toml").read_text("utf-8")
ITEMS = len(re.findall(r"(?m)^\[\[dimensions\.items\]\]", TEXT))
"""How many items it has."""
