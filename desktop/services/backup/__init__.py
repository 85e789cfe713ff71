"""Backups (备份): automatic copies inside the store, one file for a stick, and the way back from either."""

from desktop.services.backup.archive import BackupFile, examine
from desktop.services.backup.copies import BEFORE_UPGRADE, BackupRow, BackupService, copies_in, kept
from desktop.services.backup.restoring import (
    Restored,
    finish_interrupted,
    restore,
    restored_into,
    try_restore,
)

__all__ = [
    "BEFORE_UPGRADE",
    "BackupFile",
    "BackupRow",
    "BackupService",
    "Restored",
    "copies_in",
    "examine",
    "finish_interrupted",
    "kept",
    "restore",
    "restored_into",
    "try_restore",
]
