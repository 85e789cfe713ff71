"""Photos and scans of a folder, each with the meeting it seems to belong to by its day; a person attaches them.

The day is said by the camera, by the name of the file or by that of its folder. The day of a file on the disk says
nothing: it is that of the last copy.
"""

import re
import struct
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.attachments import PHOTO, Attachment
from desktop.models.branches import PartyGroup
from desktop.models.meetings import Meeting
from desktop.models.vocabulary.meetings import MeetingState
from desktop.paths import resource
from desktop.services.attachments import Enclosing, MarkedSecret, NotLookedAt
from desktop.services.attachments.media_types import media_type
from desktop.services.attachments.service import measured, most_photos, refuse_marked
from desktop.services.errors import Input, InvalidInput
from desktop.services.intake import record
from desktop.services.intake.documents import MOST_FILES, files_in
from desktop.services.intake.minute_lines import kinds_in
from desktop.services.intake.parts import Parts
from desktop.services.meetings.naming import name_of, title
from desktop.services.meetings.sheet import parse_kind
from desktop.services.progress import Progress, silent
from desktop.services.quoting import quoted
from desktop.services.spreadsheets.named_days import days_in, days_of_moments, days_without_year, years_in
from desktop.services.spreadsheets.results import ImportResult, Rejected
from desktop.services.sync.media import note_read

if TYPE_CHECKING:
    from desktop.services.store import Store

