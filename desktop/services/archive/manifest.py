"""What is in an archive, as a file any program can read: every volume with its SHA-256, signed by the branch."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.archive.binding import ArchiveGap, Binding, BoundFile, Piece
from desktop.services.files import FilePort, write_atomically

if TYPE_CHECKING:
    from desktop.services.store import Store

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
SCHEMA = "branch-desk-archive/1"
NAMESPACE = "branch-desk-archive"


@dataclass(frozen=True, slots=True)
class Volume:
    """One file of the archive."""

    file: str
    title: str
    pages: int
    sha256: str
    records: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """Return the digits its name begins with: 04."""
        return self.file.split("-")[0]

    @property
    def name(self) -> str:
        """Return its name without number and ending: D4 党的组织生活."""
        return self.file.removesuffix(".pdf").partition("-")[2].replace("-", " ")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece came to stand: its file, its first page there, how many pages it has."""

    file: str
    page: int
    pages: int


def write_manifest(
    store: "Store",
    folder: Path,
    binding: Binding,
    volumes: Sequence[Volume],
    places: Mapping[str, Place],
    gaps: Sequence[ArchiveGap],
) -> None:
    """Write what lies in `folder`; signed where the store has keys. `places` are by number of evidence.

    Raises:
        StorageFailure: the disk refuses.
    """
    branch, score = binding.branch, binding.score
    content = {
        "schema": SCHEMA,
        "branch": {"id": branch.id, "code": branch.code, "name": branch.name},
        "year": binding.year,
        "on": binding.on.isoformat(),
        "standard": {"pack": score.pack_id, "version": score.version},
        "volumes": [
            {"file": v.file, "title": v.title, "pages": v.pages, "sha256": v.sha256, "records": list(v.records)}
            for v in volumes
        ],
        "evidence": [_evidence(piece, places[number]) for number, piece in sorted(binding.pieces.items())],
        "gaps": [{"item": gap.item_id, "what": gap.what, "mendable": gap.mendable} for gap in gaps],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    port = FilePort()
    write_atomically(folder / MANIFEST, text, port)
    signature = _signature(store, text)
    if signature is not None:
        write_atomically(folder / SIGNATURE, signature, port)


def _evidence(piece: Piece, place: Place) -> dict[str, object]:
    used = piece.used
    return {
        "number": piece.number,
        "kind": used.kind,
        "id": used.id,
        "on": used.on.isoformat() if used.on else None,
        "title": piece.title,
        "volume": place.file,
        "page": place.page,
        "pages": place.pages,
        "attachments": [_attachment(file) for file in piece.files],
    }


def _attachment(file: BoundFile) -> dict[str, object]:
    return {"name": file.name, "sha256": file.sha256, "bound": file.file_id is not None}


def _signature(store: "Store", text: bytes) -> bytes | None:
    """Return the branch's signature over the manifest, None before the installation has keys."""
    from desktop.services.security.sshsig import sign  # cryptography: only where something is signed
    from desktop.services.sync.installation import own_identities

    with store.reading() as session:
        identities = own_identities(session)
    return sign(identities[0].signing_key, text, NAMESPACE) if identities else None


def is_archive(folder: Path) -> bool:
    """Tell whether a folder holds an archive of ours."""
    try:
        schema = json.loads((folder / MANIFEST).read_text("utf-8")).get("schema")
    except (OSError, ValueError, AttributeError):
        return False
    return bool(schema == SCHEMA)


def verify(folder: Path) -> list[str]:
    """Return the files of an archive that are missing or are not what its manifest says."""
    content = json.loads((folder / MANIFEST).read_text("utf-8"))
    wrong = []
    for volume in content["volumes"]:
        path = folder / volume["file"]
        if not path.is_file() or sha256_of_file(path) != volume["sha256"]:
            wrong.append(volume["file"])
    return wrong


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
