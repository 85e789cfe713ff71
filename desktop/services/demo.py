"""The whole loop on sample data, by the same services the window uses: for trying out, for teaching, and as a test."""

import contextlib
import shutil
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from desktop.models.vocabulary.stores import StoreKind
from desktop.models.vocabulary.transfers import TransferDirection
from desktop.paths import resource
from desktop.services.appeals import Raised
from desktop.services.archive.service import ArchiveService
from desktop.services.clock import Clock
from desktop.services.demo_headquarters import (
    check_on_the_spot,
    decide_claims,
    fill_library,
    hear_appeals,
    order_transfers,
    work_by_feedback,
    write_to_branches,
)
from desktop.services.election.sample import keep_sample
from desktop.services.errors import StorageFailure
from desktop.services.files import FilePort, require_vacant, storage_faults
from desktop.services.improvement.from_race import take_result
from desktop.services.improvement.service import ImprovementService
from desktop.services.inspections.reading import read_lists
from desktop.services.inspections.service import InspectionDraft, InspectionService
from desktop.services.members import MemberService
from desktop.services.members.portraits import PortraitService
from desktop.services.members.transferring import TransferService
from desktop.services.numbers import points
from desktop.services.opening import create_store
from desktop.services.points.sample import keep_sample as keep_points
from desktop.services.progress import Progress, silent
from desktop.services.race.closing import ClosingService
from desktop.services.race.raising import RaisingService
from desktop.services.race.service import RaceService
from desktop.services.security.passwords import Cost
from desktop.services.standards.score import Score
from desktop.services.standards.service import StandardService
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.terms import TermDraft, TermService
from desktop.services.workbooks import books

