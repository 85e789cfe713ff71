"""An archive as it crosses layers and processes: its volumes, and what it lacks."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.models.vocabulary.labels import Labelled


@dataclass(frozen=True, slots=True)
class ArchiveGap:
    """What the archive of this day lacks: a gap of the standard, or something that could not be bound as it should."""

    item_id: str
    what: str
    who: str
    by: date | None
    mendable: bool


class Unbound(Labelled):
    """Why a record that is kept is not bound."""

    RESTRICTED = "restricted", "属内部掌握，不装入档案"
    LATER = "later", "日期在编制日之后"
    NOT_HELD = "not_held", "会还没有开，或已取消"
    NOT_STANDING = "not_standing", "本年度还没有开始，或以前已经结束"
    NOT_HERE = "not_here", "全文不在本机"
    PERSONAL_FILE = "personal_file", "进党员档案，本卷只列目录"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record of the year, or without a date, that is not bound, and why; `item_id` is where it would stand.

    `id` is "" for a restricted record where whoever makes the archive is not entitled to it: only their count is told.
    """

    kind: str
    id: str
    item_id: str
    why: Unbound


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


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive just built."""

    dir: Path
    volumes: tuple[Volume, ...]
    gaps: tuple[ArchiveGap, ...]
    aside: Path | None = None
    """Where the folder that lay there before stays, since it held more than this archive brings back."""

    @property
    def pages(self) -> int:
        """Return the pages of all volumes."""
        return sum(volume.pages for volume in self.volumes)
