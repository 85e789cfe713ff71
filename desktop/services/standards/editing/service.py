"""Standards at headquarters: files looked at, drafts kept, tried out and settled, editions withdrawn in time."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from desktop.models.branches import Branch
from desktop.models.standards import StandardPack
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StandardKind, Use
from desktop.services.branch_overview import programs_told
from desktop.services.drafts import DraftService
from desktop.services.errors import Input, InvalidInput, NotFound, PackInvalid, Unreckonable
from desktop.services.files import FilePort, open_ordinary, storage_faults
from desktop.services.progress import Progress, silent
from desktop.services.race.records import racers
from desktop.services.standards.editing.checking import Problem, problems_of
from desktop.services.standards.editing.differences import Difference, differences
from desktop.services.standards.editing.draft import StandardDraft, read_tree
from desktop.services.standards.editions import Edition, edition_of, edition_on, edition_row, kept_editions
from desktop.services.standards.kept_figures import reckoning
from desktop.services.standards.pack import Pack
from desktop.services.standards.pack_reader import parse_pack
from desktop.services.standards.score import ItemScore, half_up
from desktop.services.standards.service import StandardService
from desktop.services.sync.editions_told import is_older
from desktop.services.sync.media import note_read
from desktop.services.toml_tables import LONGEST

if TYPE_CHECKING:
    from desktop.services.store import Store

FORM = "standard"
VERSION, SINCE, EDITION, ITEM = (
    Input("version", "版本"),
    Input("effective_from", "从哪天起用"),
    Input("edition", "版本"),
    Input("item", "条目"),
)


@dataclass(frozen=True, slots=True)
class Looked:
    """A standards file that was read: what is wrong with it, or what it says of itself."""

    file: str
    problems: tuple[Problem, ...]
    edition: Edition | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A new edition beside the one in force of its kind."""

    new: Edition
    old: Edition
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What an item of a draft would give a branch: `now` by the edition in force, None where that has no such item.

    Totals are hundredths of a point.
    """

    now: ItemScore | None
    then: ItemScore
    total_now: int
    total_then: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchTrial:
    """What a draft would make of one branch beside the edition in force; totals are hundredths of a point."""

    branch_id: str
    code: str
    name: str
    total_now: int
    total_then: int
    grade_now: str
    grade_then: str

    @property
    def apart(self) -> int:
        """By how many hundredths the draft gives more."""
        return self.total_then - self.total_now

    @property
    def regraded(self) -> bool:
        """Whether its grade would be another one."""
        return self.grade_now != self.grade_then


@dataclass(frozen=True, slots=True)
class WholeTrial:
    """A draft tried out on all branches that reported; `left_out` are the names of the others, `broken` of those whose
    data cannot be reckoned with."""

    lines: tuple[BranchTrial, ...]
    left_out: tuple[str, ...]
    broken: tuple[str, ...] = ()

    @property
    def mean_apart(self) -> int | None:
        """By how many hundredths the mean total changes, halves up; None where no branch reported."""
        if not self.lines:
            return None
        return half_up(Fraction(sum(line.apart for line in self.lines), len(self.lines)))

    @property
    def regraded(self) -> tuple[BranchTrial, ...]:
        """Return the branches whose grade would change."""
        return tuple(line for line in self.lines if line.regraded)


@dataclass(frozen=True, slots=True)
class Behind:
    """A branch whose program was older than this one when it reported last."""

    code: str
    name: str
    program: str


def look_at(store: "Store", path: Path) -> Looked:
    """Read a standards file and check it as a whole; nothing of it is kept, but from which stick it was read.

    Raises:
        StorageFailure: it cannot be read.
    """
    with storage_faults(path, FilePort()), open_ordinary(path) as file:
        source = file.read(LONGEST + 1)
    note_read(store, [path])
    problems = problems_of(source, path.name)
    edition = None if problems else edition_of(edition_row(source.decode("utf-8-sig")))
    return Looked(path.name, problems, edition)


class EditingService:
    """What headquarters does with a new edition before it counts."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._drafts = DraftService(store)

    def compare(self, new: Edition) -> Compared:
        """Compare an edition with the one in force today.

        Raises:
            NotFound: the store keeps none of its kind.
        """
        old = self.current(new.kind)
        return Compared(new, old, differences(new.kind, read_tree(old.text), read_tree(new.text)))

    def current(self, kind: StandardKind) -> Edition:
        """Return the edition in force today.

        Raises:
            NotFound: the store keeps none of this kind.
        """
        with self._store.reading() as session:
            return edition_of(edition_on(session, kind, self._store.today), True, self._store.today)

    # drafts

    def draft(self, kind: StandardKind) -> StandardDraft | None:
        """Return the draft that is kept of a kind, on the base of the edition in force; None while there is none."""
        kept = self._drafts.find(FORM, kind.value)
        if kept is None or not isinstance(kept.values.get("text"), str):
            return None
        return StandardDraft(kind, self.current(kind).text, kept.values["text"])

    def begin(self, kind: StandardKind, text: str = "") -> StandardDraft:
        """Begin a draft: from the newest edition kept, or from a sound file; it is not kept yet.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: the store keeps no edition of this kind.
        """
        self._store.rights.require(Act.STANDARDS)
        with self._store.reading() as session:
            kept = [edition_of(row) for row in kept_editions(session, kind)]
        base = self.current(kind)
        draft = StandardDraft(kind, base.text, text or max(kept, key=lambda edition: edition.effective_from).text)
        versions = {edition.version for edition in kept}
        if not text or str(draft.at(("version",))) in versions:
            draft.put(("version",), _next_version(versions, self._store.today.year))
        if not text:
            draft.put(("effective_from",), date(self._store.today.year + 1, 1, 1))
        return draft

    def keep(self, kind: StandardKind, text: str) -> datetime:
        """Keep the text of a draft in place of what was kept before; return when.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            StorageFailure: the disk or database refuses.
        """
        self._store.rights.require(Act.STANDARDS)
        return self._drafts.save(FORM, kind.value, {"text": text})

    def drop(self, kind: StandardKind) -> None:
        """Forget the draft of a kind.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
        """
        self._store.rights.require(Act.STANDARDS)
        self._drafts.drop(FORM, kind.value)

    def problems(self, draft: StandardDraft) -> tuple[Problem, ...]:
        """Return all that keeps the draft from being settled today, what `settle` refuses among it."""
        refused = self._refusal(draft)
        problems = draft.problems()
        if refused is None:
            return problems
        return (Problem(line=0, item=refused.label, what=refused.reason, path=(refused.name,)), *problems)

    def settle(self, draft: StandardDraft) -> Edition:
        """Make the draft an edition (定版): it goes out with the next feedback, and holds from its day on.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            PackInvalid: something is wrong with it; `problems` of the draft tells all.
            InvalidInput: nothing differs, it would hold for a time that is past, or its version is taken.
        """
        self._store.rights.require(Act.STANDARDS)
        refused = self._refusal(draft)
        if refused is not None:
            raise refused
        problems = draft.problems()
        if problems:
            first = problems[0]
            raise PackInvalid("草稿", first.item, "", first.what, first.path)
        edition = StandardService(self._store).add_edition(draft.text, f"{draft.kind.label}草稿")
        self._drafts.drop(FORM, draft.kind.value)
        return edition

    def _refusal(self, draft: StandardDraft) -> InvalidInput | None:
        """Return why a draft that is sound is no new edition: it holds for a time that is past, nothing differs, or its
        version is that of an edition kept already.
        """
        since = draft.at(("effective_from",))
        if isinstance(since, date) and since < self._store.today:
            return InvalidInput(SINCE, "不能早于今天：以前的成绩按当时的版本算")
        if not [part for part in draft.differences() if part.path]:
            head = {"version", "effective_from", "as_of"}
            if all(draft.at((field,)) == draft.base.get(field) for field in draft.tree if field not in head):
                return InvalidInput(VERSION, "和在用的版本没有不同")
        version = str(draft.at((VERSION.name,)))
        with self._store.reading() as session:
            if version in {edition.version for edition in kept_editions(session, draft.kind)}:
                return InvalidInput(VERSION, f"{version} 已经有了，请改版本号")
        return None

    def withdraw(self, edition_id: str) -> Edition:
        """Take an edition back that does not hold yet; branches that have it drop it with the next feedback.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            NotFound: there is no such edition.
            InvalidInput: it came with the program, or holds already.
        """
        with self._store.unit_of_work("撤回标准文件", Act.STANDARDS) as session:
            row = session.get(StandardPack, edition_id)
            if row is None:
                raise NotFound(what="标准文件", name=edition_id)
            if not row.from_headquarters:
                raise InvalidInput(EDITION, "是程序自带的，不能撤回")
            if row.effective_from <= self._store.today:
                raise InvalidInput(EDITION, "已经起用，不能撤回；要改请起草新版")
            edition = edition_of(row)
            session.delete(row)
        self._store.audit(Use.WITHDRAW_STANDARD, f"{edition.kind.label} {edition.version}")
        return edition

    def withdrawable(self, edition: Edition) -> bool:
        """Return whether an edition can still be taken back."""
        return edition.from_headquarters and edition.effective_from > self._store.today

    # trying it out

    def trial_of_all(self, draft: StandardDraft, progress: Progress = silent) -> WholeTrial:
        """Reckon what the draft would give every branch this year, by its records and ratings of today; lowest first.

        Raises:
            InvalidInput: something other than the sums is wrong with the draft.
            Cancelled: by `progress`.
        """
        pack, service = self._pack(draft), StandardService(self._store)
        with self._store.reading() as session:
            taking_part = racers(session)
            known = set(session.scalars(select(Branch.id)))
        asked = [racer for racer in taking_part if racer.branch_id in known]
        lines, broken = list[BranchTrial](), list[str]()
        for done, racer in enumerate(asked, start=1):
            try:
                with reckoning(racer.branch_id):
                    now, then = service.score(branch_id=racer.branch_id), service.score_by(pack, racer.branch_id)
            except Unreckonable:
                broken.append(racer.name)
            else:
                lines.append(
                    BranchTrial(
                        branch_id=racer.branch_id,
                        code=racer.code,
                        name=racer.name,
                        total_now=now.total,
                        total_then=then.total,
                        grade_now=now.grade_text,
                        grade_then=then.grade_text,
                    )
                )
            progress(done, len(asked))
        left_out = tuple(racer.name for racer in taking_part if racer.branch_id not in known)
        return WholeTrial(tuple(sorted(lines, key=lambda line: (line.apart, line.code))), left_out, tuple(broken))

    def behind(self) -> list[Behind]:
        """Return the branches that reported last with an older program, which may not read a new edition."""
        programs = dict(programs_told(self._store))
        with self._store.reading() as session:
            told = [(racer, programs.get(racer.code, "")) for racer in racers(session)]
        return [Behind(racer.code, racer.name, program) for racer, program in told if is_older(program)]

    def trial(self, draft: StandardDraft, item_id: str, branch_id: str) -> Trial:
        """Reckon what an item of the draft would give a branch this year, by its records and ratings of today.

        Raises:
            InvalidInput: something other than the sums is wrong with the draft, or the item is out of use.
            Unreckonable: what the branch sent leads to an error.
        """
        service, pack = StandardService(self._store), self._pack(draft)
        with reckoning(branch_id):
            then, now = service.score_by(pack, branch_id), service.score(branch_id=branch_id)
        try:
            found = then.item(item_id)
        except KeyError as error:
            raise InvalidInput(ITEM, "已停用，不计分") from error
        before = next((item for item in now.items if item.id == item_id), None)
        return Trial(before, found, now.total, then.total)

    def _pack(self, draft: StandardDraft) -> Pack:
        """Return a draft as it is scored by; that its sums are off does not matter yet.

        Raises:
            InvalidInput: something else is wrong with it.
        """
        sums = (("weight",), ("total",))
        wrong = next((problem for problem in draft.problems() if problem.path[-1:] not in sums), None)
        if wrong is not None:
            raise InvalidInput(ITEM, f"先改好{wrong.item}：{wrong.what}")
        return parse_pack(draft.text, "草稿", [])


def _next_version(versions: set[str], year: int) -> str:
    """Return the next version of next year that nobody has used."""
    numbers = [int(found[1]) for each in versions if (found := re.fullmatch(rf"{year + 1}\.(\d+)", each))]
    return f"{year + 1}.{max(numbers, default=0) + 1}"
