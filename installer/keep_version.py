"""Keep data of this version, small, as a test of every later one: tests/data/VERSION.

    python3 installer/dev.py keep-version

Done once for each version that leaves the house, before the next change of the tables. The demonstration is run and
taken one step further. Kept are a branch and its headquarters, each with a package the other has not received yet, the
number of rows per table, and a few pages as the cipher writes them. The two databases lie there without their cipher,
because what is encrypted cannot be compressed; `tests/kept.py` encrypts them again. All people in them are invented.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import select

from desktop import __version__
from desktop.models import schema
from desktop.models.database import connect
from desktop.models.meetings import Meeting
from desktop.paths import DATABASE
from desktop.services.attachments import AttachmentService
from desktop.services.clock import now
from desktop.services.demo import LOGIN, PASSWORD
from desktop.services.opening import open_store
from desktop.services.security.vault import Vault

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
BRANCH = "ZK04"
"""The sample branch with the fullest year."""
STORES = {"branch": BRANCH, "headquarters": "总部"}
PLAIN = "plain.db"
CIPHER_KEY = bytes(range(32))
LEFT_OUT = {"app.lock", "backup", "logs", "outbox", "inbox", "quarantine", DATABASE}
"""What a store can do without, and what the plain database stands for."""


def main() -> int:
    """Write the folder of this version, which must not be there yet."""
    parser = argparse.ArgumentParser(prog="dev.py keep-version", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DATA / __version__)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        keep(folder, Path(work))
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{folder}: {size // 1024} KiB, schema {schema.HEAD}")
    return 0


def keep(folder: Path, work: Path) -> None:
    """Run the demonstration below `work` and keep its state and what comes next in `folder`."""
    command("demo", work / "demo")
    stores = {kind: work / "demo" / "数据" / name for kind, name in STORES.items()}
    attach(stores["branch"], work / "会议照片.txt")
    (work / "stick").mkdir()
    report = Path(command("pack", stores["branch"], "--to", work / "stick")["file"])
    office = Path(shutil.copytree(stores["headquarters"], work / "office"))
    command("receive", office, report)
    feedback = Path(command("answer", office, "--branch", BRANCH, "--to", work / "stick")["files"][0]["file"])
    about = {
        "program": __version__,
        "schema": schema.HEAD,
        "kept_on": now().date().isoformat(),
        "login": LOGIN,
        "password": PASSWORD,
    }
    rows = {kind: pack(store, folder / f"{kind}.tar.xz", work / f"{kind}.db") for kind, store in stores.items()}
    shutil.copy(report, folder / "report.dzp")
    shutil.copy(feedback, folder / "feedback.dzp")
    write_cipher(folder / "cipher.db")
    text = json.dumps(about | {"rows": rows}, ensure_ascii=False, indent=1)
    (folder / "about.json").write_text(text + "\n", "utf-8")


def command(verb: str, *arguments: str | Path) -> Any:
    """Run a verb of the program as its users do; return its object."""
    done = subprocess.run(
        [sys.executable, "-m", "desktop", verb, *map(str, arguments), "--json"],
        env={**os.environ, "BRANCH_DESK_PASSWORD": PASSWORD},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def attach(folder: Path, file: Path) -> None:
    """Attach a small file to a meeting of the branch: the command line has no verb for it."""
    file.write_text("照片的说明：会场挂党旗，参会人员签到。\n", "utf-8")
    with open_store(folder, PASSWORD) as store:
        with store.reading() as session:
            meeting = session.scalars(select(Meeting.id).order_by(Meeting.held_on)).first()
        assert meeting is not None
        AttachmentService(store).attach("meetings", meeting, file)


def pack(store: Path, target: Path, plain: Path) -> dict[str, int]:
    """Write the closed `store` to `target`; return how many rows each of its tables has."""
    key = Vault.open(store).unlock_password(LOGIN, PASSWORD)
    connection = connect(store / DATABASE, key)
    try:
        tables = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in sorted(tables)}
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(plain),))
        connection.execute("SELECT sqlcipher_export('plain')")
        connection.execute("DETACH DATABASE plain")
    finally:
        connection.close()
    with tarfile.open(target, "w:xz") as archive:
        for item in sorted(store.iterdir()):
            if item.name not in LEFT_OUT and not item.name.startswith(f"{DATABASE}-"):
                archive.add(item, item.name)
        archive.add(plain, PLAIN)
    return rows


def write_cipher(path: Path) -> None:
    """Write a database of one row exactly as the program encrypts its own."""
    connection = connect(path, CIPHER_KEY)
    connection.execute("CREATE TABLE kept (words TEXT)")
    connection.execute("INSERT INTO kept VALUES ('支部工作台')")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
