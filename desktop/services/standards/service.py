"""The standard of a store: editions in force, the score of a branch, ratings, readiness for an inspection, evidence."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.models.attachments import Attachment
from desktop.models.standards import StandardPack
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StandardKind, Use
from desktop.services.clock import utc_text
from desktop.services.election.facts import poll_facts
from desktop.services.errors import Conflict, InvalidInput, NotFound
from desktop.services.files import ORDINARY, FilePort, write_atomically
from desktop.services.leaving import leaving
from desktop.services.standards import scoring
from desktop.services.standards.asked import INSPECTED_ON, YEAR, branch_of, day_and_year
from desktop.services.standards.editions import (
    Edition,
    as_written,
    check_standard,
    edition_of,
    edition_row,
    in_force,
    kept_editions,
    law_on,
    pack_on,
    read_edition,
    scheme_on,
)
from desktop.services.standards.evidence import number_evidence
from desktop.services.standards.facts import Facts
from desktop.services.standards.loader import load_facts, plan_templates
from desktop.services.standards.pack import Pack
from desktop.services.standards.party_rules import PartyRules
from desktop.services.standards.ratings import judged_by_headquarters, kept_ratings, period_on
from desktop.services.standards.score import Readiness, Score
from desktop.services.standards.screening import restricted_ids, screened
from desktop.services.standards.verdict import Used

if TYPE_CHECKING:
    from desktop.services.store import Store


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence of an item, with the number it keeps everywhere: 2026-D4-01-003.

    A record that counts for several items has the number of the one that asks for its kind; a line of a list (a post,
    a month of dues) has none.
    """

    number: str
    used: Used
    attachments: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The score of a branch by its own ratings and by those of headquarters, and the facts both rest on."""

    own: Score
    verified: Score
    facts: Facts


class StandardService:
    """The branch standard, as kept and as scored."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    # editions

    def editions(self, kind: StandardKind = StandardKind.BRANCH_STANDARD, on: date | None = None) -> list[Edition]:
        """Return the editions kept of one kind of standards file, newest first."""
        with self._store.reading() as session:
            rows = kept_editions(session, kind)
            day = on or self._store.today
            current = in_force(rows, day)
            return [edition_of(row, row is current, day) for row in reversed(rows)]

    def preview_edition(self, path: Path) -> Edition:
        """Return what a standards file says of itself, checked and not kept; see `add_edition`.

        Raises:
            StorageFailure: it cannot be read.
            PackInvalid: it is none, or breaks its schema.
            PackageRefused: it is another file of ours, that goes elsewhere.
        """
        from desktop.services.sync.told_kind import STANDARD, refuse_other  # brings cryptography

        refuse_other(path, STANDARD)
        return read_edition(path)

    def keeps(self, edition: Edition) -> bool:
        """Return whether an edition of its kind and version is kept already."""
        return any(kept.version == edition.version for kept in self.editions(edition.kind))

    def add_edition(self, text: str, file: str) -> Edition:
        """Keep a new edition of a standards file, checked by its schema; past years keep theirs.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            PackInvalid: the text breaks the schema.
            Conflict: an edition of that kind and version is kept already, with another text.
        """
        self._store.rights.require(Act.STANDARDS)
        check_standard(text, file)
        with self._store.unit_of_work(f"启用标准文件“{file}”", Act.STANDARDS) as session:
            row = edition_row(text, utc_text(self._store.clock()), self._store.is_headquarters)
            same = session.scalar(
                select(StandardPack).where(StandardPack.kind == row.kind, StandardPack.version == row.version)
            )
            if same is None:
                session.add(row)
            elif as_written(same.text) != row.text:
                raise Conflict(
                    what="标准文件", name=f"{row.title} {row.version}", reason="同一版本号的内容不同，请改版本号"
                )
            kind, version = StandardKind(row.kind), row.version
        if same is None:
            self._store.audit(Use.STANDARD, f"{kind.label} {version}")
        return next(edition for edition in self.editions(kind) if edition.version == version)

    def save_edition(self, edition: Edition, path: Path) -> None:
        """Write the text of an edition to `path`, to be changed there and added as a new one.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            StorageFailure: the disk is full or refuses; no half file is left.
        """
        with leaving(self._store, path):
            write_atomically(path, edition.text.encode("utf-8"), FilePort(mode=ORDINARY))
        self._store.audit(Use.EXPORT, f"{edition.title} {edition.version}")

    def pack(self, on: date | None = None, year: int | None = None) -> Pack:
        """Return the standard in force on a day of a year: the latest that began by then (by 31 December at most).

        Raises:
            NotFound: the store keeps none.
            PackInvalid: the edition kept breaks the schema.
        """
        with self._store.reading() as session:
            return pack_on(session, *day_and_year(self._store, on, year))

    def law(self, on: date | None = None, year: int | None = None) -> PartyRules:
        """Return the numbers of the regulations in force; see `pack`."""
        with self._store.reading() as session:
            return law_on(session, *day_and_year(self._store, on, year))

    # scoring

    def facts(self, year: int, branch_id: str | None = None, on: date | None = None) -> Facts:
        """Return what the rules know about a branch for a year."""
        with self._store.reading(whole=True) as session:
            return self._facts(session, year, branch_of(self._store, branch_id), on or self._store.today)

    def _facts(self, session: Session, year: int, branch_id: str, on: date, known: Facts | None = None) -> Facts:
        """Return the facts of a year as law and scheme of a day have them; what is `known` is read again only where
        another law holds on that day, or an election may not have been settled yet.
        """
        scheme, law = scheme_on(session, on, year), law_on(session, on, year)
        if known is not None and known.read_on is not None and law is law_on(session, known.read_on, year):
            polls = poll_facts(session, branch_id, on) if known.polls or known.read_on < on else ()
            return replace(known, polls=polls, plan_templates={} if scheme is None else plan_templates(scheme))
        return load_facts(session, branch_id, year, self._store.clock, on, scheme)

    def score(
        self,
        on: date | None = None,
        year: int | None = None,
        branch_id: str | None = None,
        verified: bool | None = None,
        facts: Facts | None = None,
    ) -> Score:
        """Return the score of a branch for `year` as known on the day `on` (today).

        Args:
            branch_id: whose; a branch store knows only its own.
            verified: by headquarters' ratings instead of the branch's own; default: at headquarters yes, else no.
            facts: those of the branch and the year, where they were read just before.

        Raises:
            InvalidInput: headquarters must name a branch, or the year is out of range.
        """
        day, of_year = self._begun(on, year)
        return self._score(None, day, of_year, branch_of(self._store, branch_id), verified, facts)

    def _begun(self, on: date | None, year: int | None) -> tuple[date, int]:
        day, of_year = day_and_year(self._store, on, year)
        if of_year > day.year:
            raise InvalidInput(YEAR, f"到{day.isoformat()}还没有开始，没有得分")
        return day, of_year

    def score_by(self, pack: Pack, branch_id: str, on: date | None = None) -> Score:
        """Return the score of a branch this year by an edition that is not kept: a draft that is tried out."""
        day, of_year = day_and_year(self._store, on, None)
        return self._score(pack, day, of_year, branch_id, None)

    def _score(
        self, pack: Pack | None, day: date, of_year: int, owner: str, verified: bool | None, facts: Facts | None = None
    ) -> Score:
        with self._store.reading(whole=True) as session:
            pack = pack_on(session, day, of_year) if pack is None else pack
            law = law_on(session, day, of_year)
            theirs = judged_by_headquarters(self._store, verified)
            ratings = kept_ratings(session, of_year, owner, theirs, period_on(day, of_year))
            facts = self._facts(session, of_year, owner, day, facts)
            withheld = self._withheld(session)
        score = replace(scoring.score(pack, law, facts, ratings, day, of_year), verified=theirs)
        return screened(score, withheld)

    def ready(self, on: date, year: int | None = None, branch_id: str | None = None) -> Readiness:
        """Return what an inspector would find on the day `on`, were nothing more typed until then.

        Raises:
            InvalidInput: `on` lies in the past.
        """
        today = self._store.today
        if on < today:
            raise InvalidInput(INSPECTED_ON, "不能早于今天")
        of_year = day_and_year(self._store, on, year)[1]
        owner = branch_of(self._store, branch_id)
        with self._store.reading(whole=True) as session:
            pack, law = pack_on(session, on, of_year), law_on(session, on, of_year)
            theirs, period = self._store.is_headquarters, period_on(on, of_year)
            ratings = kept_ratings(session, of_year, owner, theirs, period)
            facts = self._facts(session, of_year, owner, on)
            withheld = self._withheld(session)
        ready = scoring.ready(pack, law, facts, ratings, today, on, of_year)
        return replace(ready, now=screened(ready.now, withheld), then=screened(ready.then, withheld))

    def judged(
        self, on: date, year: int | None = None, branch_id: str | None = None, *, facts: Facts | None = None
    ) -> Judged:
        """Return both scores of a branch as known on a day: what takes time, facts and traces, is read and judged once.

        `facts`: as `score`.

        Raises:
            InvalidInput: as `score`.
        """
        day, of_year = self._begun(on, year)
        owner, period = branch_of(self._store, branch_id), period_on(day, of_year)
        with self._store.reading(whole=True) as session:
            pack, law = pack_on(session, day, of_year), law_on(session, day, of_year)
            own, verified = (kept_ratings(session, of_year, owner, theirs, period) for theirs in (False, True))
            facts = self._facts(session, of_year, owner, day, facts)
            withheld = self._withheld(session)
        by_own, by_them = scoring.scores(pack, law, facts, (own, verified), day, of_year)
        by_own, by_them = replace(by_own, verified=False), replace(by_them, verified=True)
        return Judged(screened(by_own, withheld), screened(by_them, withheld), facts)

    def _withheld(self, session: Session) -> set[str] | None:
        """Return the records whose titles are not for who works here; None to whom nothing is withheld."""
        return None if self._store.rights.may(Act.RESTRICTED) else restricted_ids(session)

    def verified_score(self, on: date | None = None, year: int | None = None) -> Score | None:
        """Return the score by headquarters' ratings as fed back to this branch, None before any came."""
        of_year = day_and_year(self._store, on, year)[1]
        with self._store.reading(whole=True) as session:
            if not kept_ratings(session, of_year, branch_of(self._store, None), verified=True):
                return None
        return self.score(on, year, verified=True)

    def evidence(self, item_id: str, on: date | None = None, year: int | None = None) -> list[Evidence]:
        """Return the records an item's trace rests on, in order of date, each with the number it has in the archive.

        Raises:
            NotFound: the edition in force has no such item.
        """
        return self.evidence_of(self.score(on, year), item_id)

    def evidence_of(self, score: Score, item_id: str) -> list[Evidence]:
        """Return the evidence of one item of a score already made; see `evidence`.

        Raises:
            NotFound: the score has no such item.
        """
        try:
            used = score.item(item_id).used
        except KeyError as error:
            raise NotFound(what="条目", name=item_id) from error
        ordered = sorted(used, key=lambda u: (u.on or date.min, u.id))
        numbers = number_evidence(score)
        with self._store.reading() as session:  # how many papers a withheld record has is withheld too
            rows = session.execute(
                select(Attachment.record_id, func.count())
                .where(Attachment.deleted_at_utc.is_(None), Attachment.record_id.in_([u.id for u in ordered]))
                .group_by(Attachment.record_id)
            ).all()
        counts = dict[str, int](rows)
        evidence: list[Evidence] = []
        for used_record in ordered:
            bound = numbers.find(used_record)
            evidence.append(Evidence(bound.number if bound else "", used_record, counts.get(used_record.id, 0)))
        return evidence