PASSWORD = "gongzuotai-2026"
LOGIN = "示范"
STEPS_PER_BRANCH = 4
ZONE = timezone(timedelta(hours=8))
"""Chinese time. As an offset, for it is the same all year, and not every machine has names of zones."""
_QUICK = Cost(19 * 1024, 1, 1)
"""The stores protect invented data: the lightest password cost that the vault accepts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBranch:
    """What became of one sample branch."""

    code: str
    name: str
    store: Path
    archive: Path
    imported: Mapping[str, int]
    self_score: Score
    package: Path
    received: str
    total: str
    rank: int | None
    race_class: str
    plan: str


@dataclass(frozen=True, slots=True)
class DemoResult:
    """Where everything lies and what came out."""

    folder: Path
    headquarters: Path
    period: str
    on: date
    branches: tuple[DemoBranch, ...]
    password: str = PASSWORD


def run(folder: Path, progress: Progress = silent) -> DemoResult:
    """Build the sample branches and a headquarters in `folder` and take them once round the loop.

    Raises:
        Conflict: `folder` holds something already.
        StorageFailure: `folder` is a file, or the disk refuses; nothing is left of it.
        Cancelled: what was built so far stays to be looked at.
    """
    require_vacant(folder)
    try:
        with storage_faults(folder, FilePort()):
            return _Demo(folder, progress).run()
    except StorageFailure:
        shutil.rmtree(folder, ignore_errors=True)
        raise


class _Demo:
    def __init__(self, folder: Path, progress: Progress) -> None:
        plan = tomllib.loads(resource("samples/demo.toml").read_text("utf-8"))
        self._folder, self._plan, self._progress = folder, plan, progress
        self._clock = clock_on(plan["on"])
        self._stick = folder / "U盘"
        self._done = 0
        self._total = STEPS_PER_BRANCH * len(plan["branches"]) + 4

    def run(self) -> DemoResult:
        branches: list[Mapping[str, Any]] = self._plan["branches"]
        self._stick.mkdir(parents=True)
        with contextlib.ExitStack() as opened:
            headquarters = opened.enter_context(
                self._create("总部", StoreKind.HEADQUARTERS, self._plan["headquarters"]["name"])
            )
            stores = {
                branch["code"]: opened.enter_context(
                    self._create(branch["code"], StoreKind.BRANCH, branch["name"], branch["code"])
                )
                for branch in branches
            }
            imported = {branch["code"]: self._fill(stores[branch["code"]], branch) for branch in branches}
            for branch in branches:
                self._enrol(headquarters, stores[branch["code"]], branch)
            archives = {code: self._archive(store, code) for code, store in stores.items()}
            packages = {code: self._pack(store) for code, store in stores.items()}
            received = Receiver(headquarters).receive(list(packages.values()))
            self._look_after(headquarters)
            classes = self._race(headquarters)
            plans = self._answer(headquarters, stores)
            self._report_again(headquarters, stores)
            return DemoResult(
                self._folder,
                headquarters.folder,
                self._plan["period"],
                self._plan["on"],
                tuple(
                    DemoBranch(
                        code=branch["code"],
                        name=branch["name"],
                        store=stores[branch["code"]].folder,
                        archive=archives[branch["code"]],
                        imported=imported[branch["code"]],
                        self_score=StandardService(stores[branch["code"]]).score(self._plan["on"]),
                        package=packages[branch["code"]],
                        received=next(row.message for row in received if row.file == packages[branch["code"]]),
                        total=classes[branch["code"]][0],
                        rank=classes[branch["code"]][1],
                        race_class=classes[branch["code"]][2],
                        plan=plans[branch["code"]],
                    )
                    for branch in branches
                ),
            )

    def _create(self, name: str, kind: StoreKind, title: str, code: str = "") -> Store:
        folder = self._folder / "数据" / name
        folder.parent.mkdir(exist_ok=True)
        return create_store(folder, kind, title, LOGIN, PASSWORD, code, cost=_QUICK, clock=self._clock).store

    def _fill(self, store: Store, branch: Mapping[str, Any]) -> dict[str, int]:
        samples = resource("samples") / branch["folder"]
        counts = take_workbooks(store, samples)
        if "term" in branch:
            TermService(store).save_term(TermDraft(**branch["term"]))
        if "inspection" in branch:
            said = dict(branch["inspection"])
            brought, *_ = read_lists(samples / said.pop("file"))
            InspectionService(store).take_in(brought, InspectionDraft(**said))
        if "transfer" in branch:
            self._leave(store, branch["transfer"])
        if "election" in branch:
            keep_sample(store, branch["election"], branch["election_steps"], branch["election_marks"])
        if "points" in branch:
            keep_points(store, branch["points"], branch["points_claims"])
        for name, file in branch.get("portraits", {}).items():
            PortraitService(store).put(MemberService(store).find(name), samples / file)
        self._step()
        return counts

    def _leave(self, store: Store, transfer: Mapping[str, Any]) -> None:
        """Let a member move out to another branch, as the letter says."""
        said = dict(transfer)
        name, to = said.pop("member"), said.pop("to")
        (to_org,) = (each["name"] for each in self._plan["branches"] if each["code"] == to)
        member = MemberService(store).find(name)
        service = TransferService(store)
        known = service.known(member, TransferDirection.OUT)
        leaving = {"member_id": member, "direction": TransferDirection.OUT, "to_org": to_org}
        service.save(known | leaving | said, on_roster=True)

    def _enrol(self, headquarters: Store, store: Store, branch: Mapping[str, str]) -> None:
        invitation = EnrolmentService(headquarters).invite(branch["code"], branch["name"], "mixed", self._stick)
        registration = EnrolmentService(store).accept_invitation(invitation.path).confirm(self._stick)
        EnrolmentService(headquarters).accept_registration(registration.path).confirm()
        self._step()

    def _archive(self, store: Store, code: str) -> Path:
        made = ArchiveService(store).build(self._plan["year"], self._folder / "档案" / code)
        self._step()
        return made.dir

    def _pack(self, store: Store) -> Path:
        packed = Sender(store).pack(self._stick, self._plan["period"])
        self._step()
        return packed.file

    def _look_after(self, headquarters: Store) -> None:
        """Rate and check what came in, decide what waits, and note what headquarters does for branches."""
        plan, samples = self._plan["headquarters"], self._above()
        check_on_the_spot(headquarters, self._plan["period"], plan["seed"], samples / "samples.xlsx")
        for workbook in books(headquarters):
            path = samples / f"{workbook.name}.xlsx"
            if workbook.name != "samples" and path.exists():
                workbook.import_file(path)
        decide_claims(headquarters, plan["claims"])
        write_to_branches(headquarters, self._plan["period"], plan["written"], plan["missing"])
        fill_library(headquarters, plan["library"])
        order_transfers(headquarters)
        self._step()

    def _race(self, headquarters: Store) -> dict[str, tuple[str, int | None, str]]:
        """Rank the branches, hear who appeals, and publish what came of it."""
        period, race = self._plan["period"], RaceService(headquarters)
        ClosingService(headquarters).close(period)
        race.score(period)
        race.publish(period)
        corrected = self._above() / "race_inputs_corrected.xlsx"
        table = hear_appeals(headquarters, period, self._plan["headquarters"]["appeals"], corrected)
        race.export(period, self._folder / "赛马.xlsx")
        self._step()
        return {row.code: (points(row.total), row.rank, row.class_name) for row in table.rows}

    def _answer(self, headquarters: Store, stores: Mapping[str, Store]) -> dict[str, str]:
        """Send feedback to every branch and let its result open the plan its class calls for."""
        feedback = Sender(headquarters).answer(None, self._stick)
        plans = {}
        for code, store in stores.items():
            mine = [package.file for package in feedback if package.code == code]
            Receiver(store).receive(mine)
            service = ImprovementService(store)
            taken = take_result(store)
            current = service.current()
            plans[code] = taken.words if current is None else f"{current.title}，{len(current.actions)}条措施"
        self._step()
        return plans

    def _report_again(self, headquarters: Store, stores: Mapping[str, Store]) -> None:
        """Let branches work by the feedback and hand in what came of it: answers, plans, what they adopted, appeals."""
        packed = []
        for branch in self._plan["branches"]:
            if "answers" in branch:
                store = stores[branch["code"]]
                work_by_feedback(store, branch["answers"], branch.get("adopted", {}))
                if "appeal" in branch:
                    RaisingService(store).raise_appeal(self._plan["period"], Raised(**branch["appeal"]))
                packed.append(Sender(store).pack(self._stick).file)
        Receiver(headquarters).receive(packed)
        self._step()

    def _above(self) -> Path:
        return resource("samples") / str(self._plan["headquarters"]["folder"])

    def _step(self) -> None:
        self._done += 1
        self._progress(self._done, self._total)


def take_workbooks(store: Store, samples: Path, without: Collection[str] = ()) -> dict[str, int]:
    """Import the roster first, then the meetings, then every register workbook there is; dues year by year.

    Kinds in `without` are left out. Return how many rows of each kind were taken.
    """
    counts: dict[str, int] = {}
    for workbook in books(store):
        if workbook.name in without:
            continue
        stem = {"members": "roster"}.get(workbook.name, workbook.name)
        for path in (*sorted(samples.glob(f"{stem}-*.xlsx")), *samples.glob(f"{stem}.xlsx")):
            result = workbook.import_file(path)
            counts[workbook.name] = counts.get(workbook.name, 0) + result.accepted + result.updated
    return counts


def clock_on(day: date) -> Clock:
    """Return a clock that stands at nine in the morning of `day`, Chinese time."""
    moment = datetime.combine(day, time(9), ZONE)
    return lambda: moment