KIND, TITLE = "photos", "照片和扫描件"
"""What the record of imports calls them."""
FOLDER, CHOSEN = Input("folder", "文件夹"), Input("photos", "照片")
MOST = 2_000
"""Photos looked at together."""
_TAKEN_AT, _MADE_AT, _EXIF = 36867, 36868, 0x8769
UNREADABLE = (
    *(
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
        RuntimeError,
        EOFError,
    ),
    *(struct.error, MemoryError, Warning),
)
"""What a damaged picture raises when its particulars are read."""
_MOMENT = re.compile(r"((?:19|20)\d{2}):(\d{2}):(\d{2}) \d{2}:\d{2}:\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A meeting that photos may belong to."""

    id: str
    held_on: date
    title: str
    name: str
    """What kind of meeting it was, of a party group with its name."""
    topic: str
    kind: str
    photos: int
    """So many are attached already."""

    @property
    def words(self) -> str:
        """What it is called in a chooser."""
        return f"{self.held_on.isoformat()} {self.name}{f'：{self.topic[:18]}' if self.topic else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo or a scan, and the meeting it seems to belong to."""

    path: Path
    name: str
    """With the folders it lies in."""
    sha256: str = ""
    size_bytes: int = 0
    day: date | None = None
    why: str = ""
    """What the proposal was told from, or why there is none."""
    meeting_id: str | None = None
    certain: bool = False
    """The only meeting of the only day: attached unless a person takes the tick away."""
    evidence_kind: str | None = None
    fault: str = ""
    """Why it cannot be attached at all, or need not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A folder looked through."""

    name: str
    photos: tuple[Photo, ...]
    meetings: tuple[Held, ...]
    most: int
    """So many photos the standard wants at one record."""
    others: int
    """Files that are neither pictures nor scans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A photo and the meeting a person says it belongs to."""

    photo: Photo
    meeting_id: str


@dataclass(slots=True, kw_only=True)
class PutAway:
    """What became of them."""

    attached: int = 0
    there: int = 0
    """Were attached there already."""
    refused: list[tuple[Photo, str]] = field(default_factory=list)
    run: str = ""
    """In the record of imports, from which it is taken back whole."""


class PhotoService:
    """Sorts the photos and scans of a folder to the meetings of this branch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def look(self, source: Path | Sequence[Path], progress: Progress = silent) -> Sorted:
        """Return the photos of a folder and those below it, or some files, each with the meeting it may belong to.

        Raises:
            InvalidInput: the folder cannot be read, or there is none of them in it, or too many.
            Cancelled: `progress`, told photos done and all, was asked to stop.
        """
        folder = source if isinstance(source, Path) else None
        every = _files(source)
        wanted = [path for path in every if path.suffix.lower() in endings()]
        name = folder.name if folder is not None else f"{len(wanted)}个文件"
        if not wanted:
            raise InvalidInput(FOLDER, f"{quoted(name)}里没有照片和扫描件（{'、'.join(sorted(endings()))}）")
        if len(wanted) > MOST:
            raise InvalidInput(FOLDER, f"{quoted(name)}里的照片超过{MOST}张，请按年份分几次归入")
        meetings, sums = self._meetings()
        titles = {held.id: held.title for held in meetings}
        there = {sha256: titles[held] for held, sha256 in sums if held in titles}
        sorter = _Sorter(self._store, folder, meetings)
        photos: list[Photo] = []
        proposed = []
        for number, path in enumerate(wanted, start=1):
            proposed.append(sorter.propose(path))
            progress(number, len(wanted))
        chosen = _best_of_each(proposed)
        for photo in proposed:
            if not photo.fault and chosen[photo.sha256] is not photo:
                photo = _with_fault(photo, f"和{quoted(chosen[photo.sha256].name)}是同一个文件")
            elif photo.meeting_id is not None and (photo.meeting_id, photo.sha256) in sums:
                photo = _with_fault(photo, "已经附在这次会议里")
            elif photo.meeting_id is None and photo.sha256 in there:
                photo = _with_fault(photo, f"已经附在{there[photo.sha256]}里")
            photos.append(photo)
        most = most_photos(self._store, Meeting.__tablename__)
        return Sorted(
            name=name,
            photos=tuple(_within(photos, meetings, most)),
            meetings=tuple(sorted(meetings, key=lambda held: (held.held_on, held.title), reverse=True)),
            most=most,
            others=len(every) - len(wanted),
        )

    def put(self, name: str, chosen: Sequence[Put], progress: Progress = silent) -> PutAway:
        """Attach photos to meetings as one piece of work: what is refused is named, and does not lose the others.

        Raises:
            NotAllowed: who works here may write no meeting.
            InvalidInput: nothing is chosen.
            StorageFailure: the disk is full or refuses; nothing is attached.
            Cancelled: `progress`, told photos done and all, was asked to stop; nothing is attached.
        """
        self._store.rights.require_any(Meeting.__tablename__)
        if not chosen:
            raise InvalidInput(CHOSEN, "没有选要附上的照片")
        done = PutAway()
        known = {held.id for held in self._meetings()[0]}
        sentence = f"从{quoted(name)}归入照片和扫描件"
        with Enclosing(self._store) as enclosing, self._store.unit_of_work(sentence) as session:
            parts = Parts(session)
            for number, each in enumerate(chosen, start=1):
                photo = each.photo
                try:
                    if each.meeting_id not in known:
                        raise InvalidInput(CHOSEN, "这次会议已经不在了")
                    refuse_marked(photo.path.name, photo.path)
                    new = enclosing.add(
                        session,
                        Meeting.__tablename__,
                        each.meeting_id,
                        photo.path,
                        evidence_kind=photo.evidence_kind,
                        sha256=photo.sha256,
                    )
                    done.attached, done.there = done.attached + new, done.there + (not new)
                except (MarkedSecret, NotLookedAt) as error:
                    done.refused.append((photo, f"{error.reason}；确实不涉密，请在会议页面单独添加"))
                except InvalidInput as error:
                    done.refused.append((photo, error.reason))
                progress(number, len(chosen))
            if done.attached:
                session.flush()
                done.run = record.note(session, self._store, KIND, TITLE, name, _result(done, len(chosen)), parts)
        note_read(self._store, [each.photo.path for each in chosen])
        return done

    def _meetings(self) -> tuple[list[Held], frozenset[tuple[str, str]]]:
        """Return the meetings that were held, and what is attached to each by its hash."""
        branch_id = self._store.branch_id
        query = select(Meeting).where(Meeting.branch_id == branch_id, Meeting.deleted_at_utc.is_(None))
        attached = select(Attachment).where(
            Attachment.record_kind == Meeting.__tablename__, Attachment.deleted_at_utc.is_(None)
        )
        with self._store.reading() as session:
            groups = {group.id: group.name for group in session.scalars(select(PartyGroup))}
            photos: dict[str, int] = {}
            sums = set[tuple[str, str]]()
            for row in session.scalars(attached):
                photos[row.record_id] = photos.get(row.record_id, 0) + row.is_photo
                sums.add((row.record_id, row.sha256))
            held = [
                Held(
                    id=row.id,
                    held_on=row.held_on,
                    title=title(row.kind, row.held_on, groups.get(row.group_id or "", "")),
                    name=name_of(row.kind, groups.get(row.group_id or "", "")),
                    topic=row.topic,
                    kind=row.kind.value,
                    photos=photos.get(row.id, 0),
                )
                for row in session.scalars(query.where(Meeting.state != MeetingState.CANCELLED))
            ]
        return held, frozenset(sums)


def _files(source: Path | Sequence[Path]) -> list[Path]:
    if not isinstance(source, Path):
        return list(source)
    if not source.is_dir():
        raise InvalidInput(FOLDER, f"找不到文件夹{quoted(source.name)}")
    found: list[Path] = []
    for path in files_in(source):
        found.append(path)
        if len(found) > MOST_FILES:
            raise InvalidInput(FOLDER, f"{quoted(source.name)}里的文件超过{MOST_FILES}个，请选放照片的那个文件夹")
    return found


class _Sorter:
    """Says of each photo which meeting it may belong to."""

    def __init__(self, store: "Store", folder: Path | None, meetings: Sequence[Held]) -> None:
        self._store, self._folder = store, folder
        self._by_day: dict[date, list[Held]] = {}
        for held in meetings:
            self._by_day.setdefault(held.held_on, []).append(held)
        self._years = sorted({held.held_on.year for held in meetings})

    def propose(self, path: Path) -> Photo:
        """Return a photo with the meeting it may belong to, and why."""
        name = path.relative_to(self._folder).as_posix() if self._folder is not None else path.name
        kind = _evidence(path, self._folder)
        try:
            sha256, size = measured(path)
        except InvalidInput as error:
            return Photo(path=path, name=name, fault=error.reason)
        said = self._days(path)
        photo = Photo(path=path, name=name, sha256=sha256, size_bytes=size, evidence_kind=kind)
        if not said:
            return replace(photo, why="没有找到日期：照片里、文件名和文件夹名里都没有")
        met = [(day, why) for day, why in said if day in self._by_day]
        if not met:
            day, why = said[0]
            return replace(photo, day=day, why=f"{why}，这天没有会议记录")
        day, why = met[0]
        others = [f"{other}（{reason}）" for other, reason in met if other != day]
        held = self._called(path, self._by_day[day])
        if len(held) > 1:
            why += f"，这天有{len(held)}次会议，请选一次"
        elif others:
            why += f"，又像是{'、'.join(dict.fromkeys(others))}，请看一下"
        certain = len(held) == 1 and not others
        return replace(photo, day=day, why=why, meeting_id=held[0].id if len(held) == 1 else None, certain=certain)

    def _called(self, path: Path, held: Sequence[Held]) -> Sequence[Held]:
        """Return those of several meetings of a day whose kind the names say."""
        if len(held) < 2:
            return held
        for text in self._names(path):
            spellings = kinds_in(text)
            kinds = {parse_kind(spelling, FOLDER).value for spelling in spellings}
            named = [each for each in held if each.kind in kinds]
            if named:
                return named
        return held

    def _names(self, path: Path) -> list[str]:
        """Return the name of a file and of the folders around it, the nearest first."""
        if self._folder is None:
            return [path.stem, path.parent.name]
        folders = path.relative_to(self._folder).parents
        return [path.stem, *(folder.name for folder in folders if folder.name), self._folder.name]

    def _days(self, path: Path) -> list[tuple[date, str]]:
        """Return the days that speak for a photo, the surest first, each with what says so."""
        found: list[tuple[date, str]] = []
        if (taken := taken_on(path)) is not None:
            found.append((taken, f"拍摄日期{taken}"))
        file, *folders = self._names(path)
        moments = days_of_moments(path.stem, self._store.clock)
        found += [(day, f"文件名里有{day}") for day in [*days_in(file), *moments]]
        found += [(day, f"文件夹名里有{day}") for name in folders for day in days_in(name)]
        years = next((years for name in (file, *folders) if (years := years_in(name))), None) or self._years
        for where, names in (("文件名", [file]), ("文件夹名", folders)):
            for name in names:
                days = [day for day in days_without_year(name, years) if day <= self._store.today]
                known = [day for day in days if day in self._by_day] or days[-1:]
                found += [(day, f"{where}里有{day.month}月{day.day}日") for day in known]
        return [(day, why) for day, why in dict(reversed(found)).items() if day <= self._store.today][::-1]


def taken_on(path: Path) -> date | None:
    """Return the day on which a camera says it took a picture, None where it does not."""
    from PIL import Image  # with the first photo

    try:
        with Image.open(path, formats=("JPEG", "MPO", "PNG", "TIFF", "WEBP")) as picture:
            tags = picture.getexif()
            inner = tags.get_ifd(_EXIF)
            said = inner.get(_TAKEN_AT) or inner.get(_MADE_AT)
    except UNREADABLE:  # its name may still say the day
        return None
    found = _MOMENT.match(said) if isinstance(said, str) else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _best_of_each(photos: Sequence[Photo]) -> dict[str, Photo]:
    """Return of copies of one file the one whose name says most of where it belongs, by their hash."""
    best: dict[str, Photo] = {}
    for photo in photos:
        known = best.get(photo.sha256)
        if not photo.fault and (known is None or _says(photo) > _says(known)):
            best[photo.sha256] = photo
    return best


def _says(photo: Photo) -> tuple[bool, bool, bool]:
    return photo.certain, photo.meeting_id is not None, photo.day is not None


def _within(photos: Sequence[Photo], meetings: Sequence[Held], most: int) -> list[Photo]:
    """Return the photos, those beyond what the standard wants at a meeting without their tick."""
    room = {held.id: most - held.photos for held in meetings}
    found = []
    for photo in photos:
        if photo.certain and not photo.fault and photo.meeting_id is not None and is_photo(photo):
            room[photo.meeting_id] -= 1
            if room[photo.meeting_id] < 0:
                why = f"{photo.why}；一次会议最多附{most}张照片"
                photo = replace(photo, certain=False, why=why)
        found.append(photo)
    return found


def is_photo(photo: Photo) -> bool:
    """Tell whether it counts among the few photos of a record: a picture that is no scanned paper."""
    return photo.evidence_kind in (None, PHOTO) and media_type(photo.path.name).startswith("image/")


def _with_fault(photo: Photo, fault: str) -> Photo:
    return replace(photo, fault=fault, certain=False)


@cache
def _words() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(resource("workbooks/photos.toml").read_text(encoding="utf-8"))


@cache
def endings() -> frozenset[str]:
    """Return how pictures and scans are called."""
    return frozenset(ending for kinds in _words()["endings"].values() for ending in kinds)


def _evidence(path: Path, folder: Path | None) -> str | None:
    """Return the kind of evidence that a name tells; a picture that nothing is said of is a photo."""
    names = path.stem + (path.parent.name if folder is not None and path.parent != folder else "")
    said = next((kind for kind, words in _words()["evidence"].items() if any(word in names for word in words)), None)
    return said or (PHOTO if media_type(path.name).startswith("image/") else None)


def _result(done: PutAway, count: int) -> ImportResult:
    refused = [
        Rejected(sheet=photo.name, row=0, field="文件", value=photo.name, reason=reason)
        for photo, reason in done.refused
    ]
    return ImportResult(read=count, accepted=done.attached, unchanged=done.there, rejected=refused)
