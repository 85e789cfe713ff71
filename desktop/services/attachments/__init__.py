"""Attached files (附件): the rows that name them, their encrypted contents, and what may not be attached.

A content is stored once, however often it is attached.
"""

from desktop.services.attachments.contents import AttachmentStore, Stored
from desktop.services.attachments.enclosing import Enclosing
from desktop.services.attachments.secrecy import secrecy_mark
from desktop.services.attachments.service import (
    AttachmentRow,
    AttachmentService,
    MarkedSecret,
    NotLookedAt,
    called,
    keep_stored,
)
from desktop.services.attachments.several import Attached, Refused, attach_several, refused_at_once

__all__ = [
    "Attached",
    "AttachmentRow",
    "AttachmentService",
    "AttachmentStore",
    "Enclosing",
    "MarkedSecret",
    "NotLookedAt",
    "Refused",
    "Stored",
    "attach_several",
    "called",
    "keep_stored",
    "refused_at_once",
    "secrecy_mark",
]
