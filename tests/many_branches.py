"""A headquarters of many branches with real packages, quickly: for the window, for screenshots, for benchmarks.

    .venv/bin/python -m tests.many_branches FOLDER --branches 30           stores and packages, all taken in
    .venv/bin/python -m tests.many_branches FOLDER --branches 30 --to 300  and 270 more, which are rows of these only
    .venv/bin/python -m tests.many_branches FOLDER --branches 30 --year-end   and the year ended (`tests.year_end`)

Each branch has a store of its own with the records of one of the sample branches, other identity numbers, and without
some kinds of register, so that no two have the same score; in turn it is of every race group and of a few county
levels. It enrols and hands in by the real road on the day of the samples; headquarters rates all of them and has the
figures of the race. The same seed draws the same; password and login are those of the demonstration.
"""

import argparse
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from openpyxl import load_workbook
from sqlalchemy import Table, select, text

from desktop.models.base import Base, Owned, Travel, new_id
from desktop.models.members import Member
from desktop.models.registers import REGISTERS
from desktop.models.sync import Partner, ReceivedPackage
from desktop.models.vocabulary.stores import PartnerState, StoreKind
from desktop.paths import resource
from desktop.services.demo import LOGIN, PASSWORD, clock_on, take_workbooks
from desktop.services.headquarters import HeadquartersService
from desktop.services.opening import create_store, open_store
from desktop.services.race.editions import scheme_in_force
from desktop.services.spreadsheets.identity import check_mark
from desktop.services.store import Store
from desktop.services.sync.enrolment import EnrolmentService
from desktop.services.sync.receiving import Receiver
from desktop.services.sync.sending import Sender
from desktop.services.workbooks import book
from installer.samples.sheets import write
from tests.stores import CHEAP

BRANCHES, COUNTIES, SEED = 30, 8, 11
STORES, STICK, HEADQUARTERS = "数据", "U盘", "总部"
LEFT_OUT = 0.3
"""So large a share of the kinds of register of its model a branch does without, at most."""
BARE = ("roster", "meetings")
"""The workbooks of a bare branch."""
PLAN = tomllib.loads(resource("samples/demo.toml").read_text("utf-8"))


class Drawn(NamedTuple):
    """One branch to be made: what it is called, the sample branch it follows, and what it does without."""

    code: str
    name: str
    group: str
    county: str
    model: str
    folder: str
    without: frozenset[str]
    number: int


def build(folder: Path, branches: int = BRANCHES, seed: int = SEED, processes: int = 2, *, bare: bool = False) -> Path:
    """Make a headquarters and its branches in `folder`, every package taken in; return the folder of its store.

    `bare`: branches with their members and meetings alone, which are made in a small part of the time.
    """
    stick = folder / STICK
    stick.mkdir(parents=True)
    with _create(folder, HEADQUARTERS, StoreKind.HEADQUARTERS, PLAN["headquarters"]["name"]) as headquarters:
        drawn = list(draw(branches, groups_of(headquarters), seed, bare=bare))
        for one in drawn:
            _enrol(headquarters, one, folder)
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            packages = list(pool.map(_filled, ((folder, one) for one in drawn)))
        refused = [row for row in Receiver(headquarters).receive(packages) if row.code != "OK"]
        if refused:
            raise RuntimeError(f"refused: {refused}")
        for kind in ("ratings", "race_inputs"):
            path = folder / f"{kind}.xlsx"
            sample = resource("samples") / PLAN["headquarters"]["folder"] / f"{kind}.xlsx"
            _write_for_all(path, sample, drawn, Random(seed))
            book(headquarters, kind).import_file(path)
        return headquarters.folder


def groups_of(headquarters: Store) -> list[str]:
    """Return the race groups of headquarters."""
    with headquarters.reading() as session:
        return [group.id for group in scheme_in_force(session, headquarters.today).groups]


