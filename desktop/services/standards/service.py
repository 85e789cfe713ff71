"""The standard of a store: editions in force, the score of a branch, ratings, readiness for an inspection, evidence."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.standards import GateFinding, SelfRating, StandardPack, VerifiedRating
from desktop.models.vocabulary import StandardKind
from desktop.services.clock import utc_text
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.race.scheme import Scheme, read_scheme
from desktop.services.standards import quality, scoring
from desktop.services.standards.editions import (
    Edition,
    check_standard,
    edition_of,
    edition_on,
    edition_row,
    in_force,
    kept_editions,
    read_edition,
)
from desktop.services.standards.evidence import number_evidence
from desktop.services.standards.facts import Facts
from desktop.services.standards.loader import load_facts
from desktop.services.standards.pack import Item, Pack
from desktop.services.standards.pack_reader import parse_pack
from desktop.services.standards.party_rules import PartyRules, parse_party_rules
from desktop.services.standards.quality import Rated, Ratings
from desktop.services.standards.score import Readiness, Score
from desktop.services.standards.verdict import Used

if TYPE_CHECKING:
    from desktop.services.store import Store


@lru_cache(maxsize=8)
def _pack(text: str, file: str) -> Pack:
    return parse_pack(text, file)


@lru_cache(maxsize=8)
def _law(text: str, file: str) -> PartyRules:
    return parse_party_rules(text, file)


@lru_cache(maxsize=8)
def _scheme(text: str, file: str) -> Scheme:
    return read_scheme(text, file)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence of an item, with the number it keeps everywhere: 2026-D4-01-003.

    A record that counts for several items has the number of the one that asks for its kind; a line of a list (a post,
    a month of dues) has none.
    """

    number: str
    used: Used
    attachments: int


