"""Every verb of the command line, asked by every role: what `roles.toml` allows is done, nothing else is.

The verbs are found in the parser: one that has no line here fails. A store is made once for each role and shared.
"""

import argparse
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from desktop.cli.main import REFUSED, main
from desktop.cli.parser import make_parser
from desktop.cli.terminal import PASSWORD_VARIABLE
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import StoreKind
from desktop.paths import resource
from desktop.services.access.roles import load_roles
from desktop.services.opening import open_store
from desktop.services.security.vault import Vault
from desktop.services.workbooks import book
from tests.services.access.holders import AT, OTHER, Holder, Made, admit, talks
from tests.services.sync.parties import dump
from tests.stores import clock_at, new_store

B, H = StoreKind.BRANCH, StoreKind.HEADQUARTERS
BOTH = (B, H)
CLOCK = clock_at(AT)
SAMPLES = resource("samples")
NOBODYS = {
    "init": "makes a store, and its first user",
    "demo": "makes stores of its own",
    "election": "counts the ballots of a file, which lies in no store",
    "verify": "reads an archive, which lies in no store",
    "verify-release": "reads the files of a new version, which lie in no store",
    "updates": "reads what lies on a stick",
    "restore": "by the password of the backup; what lay there stays beside it, and the trail tells",
    "ask-unlock": "who is locked out has no role; headquarters compares the digits by telephone",
    "unlock": "by the answer of headquarters and the password that was set with the request",
}
"""Verbs that nobody asks for by a role: why."""


@dataclass(frozen=True)
class Line:
    """A verb as it is typed after the store, and what whoever types it has to be allowed (None: nothing).

    `{out}` stands for an empty folder, `{open}` for the id of a talk.
    """

    words: str
    needs: Act | str | None
    kinds: tuple[StoreKind, ...] = (B,)

    @property
    def verb(self) -> str:
        return self.words.partition(" ")[0]

    def allowed(self, holder: Holder) -> bool:
        if self.needs is None:
            return True
        return holder.may(self.needs) if isinstance(self.needs, Act) else holder.may_write(self.needs)


LINES = (
    Line("import --list", None, BOTH),
    Line(f"import members {SAMPLES}/shenqiu/roster.xlsx --rejects {{out}}/退回.xlsx", "members"),
    Line(f"import meetings {SAMPLES}/luyi/meetings.xlsx", "meetings"),
    Line(f"import talk {SAMPLES}/huaiyang/talk.xlsx", "talk"),
    Line(f"import ratings {SAMPLES}/headquarters/ratings.xlsx", "verified_ratings", (H,)),
    Line("import --undo", "members"),
    Line("export members {out}/名册.xlsx", Act.EXPORT),
    Line("export ratings {out}/评定.xlsx", Act.EXPORT, (H,)),
    Line("template members {out}/空表.xlsx", None),
    Line(f"compare members {SAMPLES}/luyi/roster.xlsx", None),
    Line("list members", None),
    Line("list ratings", None, (H,)),
    Line("score", None, BOTH),
    Line("dues --year 2026", None),
    Line("appraisal --year 2026", None),
    Line("development", None),
    Line(f"standard diff {resource('standards/horse_race.toml')}", None, (H,)),
    Line(f"standard add {resource('standards/horse_race.toml')}", Act.STANDARDS, (H,)),
    Line("search 党", None, BOTH),
    Line("dues --year 2026", None),
    Line("development", None, BOTH),
    Line("member 高红卫 --year 2026", None),
    Line("plan --year 2026", None),
    Line("points --year 2026", None),
    Line("self-check --year 2026", None),
    Line("archive --year 1900 --to {out}/档案", Act.EXPORT),
    Line("handbook --year 1900 --to {out}/手册.pdf", Act.EXPORT),
    Line("extract 高红卫 --to {out}/摘录.pdf", Act.EXPORT),
    Line(f"attach {{open}} {SAMPLES}/demo.toml", "talk"),
    Line("photos {out}/无", None),  # to attach them: `PhotoService.put`, whose meetings decide
    Line("invite --code XC --name 项城 --to {out}/邀请", Act.EXCHANGE, (H,)),
    Line("enrol {out}/无 --to {out} --yes", Act.EXCHANGE, BOTH),
    Line("pack --to {out}/包", Act.EXCHANGE),
    Line("receive {out}/无", Act.EXCHANGE, BOTH),
    Line("take-back {out}/无", Act.EXCHANGE),
    Line("race --period 2026Q3", None, (H,)),
    Line("appeals --period 2026Q3", None, BOTH),
    Line("race --period 2026Q3 --to {out}/排名.xlsx", Act.EXPORT, (H,)),
    Line("results --period 2026Q3 --to {out}/名单.xlsx", Act.EXPORT, (H,)),
    Line("statistics --year 2026", None, (H,)),
    Line("sample --period 2026Q3 --seed 7", None, (H,)),
    Line("sample --period 2026Q3 --seed 7 --keep", "sample_sheets", (H,)),
    Line("answer --to {out}/包", Act.EXCHANGE, (H,)),
    Line("hand-back --branch XC --to {out}/包", Act.EXCHANGE, (H,)),
    Line("revoke --branch 无", Act.EXCHANGE, (H,)),
    Line("grant-unlock {out}/无 --to {out} --yes", Act.KEYS, (H,)),
    Line("help-by-hq on", Act.USERS),
    Line("help-by-hq off", Act.USERS),
    Line("check", None, BOTH),
    Line("backup --to {out}/备份", Act.BACKUP, BOTH),
    Line("update {out}", Act.BACKUP, BOTH),
    Line("retention", Act.ERASE, BOTH),
    Line("retention --erase recycled --reason 清理", Act.ERASE, BOTH),
    Line("new-keys", Act.KEYS, BOTH),
    Line("rekey --drop-others --forget-copies", Act.USERS, BOTH),
)


