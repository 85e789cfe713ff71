"""What packages (.dzp) and key files (.dzk) are: kinds, limits, names of their parts.

A file is a stored ZIP of at most three members (body.age, header.json, header.json.sig) of which every byte that is
not member data follows from the sizes and checksums, so a reader rebuilds it and compares. `package_header`,
`package_manifest` and `package_wrapper` say what each looks like, to the byte; `package_json` is the strict reader of
what a stranger wrote.
"""

from enum import StrEnum

FMT = 1
SUITE = 1

MIB = 1 << 20
MAX_FILE_BYTES = 19 * (1 << 30) // 10
"""1.9 GiB: fits FAT32 and every 32-bit field of a ZIP directory."""
MAX_HEADER_BYTES = 64 << 10
MAX_SIGNATURE_BYTES = 1 << 10
MAX_MANIFEST_BYTES = 8 * MIB
MAX_RECORDS_BYTES = 128 * MIB
MAX_ROWS = 150_000
"""Ten years of a branch of a hundred stay below; taking in so many rows is a matter of a minute, not of an hour."""
MAX_PACKED_RECORDS_BYTES = 64 * MIB
"""Compressed records are held in memory while the attachments behind them in the stream are read."""
MAX_LINE_BYTES = 4 * MIB
MAX_DEPTH = 16
MAX_BLOB_BYTES = 200 * MIB
MAX_MEMBERS = 20_000
MAX_AFTER = 200
AFTER_DIGITS = 32
MAX_FORGOTTEN_SEQ = 1_000_000_000
"""No store has forgotten a package beyond this number; one that went on after it would run out of numbers."""

BODY, HEADER, SIGNATURE = "body.age", "header.json", "header.json.sig"
MANIFEST, RECORDS, BLOB_PREFIX = "manifest.json", "records.jsonl.gz", "blobs/"
EXTRAS = ("editions", "next_key", "period", "receipt", "want_blobs")
"""What a manifest may say besides what the header and the members make it say."""


class Kind(StrEnum):
    """What a file is for."""

    REPORT = "report"
    FEEDBACK = "feedback"
    HQ_KEY = "hq-key"
    INVITE = "invite"
    ENROL = "enrol"
    UNLOCK_REQUEST = "unlock-req"
    UNLOCK_RESPONSE = "unlock-rsp"
    HANDOVER = "handover"

    @property
    def word(self) -> str:
        """The word that file names carry."""
        return _WORDS[self]

    @property
    def is_package(self) -> bool:
        """Whether such a file has a body and a place in a stream; else it is a key file."""
        return self in (Kind.REPORT, Kind.FEEDBACK, Kind.HANDOVER)


_WORDS = {
    Kind.REPORT: "上报",
    Kind.FEEDBACK: "反馈",
    Kind.HQ_KEY: "总部公开钥匙",
    Kind.INVITE: "邀请",
    Kind.ENROL: "登记",
    Kind.UNLOCK_REQUEST: "解锁申请",
    Kind.UNLOCK_RESPONSE: "解锁",
    Kind.HANDOVER: "移交",
}