class StandardService:
    """The branch standard, as kept and as scored."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # editions

    def editions(self, kind: StandardKind = StandardKind.BRANCH_STANDARD, on: date | None = None) -> list[Edition]:
        """Return the editions kept of one kind of standards file, newest first."""
        with self._store.reading() as session:
            rows = kept_editions(session, kind)
            current = in_force(rows, on or self._store.today)
            return [edition_of(row, row is current) for row in reversed(rows)]

    def preview_edition(self, path: Path) -> Edition:
        """Return what a standards file says of itself, checked and not kept; see `add_edition`.

        Raises:
            StorageFailure: it cannot be read.
            PackInvalid: it is none, or breaks its schema.
        """
        return read_edition(path)

    def add_edition(self, text: str, file: str) -> Edition:
        """Keep a new edition of a standards file, checked by its schema; past years keep theirs.

        Raises:
            PackInvalid: the text breaks the schema.
            Conflict: an edition of that kind and version is kept already, with another text.
        """
        check_standard(text, file)
        with self._store.unit_of_work(f"启用标准文件“{file}”") as session:
            row = edition_row(text, utc_text(self._store.clock()), self._store.is_headquarters)
            same = session.scalar(
                select(StandardPack).where(StandardPack.kind == row.kind, StandardPack.version == row.version)
            )
            if same is None:
                session.add(row)
            elif same.text != text:
                raise Conflict(
                    what="标准文件", name=f"{row.title} {row.version}", reason="同一版本号的内容不同，请改版本号"
                )
            kind, version = StandardKind(row.kind), row.version
        return next(edition for edition in self.editions(kind) if edition.version == version)

    def pack(self, on: date | None = None, year: int | None = None) -> Pack:
        """Return the standard in force on a day of a year: the latest that began by then (by 31 December at most).

        Raises:
            NotFound: the store keeps none.
            PackInvalid: the edition kept breaks the schema.
        """
        with self._store.reading() as session:
            return self._pack(session, *self._when(on, year))

    def law(self, on: date | None = None, year: int | None = None) -> PartyRules:
        """Return the numbers of the regulations in force; see `pack`."""
        with self._store.reading() as session:
            return self._party_rules(session, *self._when(on, year))

    def _when(self, on: date | None, year: int | None) -> tuple[date, int]:
        day = on or self._store.today
        return day, day.year if year is None else year

    def _pack(self, session: Session, on: date, year: int) -> Pack:
        row = _edition(session, StandardKind.BRANCH_STANDARD, on, year)
        return _pack(row.text, f"{row.kind}-{row.version}.toml")

    def _party_rules(self, session: Session, on: date, year: int) -> PartyRules:
        row = _edition(session, StandardKind.PARTY_RULES, on, year)
        return _law(row.text, f"{row.kind}-{row.version}.toml")

    # scoring

    def facts(self, year: int, branch_id: str | None = None, on: date | None = None) -> Facts:
        """Return what the rules know about a branch for a year."""
        with self._store.reading() as session:
            return self._facts(session, year, self._branch(branch_id), on or self._store.today)

    def _facts(self, session: Session, year: int, branch_id: str, on: date) -> Facts:
        try:
            row = _edition(session, StandardKind.HORSE_RACE, on, year)
        except NotFound:
            scheme = None
        else:
            scheme = _scheme(row.text, f"{row.kind}-{row.version}.toml")
        return load_facts(session, branch_id, year, self._store.clock, scheme)

    def score(
        self,
        on: date | None = None,
        year: int | None = None,
        branch_id: str | None = None,
        verified: bool | None = None,
    ) -> Score:
        """Return the score of a branch for `year` as known on the day `on` (today).

        Args:
            branch_id: whose; a branch store knows only its own.
            verified: by headquarters' ratings instead of the branch's own; default: at headquarters yes, else no.

        Raises:
            InvalidInput: headquarters must name a branch, or the year is out of range.
        """
        day, of_year = self._when(on, year)
        _check_year(of_year)
        if of_year > day.year:
            raise InvalidInput("年度", f"到{day.isoformat()}还没有开始，没有得分")
        owner = self._branch(branch_id)
        with self._store.reading() as session:
            pack, law = self._pack(session, day, of_year), self._party_rules(session, day, of_year)
            ratings = self._ratings(session, of_year, owner, self._verified(verified))
            facts = self._facts(session, of_year, owner, day)
        return scoring.score(pack, law, facts, ratings, day, of_year)

    def ready(self, on: date, year: int | None = None, branch_id: str | None = None) -> Readiness:
        """Return what an inspector would find on the day `on`, were nothing more typed until then.

        Raises:
            InvalidInput: `on` lies in the past.
        """
        today = self._store.today
        if on < today:
            raise InvalidInput("检查日期", "不能早于今天")
        of_year = on.year if year is None else year
        _check_year(of_year)
        owner = self._branch(branch_id)
        with self._store.reading() as session:
            pack, law = self._pack(session, on, of_year), self._party_rules(session, on, of_year)
            ratings = self._ratings(session, of_year, owner, self._verified(None))
            facts = self._facts(session, of_year, owner, on)
        return scoring.ready(pack, law, facts, ratings, today, on, of_year)

    def verified_score(self, on: date | None = None, year: int | None = None) -> Score | None:
        """Return the score by headquarters' ratings as fed back to this branch, None before any came."""
        of_year = self._when(on, year)[1]
        if not self.ratings(of_year, verified=True):
            return None
        return self.score(on, year, verified=True)

    def evidence(self, item_id: str, on: date | None = None, year: int | None = None) -> list[Evidence]:
        """Return the records an item's trace rests on, in order of date, each with the number it has in the archive.

        Raises:
            NotFound: the edition in force has no such item.
        """
        return self.evidence_of(self.score(on, year), item_id)

    def evidence_of(self, score: Score, item_id: str) -> list[Evidence]:
        """Return the evidence of one item of a score already made; see `evidence`."""
        try:
            used = score.item(item_id).used
        except KeyError as error:
            raise NotFound(what="条目", name=item_id) from error
        ordered = sorted(used, key=lambda u: (u.on or date.min, u.id))
        numbers = number_evidence(score)
        with self._store.reading() as session:
            rows = session.execute(
                select(Attachment.record_id, func.count())
                .where(Attachment.deleted_at_utc.is_(None), Attachment.record_id.in_([u.id for u in ordered]))
                .group_by(Attachment.record_id)
            ).all()
        counts = dict[str, int](rows)
        found: list[Evidence] = []
        for one in ordered:
            bound = numbers.find(one)
            found.append(Evidence(bound.number if bound else "", one, counts.get(one.id, 0)))
        return found

    # ratings

    def ratings(self, year: int, branch_id: str | None = None, verified: bool | None = None) -> Ratings:
        """Return the typed judgements of a year by (item, criterion): the branch's own, or headquarters'."""
        with self._store.reading() as session:
            return self._ratings(session, year, self._branch(branch_id), self._verified(verified))

    def rate(
        self,
        item_id: str,
        criterion: int,
        *,
        level: Any = None,
        satisfied: int | None = None,
        asked: int | None = None,
        ground: str = "",
        year: int | None = None,
        branch_id: str | None = None,
    ) -> Rated:
        """Keep one judgement of one criterion (position from 0): at the branch its own, at headquarters verified.

        Raises:
            InvalidInput: no such item or criterion, a computed one, or a value off its scale.
        """
        day, of_year = self._when(None, year)
        _check_year(of_year)
        owner = self._branch(branch_id)
        with self._store.unit_of_work(f"评定{item_id}第{criterion + 1}条质量标准") as session:
            pack = self._pack(session, min(day, date(of_year, 12, 31)), of_year)
            item = rated_item(pack, item_id, criterion)
            rated = quality.check(
                item.quality[criterion],
                pack.scoring.quality_scale_max,
                level=level,
                satisfied=satisfied,
                asked=asked,
                ground=ground,
                rated_on=day,
            )
            put_rating(session, self._table(), owner, of_year, item_id, criterion, rated)
        return rated

    def unrate(self, item_id: str, criterion: int, *, year: int | None = None, branch_id: str | None = None) -> None:
        """Take a judgement back: the criterion is 待评 again."""
        of_year, owner = self._when(None, year)[1], self._branch(branch_id)
        table = self._table()
        with self._store.unit_of_work(f"撤回{item_id}第{criterion + 1}条质量标准的评定") as session:
            row = _rating(session, table, owner, of_year, item_id, criterion)
            if row is not None:
                row.deleted_at_utc = utc_text(self._store.clock())

    def adopt(
        self, branch_id: str, item_id: str, criterion: int | None = None, *, year: int | None = None, ground: str = ""
    ) -> int:
        """At headquarters, take over the branch's own ratings of one item (one criterion); return how many.

        Raises:
            InvalidInput: not at headquarters, or the branch has rated nothing there.
        """
        if not self._store.is_headquarters:
            raise InvalidInput("采用自评", "由市公司办理")
        day, of_year = self._when(None, year)
        adopted = 0
        with self._store.unit_of_work(f"采用支部对{item_id}的自评") as session:
            own = self._ratings(session, of_year, branch_id, verified=False)
            for (item, position), rated in own.items():
                if item == item_id and criterion in (None, position):
                    taken = Rated(
                        rated.level_hundredths, rated.satisfied, rated.asked, ground or rated.ground, day, adopted=True
                    )
                    put_rating(session, VerifiedRating, branch_id, of_year, item, position, taken)
                    adopted += 1
            if not adopted:
                raise InvalidInput("自评", "支部还没有自评这一条")
        return adopted

    def find_gate(
        self, branch_id: str, gate_id: str, ground: str, *, item_id: str | None = None, year: int | None = None
    ) -> None:
        """At headquarters, declare that a gate applies to a branch (造假、处分 …), with its ground.

        Raises:
            InvalidInput: not at headquarters, no such gate or item, or no ground given.
        """
        if not self._store.is_headquarters:
            raise InvalidInput("认定", "由市公司办理")
        if not ground.strip():
            raise InvalidInput("依据", "不能为空")
        day, of_year = self._when(None, year)
        with self._store.unit_of_work("认定限定条件") as session:
            pack = self._pack(session, day, of_year)
            if gate_id not in {gate.id for gate in pack.gates}:
                raise InvalidInput("限定条件", "标准里没有这个条件")
            if item_id is not None and item_id not in {item.id for item in pack.items}:
                raise InvalidInput("条目", f"标准里没有“{item_id}”")
            session.add(
                GateFinding(
                    branch_id=branch_id,
                    year=of_year,
                    gate_id=gate_id,
                    item_id=item_id,
                    ground=ground.strip(),
                    found_on=day,
                )
            )

    # inside

    def _branch(self, branch_id: str | None) -> str:
        if branch_id is not None:
            return branch_id
        if self._store.is_headquarters:
            raise InvalidInput("支部", "请指明是哪个支部")
        return self._store.branch_id

    def _verified(self, verified: bool | None) -> bool:
        return self._store.is_headquarters if verified is None else verified

    def _table(self) -> type[SelfRating] | type[VerifiedRating]:
        return VerifiedRating if self._store.is_headquarters else SelfRating

    def _ratings(self, session: Session, year: int, branch_id: str, verified: bool) -> dict[tuple[str, int], Rated]:
        table = VerifiedRating if verified else SelfRating
        adopted: Any = VerifiedRating.adopted if verified else literal(False)
        rows = session.execute(
            select(
                table.item_id,
                table.criterion,
                table.value_hundredths,
                table.satisfied,
                table.asked,
                table.ground,
                table.rated_on,
                table.updated_by,
                adopted,
            ).where(table.branch_id == branch_id, table.year == year, table.deleted_at_utc.is_(None))
        )
        return {(item, number): Rated(*values) for item, number, *values in rows}


