"""Editions of the standards files (标准文件): read and checked, kept by version, one of each kind in force on a day."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desktop.models.base import NEWEST_YEAR, OLDEST_YEAR, longest_of
from desktop.models.file_names import plain_name
from desktop.models.standards import StandardPack
from desktop.models.vocabulary.stores import StandardKind
from desktop.paths import resource
from desktop.services.errors import NotFound, PackInvalid
from desktop.services.files import FilePort, open_ordinary, storage_faults
from desktop.services.points.scheme import PointsScheme, read_points
from desktop.services.race.scheme import Scheme, read_scheme
from desktop.services.standards.pack import Pack
from desktop.services.standards.pack_reader import parse_pack
from desktop.services.standards.party_rules import PartyRules, parse_party_rules
from desktop.services.toml_places import Places
from desktop.services.toml_tables import LONGEST, Table, read_toml
from desktop.services.toml_tables import Path as Place

ALWAYS = date(2000, 1, 1)
"""Since when a file holds that names no day."""
HANDED_OUT = (
    StandardKind.BRANCH_STANDARD,
    StandardKind.MEMBER_POINTS,
    StandardKind.HORSE_RACE,
    StandardKind.PARTY_RULES,
)
"""What headquarters replaces by an edition of its own."""
BUILT_IN = ("branch_standard", "party_rules", "horse_race", "member_points", "codes")
"""The standards files that the program brings."""
_WIDE_SPACE = "\u3000"
_SINCE = ("effective_from", "as_of")
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")
_NAMES = ("id", "key", "name", "short", "title")
"""What stands in one line of a list, a heading or a cell."""
_TABLE = re.compile(r"^\[", re.MULTILINE)
UNTITLED = {StandardKind.PARTY_RULES: "党内法规中的数字规则", StandardKind.CODES: "代码表"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of a standards file; `id` is "" while it is not kept."""

    id: str
    kind: StandardKind
    version: str
    title: str
    effective_from: date
    from_headquarters: bool
    in_force: bool
    text: str
    since: date | None = None
    """Since when it counts; None since ever: nothing was in force before the first edition, whatever day it names."""


def read_edition(path: Path) -> Edition:
    """Return what a standards file says of itself, checked by its schema; nothing is kept.

    Raises:
        StorageFailure: it cannot be read.
        PackInvalid: it is none, or breaks its schema.
    """
    with storage_faults(path, FilePort()), open_ordinary(path) as file:
        data = file.read(LONGEST + 1)
    check_standard(data, path.name)
    return edition_of(edition_row(data.decode("utf-8-sig")))


def check_standard(source: str | bytes, file: str, *, strict: bool = True) -> StandardKind:
    """Check a standards file by its own schema before it is kept or handed out; return which kind it is.

    An edition that comes from headquarters is not held to be `strict`: an older program may have handed it out, and
    whoever refused it would get no more feedback. What the program cannot work with is refused all the same.

    Raises:
        PackInvalid: with file, item, field and reason; also where it asks for what the program does not do.
    """
    root = read_toml(source, file)
    try:
        _check(root, source, file, strict)
    except PackInvalid as error:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        error.line = Places(text).line(error.path)
        raise
    return kind_of(root)


