"""After how many days what was not done is told of: receipts that did not come, backups that grew old (data)."""

from dataclasses import dataclass
from functools import cache

from desktop.paths import resource
from desktop.services.toml_tables import read_toml

FILE = "standards/reminders.toml"


@dataclass(frozen=True, slots=True)
class Reminders:
    """Days: a package without a receipt, a backup on this computer, and one on a stick or in a folder."""

    receipt_days: int
    backup_days: int
    outside_backup_days: int


@cache
def reminders() -> Reminders:
    """Return the days that come with the program.

    Raises:
        PackInvalid: the file breaks its form; a defect of ours.
    """
    root = read_toml(resource(FILE).read_bytes(), FILE)
    root.choice("schema", ("reminders/1",), "格式")
    for name in ("version", "basis", "confidence"):
        root.text(name)
    found = Reminders(
        root.integer("receipt_days", least=1),
        root.integer("backup_days", least=1),
        root.integer("outside_backup_days", least=1),
    )
    root.done()
    return found
