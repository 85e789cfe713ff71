"""A form writes on the revision that it read, or not at all."""

from desktop.models.base import Base, Record
from desktop.services.errors import Stale


def check_revision(record: object, read: int | None, what: str) -> None:
    """Refuse to change `record` (`what` it is to the user) if it was changed since revision `read`; None: whatever.

    Raises:
        Stale: it was.
    """
    if read is None or not (isinstance(record, Base) and isinstance(record, Record)):
        return
    if record.rev != read:
        raise Stale(what, record.__tablename__, record.id, read=read, rev=record.rev)
