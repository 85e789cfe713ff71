"""What a branch works with: each report says its program and its editions, and headquarters sees who lags behind."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop import __version__
from desktop.models.standards import StandardPack
from desktop.models.vocabulary.stores import StandardKind
from desktop.services.errors import PackageRefused
from desktop.services.standards.editions import HANDED_OUT, version_order

EDITIONS = "editions"
_MOST = 200
_LONGEST = 40


def is_older(program: str) -> bool:
    """Tell whether a program, by its version, is older than this one; not where nothing is known of it."""
    return bool(program) and version_order(program) < version_order(__version__)


def editions_told(session: Session) -> dict[str, list[str]]:
    """Return the versions kept of each kind that headquarters replaces, the one that holds last at the end."""
    kinds = [kind.value for kind in HANDED_OUT]
    query = (
        select(StandardPack.kind, StandardPack.version)
        .where(StandardPack.kind.in_(kinds))
        .order_by(StandardPack.effective_from, StandardPack.received_at_utc, StandardPack.version)
    )
    told: dict[str, list[str]] = {kind: [] for kind in kinds}
    for kind, version in session.execute(query):
        told[StandardKind(kind).value].append(version)
    return {kind: versions[-_MOST:] for kind, versions in told.items()}


def read_editions(extras: Mapping[str, object]) -> dict[str, list[str]] | None:
    """Return what a report says of the editions its sender keeps; None where it says nothing (an older program).

    Raises:
        PackageRefused: E-PKG-FORMAT.
    """
    if EDITIONS not in extras:
        return None
    said = extras[EDITIONS]
    if not isinstance(said, dict) or len(said) > len(StandardKind):
        raise PackageRefused("E-PKG-FORMAT")
    read: dict[str, list[str]] = {}
    for kind, versions in said.items():
        if not isinstance(versions, list) or len(versions) > _MOST or kind not in set(StandardKind):
            raise PackageRefused("E-PKG-FORMAT")
        if not all(isinstance(version, str) and 0 < len(version) <= _LONGEST for version in versions):
            raise PackageRefused("E-PKG-FORMAT")
        read[kind] = list(versions)
    return read