def rated_item(pack: Pack, item_id: str, criterion: int) -> Item:
    """Return the item of `pack` whose criterion is to be rated.

    Raises:
        InvalidInput: no such item, or it has no such criterion.
    """
    item = next((item for item in pack.items if item.id == item_id), None)
    if item is None:
        raise InvalidInput("条目", f"标准里没有“{item_id}”")
    if not 0 <= criterion < len(item.quality):
        raise InvalidInput("质量标准", f"{item_id}只有{len(item.quality)}条质量标准")
    return item


def put_rating(
    session: Session,
    table: type[SelfRating] | type[VerifiedRating],
    branch_id: str,
    year: int,
    item_id: str,
    criterion: int,
    rated: Rated,
) -> int:
    """Keep one checked judgement; return 0 when it is new, 1 when it changed, 2 when it was the same."""
    row = _rating(session, table, branch_id, year, item_id, criterion)
    values: dict[str, Any] = {
        "value_hundredths": rated.level_hundredths,
        "satisfied": rated.satisfied,
        "asked": rated.asked,
        "ground": rated.ground,
    }
    if table is VerifiedRating:
        values["adopted"] = rated.adopted
    if row is None:
        session.add(
            table(
                branch_id=branch_id,
                year=year,
                item_id=item_id,
                criterion=criterion,
                rated_on=rated.rated_on,
                **values,
            )
        )
        return 0
    if row.deleted_at_utc is None and all(getattr(row, name) == value for name, value in values.items()):
        return 2
    outcome = 0 if row.deleted_at_utc is not None else 1
    for name, value in values.items():
        setattr(row, name, value)
    row.rated_on, row.deleted_at_utc = rated.rated_on or row.rated_on, None
    return outcome


def _rating(
    session: Session, table: type[SelfRating] | type[VerifiedRating], branch_id: str, year: int, item: str, number: int
) -> SelfRating | VerifiedRating | None:
    query: Any = select(table).where(
        table.branch_id == branch_id, table.year == year, table.item_id == item, table.criterion == number
    )
    found: SelfRating | VerifiedRating | None = session.scalar(query)
    return found


def _edition(session: Session, kind: StandardKind, on: date, year: int) -> StandardPack:
    return edition_on(session, kind, min(on, date(year, 12, 31)))


def _check_year(year: int) -> None:
    if not 1949 <= year <= 2199:
        raise InvalidInput("年度", "超出范围")
