"""What is in an archive, as a file any program can read: every volume with its SHA-256, signed by the branch."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.archive.rows import ArchiveGap, Place, Volume
from desktop.services.errors import Input, InvalidInput
from desktop.services.files import FilePort, storage_faults, write_atomically

if TYPE_CHECKING:
    from desktop.services.archive.binding import Binding, BoundFile, Piece
    from desktop.services.store import Store

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
SCHEMA = "branch-desk-archive/1"
NAMESPACE = "branch-desk-archive"

FOLDER = Input("folder", "档案文件夹")


def write_manifest(
    store: "Store",
    folder: Path,
    binding: "Binding",
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


def _evidence(piece: "Piece", place: Place) -> dict[str, object]:
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


def _attachment(file: "BoundFile") -> dict[str, object]:
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
    return _sums(folder) is not None


def verify(folder: Path) -> list[str]:
    """Return the files of an archive that are missing or are not what its manifest says.

    Raises:
        InvalidInput: `folder` holds no archive of ours.
        StorageFailure: a file cannot be read.
    """
    sums = _sums(folder)
    if sums is None:
        raise InvalidInput(FOLDER, f"里没有{MANIFEST}，或它不是档案的校验清单")
    with storage_faults(folder, FilePort()):
        return [file for file, sha256 in sums.items() if not _is(folder / file, sha256)]


def _sums(folder: Path) -> dict[str, str] | None:
    """Return the SHA-256 of every volume by its file, None where there is no manifest of ours."""
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        volumes = content["volumes"] if content["schema"] == SCHEMA else None
        return None if volumes is None else {volume["file"]: volume["sha256"] for volume in volumes}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is(path: Path, sha256: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256
