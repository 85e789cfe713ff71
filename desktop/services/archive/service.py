"""Archives of a store: built here or in a process of their own, and noted among the uses of the store."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.archive.child import build_in_child
from desktop.services.archive.rows import Archive, ArchiveGap
from desktop.services.archive.verifying import Signer
from desktop.services.progress import Progress, silent
from desktop.services.sync.media import note_on_stick

if TYPE_CHECKING:
    from desktop.services.store import Store


class ArchiveService:
    """Builds archives from the records of a store. `branch_id` chooses the branch at headquarters."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def build(
        self,
        year: int,
        to: Path,
        on: date | None = None,
        progress: Progress = silent,
        *,
        branch_id: str | None = None,
        substitute: bool = False,
    ) -> Archive:
        """Build the archive of `year` in the folder `to`, and note that it was built; see `build_volumes`.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            What `build_volumes` raises.
        """
        self._store.rights.require(Act.EXPORT)
        from desktop.services.archive.volumes import build_volumes  # the libraries for PDF: only where one is made

        self._with_keys()
        archive = build_volumes(self._store, year, to, on, progress, branch_id=branch_id, substitute=substitute)
        self._note(year, to)
        return archive

    def build_apart(
        self,
        year: int,
        to: Path,
        on: date | None = None,
        progress: Progress = silent,
        *,
        branch_id: str | None = None,
        substitute: bool = False,
    ) -> Archive:
        """Build like `build` in a process of its own, so that a window stays quick meanwhile.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            What `build_in_child` raises.
        """
        self._store.rights.require(Act.EXPORT)
        self._with_keys()
        archive = build_in_child(self._store, year, to, on, progress, branch_id=branch_id, substitute=substitute)
        self._note(year, to)
        return archive

    def preflight(self, year: int, progress: Progress = silent) -> list[ArchiveGap]:
        """Return what the archive of today would lack besides the gaps of the standard: attachments that are missing,
        cannot be shown, or that nobody attached.

        Raises:
            Cancelled: by `progress`.
        """
        from desktop.services.archive.volumes import preflight

        return preflight(self._store, year, progress=progress)

    def known_as(self, signer: Signer) -> str:
        """Return whose key signed an archive, as far as this store knows: 本机, the name of a partner, or ""."""
        from desktop.services.sync.enrolment import EnrolmentService
        from desktop.services.sync.installation import own_identities

        with self._store.reading() as session:
            own = {identity.public.fingerprint for identity in own_identities(session)}
        if signer.fingerprint in own:
            return "本机"
        partners = EnrolmentService(self._store).partners()
        return next((each.name for each in partners if each.fingerprint == signer.fingerprint), "")

    def _with_keys(self) -> None:
        """Let the installation have keys: no archive goes out unsigned."""
        from desktop.services.sync.installation import identity_of

        identity_of(self._store)

    def _note(self, year: int, to: Path) -> None:
        self._store.audit(Use.ARCHIVE, str(year))
        note_on_stick(self._store, Use.TO_STICK, [to])