def draw(branches: int, groups: Sequence[str], seed: int, *, bare: bool = False) -> Iterator[Drawn]:
    """Draw what the branches are; `bare`: with members and meetings alone."""
    chance, models = Random(seed), PLAN["branches"]
    for number in range(1, branches + 1):
        model = models[(number - 1) % len(models)]
        kinds = sorted(path.stem for path in (resource("samples") / model["folder"]).glob("*.xlsx"))
        registers = [kind for kind in kinds if kind in REGISTERS]
        yield Drawn(
            code=f"ZK{number:02d}",
            name=f"第{number}烟站党支部" if number > len(models) else model["name"],
            group=groups[(number - 1 + (number - 1) // len(groups)) % len(groups)],
            county=f"第{number % COUNTIES + 1}党总支",
            model=model["code"],
            folder=model["folder"],
            without=frozenset(
                [kind for kind in kinds if kind not in BARE]
                if bare
                else chance.sample(registers, int(len(registers) * chance.random() * LEFT_OUT))
            ),
            number=number,
        )


def multiply(headquarters: Store, orgs: Sequence[str], first: int, last: int) -> None:
    """Let the branches `first` to `last` have the rows of others in turn, under ids of their own, without a package."""
    names = {
        table.name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Owned) and getattr(mapper.class_, "__travels__", None) is Travel.UP
        for table in mapper.tables
        if isinstance(table, Table)
    }
    ordered = [table for table in Base.metadata.sorted_tables if table.name in names]
    with headquarters.upkeep() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        package = ReceivedPackage
        told = session.execute(select(package.sender, package.period, package.header).where(package.accepted))
        came = {row[0]: (row[1], row[2]) for row in told}
        known = {partner.org: partner for partner in session.scalars(select(Partner))}
        for number in range(first, last + 1):
            org, own = orgs[number % len(orgs)], new_id()
            for table in ordered:
                columns = ", ".join(f'"{column.name}"' for column in table.columns)
                taken = ", ".join(_taken(column.name, number) for column in table.columns)
                copied = f'SELECT {taken} FROM "{table.name}" WHERE branch_id = :org'
                session.execute(text(f'INSERT INTO "{table.name}" ({columns}) {copied}'), {"org": org, "own": own})
            kept = {column.key: getattr(known[org], column.key) for column in Partner.__table__.columns}
            named = {"org": own, "code": f"ZK{number:03d}", "name": f"第{number}支部", "install": new_id()}
            session.add(Partner(**kept | {"id": new_id(), "state": PartnerState.ACTIVE} | named))
            period, header = came.get(org, (None, {}))
            session.add(
                ReceivedPackage(
                    sender=own, seq=1, package_hash=f"{number:064d}", kind="report", accepted=True, code="OK",
                    header={**header, "from": {**header.get("from", {}), "install": named["install"]}}, period=period,
                    received_at_utc=f"{headquarters.today}T00:00:00Z", file_name="x.dzp",
                )
            )  # fmt: skip


def _taken(column: str, number: int) -> str:
    """Return what a copied row has in a column: ids of its own, everything else as it was."""
    if column == "branch_id":
        return ":own"
    if column == "id" or column.endswith("_id"):
        own = f"substr(\"{column}\", 1, 30) || printf('n%05d', {number})"  # ends as no id does that was drawn
        return f'CASE WHEN "{column}" = :org THEN :own ELSE {own} END'
    return f'"{column}"'


def _create(folder: Path, name: str, kind: StoreKind, title: str, code: str = "") -> Store:
    path = folder / STORES / name
    path.parent.mkdir(exist_ok=True)
    return create_store(path, kind, title, LOGIN, PASSWORD, code, cost=CHEAP, clock=clock_on(PLAN["on"])).store


def _enrol(headquarters: Store, one: Drawn, folder: Path) -> None:
    stick = folder / STICK
    with _create(folder, one.code, StoreKind.BRANCH, one.name, one.code) as store:
        invitation = EnrolmentService(headquarters).invite(one.code, one.name, one.group, stick)
        registration = EnrolmentService(store).accept_invitation(invitation.path).confirm(stick)
        EnrolmentService(headquarters).accept_registration(registration.path).confirm()
        HeadquartersService(headquarters).change_branch(store.org, one.name, one.group, one.county)


def _filled(task: tuple[Path, Drawn]) -> Path:
    """Let one branch take its workbooks and hand in; return its package."""
    folder, one = task
    path = folder / STORES / one.code
    with open_store(path, PASSWORD, LOGIN, clock=clock_on(PLAN["on"])) as store:
        take_workbooks(store, resource("samples") / one.folder, one.without)
        with store.unit_of_work("身份证号") as session:
            for number, member in enumerate(session.scalars(select(Member).order_by(Member.id))):
                if member.id_no:
                    member.id_no = _own_id_no(member.id_no, one.number, number)
        return Sender(store).pack(folder / STICK, PLAN["period"]).file


def _own_id_no(id_no: str, branch: int, number: int) -> str:
    """Return a number nobody else has: of the same birthday and sex, with the region and place in the day changed."""
    first = f"41{branch % 100:02d}{number % 100:02d}{id_no[6:14]}{branch // 100 % 10}{number // 100 % 10}{id_no[16]}"
    return first + check_mark(first)


def _write_for_all(path: Path, sample: Path, drawn: Iterable[Drawn], chance: Random) -> None:
    """Write a workbook of headquarters in which each branch has the lines of its model, some levels moved."""
    head, *rows = load_workbook(sample).active.iter_rows(values_only=True)
    write(path, "数据", [str(cell) for cell in head], lines_of(rows, drawn, chance))


def lines_of(rows: Sequence[tuple[Any, ...]], drawn: Iterable[Drawn], chance: Random) -> Iterator[tuple[Any, ...]]:
    """Give each branch the lines of its model, a little moved, some left out."""
    for one in drawn:
        for row in rows:
            if row[0] == one.model and chance.random() > 0.02:
                yield (one.code, *(_moved(cell, chance) for cell in row[1:]))


def _moved(cell: Any, chance: Random) -> Any:
    """Return a level, or a share, a little moved; any other cell as it is."""
    if isinstance(cell, str) and cell.endswith("%"):
        return f"{max(0, min(100, float(cell[:-1]) + chance.choice((-3, -1.5, 0, 1, 2)))):g}%"
    if isinstance(cell, str) and cell.endswith(".5") and "D" not in cell:
        return f"{float(cell) + chance.choice((-0.5, 0, 0.5)):g}"
    return cell


def main() -> None:
    """Make them as the command line says."""
    parser = argparse.ArgumentParser(description="A headquarters of many branches with real packages.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--branches", type=int, default=BRANCHES, help="so many with a store and a package")
    parser.add_argument("--to", type=int, default=0, help="so many in all; the others are rows of these")
    parser.add_argument("--year-end", action="store_true", help="a fourth quarter, and the race of the year published")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, default=2)
    told = parser.parse_args()
    made = build(told.folder, told.branches, told.seed, told.processes)
    if told.year_end:
        from tests.year_end import end_year

        end_year(told.folder, told.branches, told.seed, told.processes)
    if told.to > told.branches:
        with open_store(made, PASSWORD, LOGIN, clock=clock_on(PLAN["on"])) as headquarters:
            with headquarters.reading() as session:
                orgs = list(session.scalars(select(Partner.org).order_by(Partner.code)))
            multiply(headquarters, orgs, told.branches + 1, told.to)
    print(f"{made}  {LOGIN} / {PASSWORD}  {PLAN['on']}")


if __name__ == "__main__":
    main()