def _texts(value: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield each text within a file as it was read, and where it stands."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield (*place, name), name
            yield from _texts(inner, (*place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*place, number))


def _check(root: Table, source: str | bytes, file: str, strict: bool) -> None:
    kind = kind_of(root)
    for field, column in (("title", StandardPack.title), ("version", StandardPack.version)):
        most, said = longest_of(column.property.columns[0]), root.text(field) if root.has(field) else ""
        if len(said) > most:
            raise root.fail(field, f"最多{most}字")
        if not said.replace(_WIDE_SPACE, " ").isprintable():
            raise root.fail(field, "只能是一行文字，不能有换行和看不见的字符")
    version = root.text("version").replace(_WIDE_SPACE, " ") if root.has("version") else ""
    if version and plain_name(version) != version:
        raise root.fail("version", "要写进文件名，不能有/、\\、:、*、?、引号等符号，首尾不能是空格，末尾不能是点")
    for field in _SINCE:
        if root.has(field) and not OLDEST_YEAR <= root.day(field).year <= NEWEST_YEAR:
            raise root.fail(field, f"应在{OLDEST_YEAR}年到{NEWEST_YEAR}年之间")
    longest = longest_of(StandardPack.title.property.columns[0])
    for place, words in _texts(root.data):
        allowed = "" if place[-1] in _NAMES else "\n\t"
        if strict and not allowed and len(words) > longest:
            raise PackInvalid(file, "", str(place[-1]), f"最多{longest}字", place)
        if any(unicodedata.category(mark) in _UNSEEN and mark not in allowed for mark in words):
            reason = "不能有看不见的字符" if allowed else "只能是一行文字，不能有换行和看不见的字符"
            raise PackInvalid(
                file, "", next(str(step) for step in reversed(place) if isinstance(step, str)), reason, place
            )
    if kind is StandardKind.PARTY_RULES:
        parse_party_rules(source, file, strict=strict)
    elif kind is StandardKind.BRANCH_STANDARD:
        if parse_pack(source, file).scoring.late_entry_factor != 1:
            raise root.table("scoring").fail("late_entry_factor", "补录只作标记、抽查时先看，不扣分，应为1.0")
    elif kind is StandardKind.HORSE_RACE:
        read_scheme(source, file, strict=strict)
    elif kind is StandardKind.MEMBER_POINTS:
        read_points(source, file, strict=strict)


def kind_of(table: Table) -> StandardKind:
    """Return which kind of standards file a root table says it is.

    Raises:
        PackInvalid: none that the program knows.
    """
    try:
        return StandardKind(table.text("schema").partition("/")[0])
    except ValueError as error:
        raise table.fail("schema", "不是程序认识的标准文件") from error


def edition_row(text: str, at_utc: str = "", from_headquarters: bool = False) -> StandardPack:
    """Return the row that keeps the text of a standards file, which is checked already.

    Raises:
        PackInvalid: it does not say its kind or version.
    """
    table = read_toml(text, "标准文件")
    kind = kind_of(table)
    since = next((table.day(field) for field in _SINCE if table.has(field)), ALWAYS)
    return StandardPack(
        kind=kind,
        version=table.text("version"),
        title=table.text("title", UNTITLED.get(kind)),
        effective_from=since,
        text=as_written(text),
        from_headquarters=from_headquarters,
        received_at_utc=at_utc,
    )


def as_written(text: str) -> str:
    """Return the text of a standards file whatever program saved it: with the line ends of ours.

    An editor of Windows ends lines otherwise, and says the same.
    """
    return text.replace("\r\n", "\n")


def edition_of(row: StandardPack, in_force: bool = False, on: date = date.max) -> Edition:
    """Return a row as what pages may hold; `in_force` on the day `on`."""
    ever = row.effective_from <= ALWAYS or (in_force and row.effective_from > on)
    return Edition(
        id=row.id or "",
        kind=StandardKind(row.kind),
        version=row.version,
        title=row.title,
        effective_from=row.effective_from,
        from_headquarters=row.from_headquarters,
        in_force=in_force,
        text=row.text,
        since=None if ever else row.effective_from,
    )


def since_words(since: date | None) -> str:
    """Say since when an edition counts."""
    return "一直" if since is None else since.isoformat()


_OF_KIND = (
    select(StandardPack)
    .where(StandardPack.kind == bindparam("asked"))
    .order_by(
        StandardPack.effective_from,
        StandardPack.from_headquarters,
        StandardPack.received_at_utc,
        StandardPack.version,
    )
)
"""The editions of one kind, that which counts more the later; built once, for every score asks for several kinds."""


def kept_editions(session: Session, kind: StandardKind) -> list[StandardPack]:
    """Return the editions kept of one kind, that which counts more the later."""
    return list(session.scalars(_OF_KIND, {"asked": kind}))


def in_force(rows: Sequence[StandardPack], on: date) -> StandardPack | None:
    """Return the latest of some editions, as `kept_editions` orders them, that has begun by `on`; else the first."""
    begun = [row for row in rows if row.effective_from <= on]
    return begun[-1] if begun else rows[0] if rows else None


def edition_on(session: Session, kind: StandardKind, on: date) -> StandardPack:
    """Return the edition of one kind in force on a day; before the first, the first.

    Raises:
        NotFound: the store keeps none.
    """
    row = in_force(kept_editions(session, kind), on)
    if row is None:
        raise NotFound(what="标准文件", name=kind.label)
    return row


def add_built_in(session: Session, today: date, at_utc: str) -> list[StandardPack]:
    """Keep the editions that the program brings and the store does not have yet: all when it is founded, the newer
    ones after an upgrade of the program; return them.

    What headquarters handed out is replaced by headquarters alone. A past year keeps the edition it was worked under:
    a newer one holds from this year on, whatever it says itself.
    """
    added = []
    for name in BUILT_IN:
        text = resource(f"standards/{name}.toml").read_text("utf-8")
        head = read_toml(_TABLE.split(text, 1)[0], name)  # the whole file only where it is needed: every opening asks
        version = head.text("version")
        kept = session.execute(
            select(StandardPack.version, StandardPack.from_headquarters).where(StandardPack.kind == kind_of(head))
        ).all()
        if any(handed_out or version_order(known) >= version_order(version) for known, handed_out in kept):
            continue
        row = edition_row(text, at_utc)
        if kept:
            row.effective_from = max(row.effective_from, date(today.year, 1, 1))
        session.add(row)
        added.append(row)
    return added


def version_order(version: str) -> tuple[int, ...]:
    """Return what versions are put in order by: 0.10.1 is newer than 0.9."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


@lru_cache(maxsize=8)
def _pack(text: str, file: str) -> Pack:
    return parse_pack(text, file)


@lru_cache(maxsize=8)
def _law(text: str, file: str) -> PartyRules:
    return parse_party_rules(text, file)


@lru_cache(maxsize=8)
def _scheme(text: str, file: str) -> Scheme:
    return read_scheme(text, file)


@lru_cache(maxsize=8)
def _points(text: str, file: str) -> PointsScheme:
    return read_points(text, file)


def _of_year(session: Session, kind: StandardKind, on: date, year: int) -> tuple[str, str]:
    row = edition_on(session, kind, min(on, date(year, 12, 31)))
    return row.text, f"{row.kind}-{row.version}.toml"


def pack_on(session: Session, on: date, year: int) -> Pack:
    """Return the standard in force on a day of a year: the latest that began by then (by 31 December at most).

    Raises NotFound when the store keeps none, PackInvalid when the edition kept breaks the schema.
    """
    return _pack(*_of_year(session, StandardKind.BRANCH_STANDARD, on, year))


def codes_on(session: Session, name: str, on: date) -> dict[str, str]:
    """Return code -> name of a list of the standard in force on a day; what the program brings where it has none.

    Raises NotFound and PackInvalid as `pack_on`.
    """
    return pack_on(session, on, on.year).codes(name) or brought_codes(name)


def brought_codes(name: str) -> dict[str, str]:
    """Return code -> name of a list as the standard says that the program brings."""
    file = "branch_standard.toml"
    return _pack(resource(f"standards/{file}").read_text("utf-8"), file).codes(name)


def law_on(session: Session, on: date, year: int) -> PartyRules:
    """Return the numbers of the regulations in force; see `pack_on`."""
    return _law(*_of_year(session, StandardKind.PARTY_RULES, on, year))


def scheme_on(session: Session, on: date, year: int) -> Scheme | None:
    """Return the race scheme in force; None when the store keeps none."""
    try:
        return _scheme(*_of_year(session, StandardKind.HORSE_RACE, on, year))
    except NotFound:
        return None


def points_on(session: Session, on: date, year: int) -> PointsScheme:
    """Return the rules of members' points in force; see `pack_on`."""
    return _points(*_of_year(session, StandardKind.MEMBER_POINTS, on, year))
