"""What a package says, as one sum: two that say the same need not both be sent."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from desktop.services.canonical import canonical


def digest(
    kind: str,
    extras: Mapping[str, object],
    blobs: Sequence[str],
    records: Iterable[tuple[str, Mapping[str, object]]],
) -> str:
    """Return the SHA-256 (hex) of all a package tells its reader: rows, receipt, what it asks for, attachments.

    Who wrote it, when and as which number is left out.
    """
    said = hashlib.sha256(canonical({"blobs": list(blobs), "extras": dict(extras), "kind": kind}))
    for table, row in records:
        said.update(canonical({"d": row, "t": table}))
    return said.hexdigest()
