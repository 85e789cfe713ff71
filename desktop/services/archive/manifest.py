"""What is in an archive, as a file any program can read: every volume with its SHA-256, signed by the branch."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.services.archive.guide import NAMESPACE, write_guide
from desktop.services.archive.rows import ArchiveGap, Place, Volume
from desktop.services.files import ORDINARY, FilePort, write_atomically

if TYPE_CHECKING:
    from desktop.services.archive.binding import Binding, BoundFile, Piece
    from desktop.services.security.keys import Identity
    from desktop.services.store import Store

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
SCHEMA = "branch-desk-archive/1"
LONGEST = 64 << 20
"""Bytes of a manifest: no archive of ours has half as much to tell."""


def write_manifest(
    store: "Store",
    folder: Path,
    binding: "Binding",
    volumes: Sequence[Volume],
    places: Mapping[str, Place],
    gaps: Sequence[ArchiveGap],
) -> None:
    """Write what lies in `folder`, and the guide to it; signed where the store has keys.

    `places` are by number of evidence.

    Raises:
        StorageFailure: the disk refuses.
    """
    branch, score = binding.branch, binding.score
    identity, own = _identity(store)
    guide = write_guide(folder, binding, volumes, identity, own.get("name", ""))
    content = {
        "schema": SCHEMA,
        "branch": {"id": branch.id, "code": branch.code, "name": branch.name},
        "signer": _signer(identity, own),
        "year": binding.year,
        "on": binding.on.isoformat(),
        "standard": {"pack": score.pack_id, "version": score.version},
        "volumes": [
            {"file": v.file, "title": v.title, "pages": v.pages, "sha256": v.sha256, "records": list(v.records)}
            for v in volumes
        ],
        "guide": [{"file": file, "sha256": sha256} for file, sha256 in guide],
        "evidence": [_evidence(piece, places[number]) for number, piece in sorted(binding.pieces.items())],
        "not_bound": [{"kind": left.kind, "id": left.id, "why": left.why.value} for left in binding.left_out],
        "gaps": [{"item": gap.item_id, "what": gap.what, "mendable": gap.mendable} for gap in gaps],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    port = FilePort(mode=ORDINARY)
    write_atomically(folder / MANIFEST, text, port)
    if identity is not None:
        from desktop.services.security.sshsig import sign  # cryptography: only where something is signed

        write_atomically(folder / SIGNATURE, sign(identity.signing_key, text, NAMESPACE), port)


def read_volumes(folder: Path, branch_id: str) -> tuple[Volume, ...]:
    """Return the volumes of this branch that the manifest in `folder` names, as far as their files are there."""
    try:
        content = json.loads(FilePort().read(folder / MANIFEST, LONGEST))
        named = [Volume(v["file"], v["title"], int(v["pages"]), v["sha256"]) for v in content["volumes"]]
        if content["branch"]["id"] != branch_id:
            return ()
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(volume for volume in named if "/" not in volume.file and (folder / volume.file).is_file())


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


def _identity(store: "Store") -> "tuple[Identity | None, Mapping[str, str]]":
    """Return the keys the archive is signed with, None before the installation has any, and what it calls itself."""
    from desktop.services.sync.installation import identity_of, own_identities, own_settings

    store = store.lender  # headquarters signs what it makes of the records of a branch
    with store.reading() as session:
        identities, own = own_identities(session), own_settings(session)
    if not identities and store.look is not None:  # keys that cannot be kept sign this once
        return identity_of(store), own
    return identities[0] if identities else None, own


def _signer(identity: "Identity | None", own: Mapping[str, str]) -> dict[str, str] | None:
    """Return who signs: both keys, so that the fingerprint known from the enrolment can be computed from them."""
    if identity is None:
        return None
    public = identity.public
    return {
        "code": own.get("code", ""),
        "name": own.get("name", ""),
        "sign_pub": public.sign_pub.hex(),
        "recipient": public.age_recipient,
        "fingerprint": public.fingerprint,
    }
