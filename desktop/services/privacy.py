"""What people are told about their data (个人信息告知), as `privacy.toml` words it."""

from dataclasses import dataclass
from functools import cache

from desktop.paths import resource
from desktop.services.toml_tables import read_toml

FILE = "security/privacy.toml"


@dataclass(frozen=True, slots=True)
class Privacy:
    """The line where personal data are typed or imported, those at the head of an extract, what does not leave."""

    purpose: str
    extract: tuple[str, ...]
    portraits_travel: bool


@cache
def load_privacy() -> Privacy:
    """Return what the program's own `privacy.toml` says.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("privacy/1",), "格式")
    root.text("version")
    root.text("basis")
    privacy = Privacy(root.text("purpose"), root.texts("extract"), root.yes_no("portraits_travel"))
    root.done()
    return privacy
