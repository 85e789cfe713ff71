"""Programs as they lie in a folder, made of our own source: started by Python where a packed one starts itself.

What the start of a packed program sets, the script of this one sets too. Releases of them are signed by a key of the
test, which they trust because it lies among their resources.
"""

import shutil
import sys
import tarfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.paths import resource
from desktop.services.releases import KEYS, NAMESPACE, SIGNATURE, SUMS, fingerprint, written_sums
from desktop.services.security.sshsig import openssh_public_key, sign
from desktop.services.updates.manifest import (
    MANIFEST,
    Form,
    Manifest,
    News,
    ReleaseFile,
    this_system,
    written_manifest,
)
from desktop.services.updates.offers import FOLDER
from desktop.services.updates.preparing import shared_or_copied
from desktop.services.updates.program import NAME

ROOT = Path(__file__).resolve().parents[3]
OLD, NEW = "0.2.0", "0.2.1"
SCRIPT = """\
#!{python}
import os, sys
here = os.path.dirname(os.path.realpath(__file__))
sys.frozen, sys._MEIPASS, sys.executable = True, {shared!r}, os.path.join(here, {name!r})
sys.path[0] = os.path.join(here, "_internal")
sys.argv[0] = sys.executable
import runpy
runpy.run_module("desktop.__main__", run_name="__main__")
"""
KEY = Ed25519PrivateKey.generate()
TRUSTED = {fingerprint(KEY.public_key()): KEY.public_key()}


def shared_resources(folder: Path) -> Path:
    """Make what the programs of a test have in common: the resources, and among them the key of the test."""
    own = folder / "resources"
    own.mkdir(parents=True)
    for each in resource(".").iterdir():
        if each.name != Path(KEYS).parts[0]:
            (own / each.name).symlink_to(each)
    shutil.copytree(resource(KEYS).parent, (own / KEYS).parent)
    line = f'release namespaces="{NAMESPACE}" {openssh_public_key(KEY.public_key())}\n'
    (own / KEYS).write_text(line, "utf-8")
    return folder


def make_program(folder: Path, version: str, shared: Path) -> Path:
    """Make the folder of a program that calls itself `version`."""
    inside = folder / "_internal" / "desktop"
    shutil.copytree(ROOT / "desktop", inside, copy_function=shared_or_copied)
    put(inside / "__init__.py", f'"""A program of the test."""\n\n__version__ = "{version}"\n')
    script = folder / NAME
    script.write_text(SCRIPT.format(python=sys.executable, shared=str(shared), name=NAME), "utf-8")
    script.chmod(0o755)
    return folder


def put(file: Path, text: str) -> None:
    """Write a file of a program anew: its bytes may be shared with those of others."""
    file.unlink(missing_ok=True)
    file.write_text(text, "utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
        compiled.unlink()


def break_window(program: Path) -> None:
    """Let a program crash as it opens its window; its command line works."""
    put(program / "_internal" / "desktop" / "app.py", 'def main(arguments):\n    raise RuntimeError("broken")\n')


def break_opening(program: Path) -> None:
    """Let a program change the form of the data it opens, and then fail to open them."""
    inside = program / "_internal" / "desktop"
    put(inside / LATER, LATER_FORM)
    put(inside / "services" / "leaving.py", (ROOT / "desktop/services/leaving.py").read_text("utf-8") + BROKEN_SWEEP)


LATER = Path("models", "migrations", "versions", "9000_a_later_form.py")
LATER_FORM = '''"""a later form"""

import sqlalchemy as sa
from alembic import op

from desktop.models.schema import MIGRATIONS

revision = "9000"
down_revision = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-8]*_*.py"))
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
'''
"""A change of the form of the data, which comes after all others."""

BROKEN_SWEEP = '''

def sweep_left(store: "Store") -> None:
    """Fail."""
    raise RuntimeError("broken")
'''


def make_release(stick: Path, program: Path, version: str, *, key: Ed25519PrivateKey = KEY) -> Path:
    """Put a signed release of a program on a stick; return where it lies."""
    folder = stick / FOLDER
    folder.mkdir(parents=True)
    system, machine = this_system()
    archive = folder / f"{NAME}-{version}-{system}-{machine}.tar.xz"
    with tarfile.open(archive, "w") as packed:
        packed.add(program, f"{NAME}-{version}")
    size = archive.stat().st_size
    file = ReleaseFile(
        name=archive.name,
        system=system,
        machine=machine,
        form=Form.FOLDER,
        size_bytes=size,
        unpacked_bytes=size,
    )
    news = (News(version, (("新增", ("新版本的一件事。",)),)), News("0.1.0", (("新增", ("旧的一件事。",)),)))
    (folder / MANIFEST).write_bytes(written_manifest(Manifest(version, news, (file,))))
    sign_release(folder, key)
    return folder


def sign_release(folder: Path, key: Ed25519PrivateKey = KEY) -> None:
    """Write the sums of a release, and sign them."""
    text = written_sums(folder)
    (folder / SUMS).write_bytes(text)
    (folder / SIGNATURE).write_bytes(sign(key, text, NAMESPACE))