def test_every_verb_of_the_parser_has_its_line() -> None:
    (verbs,) = (each for each in make_parser()._actions if isinstance(each, argparse._SubParsersAction))
    assert {line.verb for line in LINES} | NOBODYS.keys() == set(verbs.choices)
    assert {line.verb for line in LINES} & NOBODYS.keys() == set()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rights")


@pytest.fixture(scope="module")
def made(root: Path) -> Callable[[StoreKind], Made]:
    """Give the store of a kind, with an import and all its users, made when it is first asked for."""

    @cache
    def of(kind: StoreKind) -> Made:
        ids: dict[str, str] = {}
        with new_store(root / kind, kind, AT) as store:
            if kind is B:
                ids = talks(store)
            admit(store, ids)
            if kind is B:
                book(store, "members").import_file(SAMPLES / "luyi/roster.xlsx")
        return Made(root / kind, ids)

    return of


ROLES = [Holder(role.id) for role in load_roles().roles]


def asks(holder: Holder, line: Line) -> bool:
    """Whether `holder` is to type a line: everybody to whom it is closed, and the last to whom it is open."""
    open_to = [each for each in ROLES if each.kind is holder.kind and line.allowed(each)]
    return holder in (*open_to[-1:], *(each for each in ROLES if each not in open_to))


@pytest.mark.parametrize("holder", ROLES, ids=lambda holder: holder.login)
def test_a_role_types_the_verbs_it_has_and_no_other(
    made: Callable[[StoreKind], Made],
    holder: Holder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, OTHER)
    source: Made = made(holder.kind)
    store, out = alone(source, holder, tmp_path / "数据"), tmp_path / "盘"
    out.mkdir()

    def typed(line: Line) -> tuple[int, str, str]:
        """Type a verb; return its status, the code of its refusal if there is one, and what people read."""
        verb, *rest = (word.format(out=out, **source.ids) for word in line.words.split())
        status = main([verb, str(store), *rest, "--json"], CLOCK)
        told, words = capsys.readouterr()
        answer = json.loads(told)
        return status, answer.get("error", {}).get("code", "") if status else "", words

    lines = [line for line in LINES if holder.kind in line.kinds and asks(holder, line)]
    typed(Line("check", None))  # what each day begins with is done
    before = held(store, holder)
    for line in lines:
        if not line.allowed(holder):
            status, code, words = typed(line)
            assert (status, code) == (REFUSED, "E-NOT-ALLOWED"), line.words
            assert "的角色" in words, line.words
            assert list(out.iterdir()) == [], line.words
    assert held(store, holder) == before
    for line in lines:
        if line.allowed(holder):
            assert typed(line)[1] not in ("E-NOT-ALLOWED", "E-DEFECT"), line.words


def alone(source: Made, holder: Holder, folder: Path) -> Path:
    """Copy a store so that of all its passwords only that of `holder` opens it."""
    shutil.copytree(source.folder, folder)
    vault = Vault.open(folder)
    for login in vault.logins:
        if login != holder.login:
            vault.remove(login)
    return folder


def held(folder: Path, holder: Holder) -> object:
    """Return all that a store holds, and the names of its packages and copies."""
    with open_store(folder, OTHER, holder.login, clock=CLOCK) as store:
        rows = dump(store)
    names = {path.relative_to(folder) for part in ("outbox", "inbox", "backup") for path in folder.glob(f"{part}/**/*")}
    return rows, names
