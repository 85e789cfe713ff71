"""Where the program's own files lie, whether it runs from a clone or as a frozen application."""

import sys
from pathlib import Path


def resource(relative: str) -> Path:
    """Return the path of a file below `resources/`, e.g. `resource("standards/party_rules.toml")`."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return root / "resources" / relative
