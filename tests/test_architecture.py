"""What the code may know of what: layers, start-up, isolation from the network, and the pinned Qt."""

import ast
import functools
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from PySide6 import __version__ as qt_binding_version
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.stores import new_store

ROOT = Path(__file__).resolve().parent.parent
DESKTOP = ROOT / "desktop"
OWN_WINDOW_OR_ACTION = re.compile(r"self|super\(\)|popup|(\w+\.)?(action|eye)")
CALLERS = {"desktop.app", "desktop.cli", "desktop.__main__"}
"""The modules that put the layers together."""

SHARED = {"desktop.__version__", "desktop.paths", "desktop.messages", "desktop.crashes", "desktop.logs"}
"""Small modules without Qt that more than one layer reads."""

RUN_BY_ALEMBIC = "desktop.models.migrations"
"""Scripts that only the upgrade itself can execute."""

KNOWS = {
    "models": {"models"},
    "services": {"models", "services"},
    "ui": {"models", "services", "ui"},
}
"""Which layers the code of a layer may import."""

NETWORK = {
    *(
        "socket",
        "_socket",
        "socketserver",
        "ssl",
        "select",
        "selectors",
        "asyncio",
        "urllib",
        "http",
        "ftplib",
        "smtplib",
    ),
    *("poplib", "imaplib", "xmlrpc", "webbrowser", "requests", "httpx", "aiohttp", "urllib3"),
    *("PySide6.QtNetwork", "PySide6.QtWebSockets", "PySide6.QtWebEngineCore"),
}

ON_THIS_COMPUTER = {
    ("desktop.ui.running", "_socket"),
    ("desktop.ui.reception", "PySide6.QtNetwork.QLocalServer"),
    ("desktop.ui.reception", "PySide6.QtNetwork.QLocalSocket"),
}
"""What speaks to another program of the same user over a file or a pipe: it knows no network."""

HEAVY = ("reportlab", "openpyxl", "alembic", "pypdfium2", "sqlalchemy", "cryptography", "pikepdf", "pyrage", "argon2")
"""What costs tens of milliseconds to import, so nothing on the way to the first window may."""
WAITING = ("hashlib", "json", "datetime", *(() if sys.platform == "win32" else ("ctypes", "PySide6.QtNetwork")))
"""What costs some milliseconds, and is first wanted after the first window is painted; on Windows both of the last take
the name under which one window answers, before there is a window."""
UNSEEN = ("QWizard", "QMdiArea", "QStyle")
"""Classes of Qt that PySide makes with all others when it is handed a widget, or a style, that it did not make."""


def name_of(file: Path) -> str:
    """The dotted name of a module of the program."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


LONGEST = 500
"""So many lines a file may have: more than that is more than one room."""


@functools.cache
def imports() -> dict[str, list[tuple[int, str]]]:
    """Every module of the program with what it imports, wherever in the file: (line, dotted name)."""
    found = {}
    for file in sorted(DESKTOP.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"), file)
        package = name_of(file) if file.name == "__init__.py" else name_of(file).rpartition(".")[0]
        found[name_of(file)] = [pair for node in ast.walk(tree) for pair in imported(node, package)]
    return found


def imported(node: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """What one statement imports; `from x import y` counts as x.y, because y may be a module."""
    if isinstance(node, ast.Import):
        yield from ((node.lineno, alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*above, *filter(None, [base])])
        yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def within(name: str, modules: Iterable[str]) -> bool:
    """Whether `name` is one of `modules` or lies in one."""
    return any(name == module or name.startswith(module + ".") for module in modules)


def fresh(program: str, **environment: str) -> str:
    """What `program`, too long for the command line of Windows, prints in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-"],
        input=program,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_layer_knows_only_itself_and_the_layers_below() -> None:
    wrong = []
    for module, names in imports().items():
        layer = module.split(".")[1] if module.count(".") else ""
        if layer not in KNOWS:
            continue
        allowed = SHARED | {f"desktop.{below}" for below in KNOWS[layer]}
        wrong += [
            f"{module}:{line} imports {name}"
            for line, name in names
            if within(name, ["desktop"]) and not within(name, allowed)
        ]
    assert wrong == []


def dataclasses_in(tree: ast.AST) -> set[str]:
    """The names of the dataclasses that a module declares."""
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(word) for word in node.decorator_list)
    }


def by_position(tree: ast.AST, dataclasses: set[str]) -> list[str]:
    """Where a dataclass is built with more than six arguments that only their order tells apart: name:line."""
    return [
        f"{name}:{call.lineno}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and len(call.args) > 6
        for name in [ast.unparse(call.func).rpartition(".")[2]]
        if name in dataclasses
    ]


def test_a_dataclass_of_many_fields_is_built_by_keyword() -> None:
    roots = (DESKTOP, ROOT / "tests", ROOT / "installer")
    trees = {file: ast.parse(file.read_text("utf-8"), file) for root in roots for file in sorted(root.rglob("*.py"))}
    dataclasses = set().union(*map(dataclasses_in, trees.values()))
    wrong = [
        f"{file.relative_to(ROOT)} {call}" for file, tree in trees.items() for call in by_position(tree, dataclasses)
    ]
    assert wrong == []
    built = ast.parse("Cell(1, 2, 3, 4, 5, 6, 7)\nverdict.Cell(1, 2, 3, 4, 5, 6)\nprint(1, 2, 3, 4, 5, 6, 7)")
    assert by_position(built, dataclasses) == ["Cell:1"]


def test_only_the_callers_know_the_window() -> None:
    outside = {module for module in imports() if not within(module, {"desktop.ui", *CALLERS})}
    wrong = [
        (module, name) for module in outside for _, name in imports()[module] if within(name, ["desktop.ui", *CALLERS])
    ]
    assert wrong == []


def test_the_window_never_meets_the_database() -> None:
    window = [module for module in imports() if within(module, ["desktop.ui"])]
    database = [
        "sqlalchemy",
        "sqlcipher3",
        "alembic",
        "desktop.models.base",
        "desktop.models.database",
        "desktop.services.unit_of_work",
    ]
    assert [(module, name) for module in window for _, name in imports()[module] if within(name, database)] == []


def test_models_and_services_run_without_qt() -> None:
    modules = [
        module
        for module in imports()
        if within(module, ["desktop.models", "desktop.services", "desktop.paths", "desktop.messages"])
    ]
    modules = [module for module in modules if not within(module, [RUN_BY_ALEMBIC])]
    program = f"import sys, importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
    assert fresh(program + "print([name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))])") == "[]"


def test_no_names_of_time_zones_are_needed() -> None:
    """A Windows machine has none: there every look-up of a zone by its name fails."""
    modules = [module for module in imports() if not within(module, [RUN_BY_ALEMBIC])]
    program = f"""
import datetime, importlib, sys, zoneinfo
for name in {modules!r}: importlib.import_module(name)
from desktop.services.clock import now
from desktop.services.demo import clock_on
assert not zoneinfo.available_timezones(), "the test itself must not find any"
print(now().utcoffset() is not None, clock_on(datetime.date(2026, 10, 12))().isoformat())
"""
    assert fresh(program, PYTHONTZPATH="") == "True 2026-10-12T09:00:00+08:00"
    assert [module for module, names in imports().items() for _, name in names if within(name, ["zoneinfo"])] == []


def test_the_program_opens_no_connection() -> None:
    wrong = [
        (module, line, name)
        for module, names in imports().items()
        for line, name in names
        if within(name, NETWORK) and (module, name) not in ON_THIS_COMPUTER
    ]
    assert wrong == []


@pytest.mark.parametrize("entry", ["desktop.__main__", "desktop.app", "desktop.ui.main_window"])
def test_nothing_heavy_is_imported_before_the_first_window(entry: str) -> None:
    program = f"import sys, {entry}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    assert fresh(program) == "[]"


@pytest.mark.parametrize("page", ["log-in", "assistant"])
def test_nothing_that_can_wait_is_brought_until_the_first_window_is_painted(tmp_path: Path, page: str) -> None:
    folder = tmp_path / "store"
    if page == "log-in":
        new_store(folder).close()
    program = f"""
import pathlib, sys
from PySide6 import QtWidgets
from desktop.ui import running, theme
from desktop.ui.window import MainWindow
folder = pathlib.Path({str(folder)!r})
running.take_place(running.address(folder))
app = QtWidgets.QApplication(["branch-desk", *theme.STYLE])
theme.apply(app)
window = MainWindow(folder)
window.show()
assert not window.grab().isNull()
print([name for name in {HEAVY + WAITING!r} if name in sys.modules])
print([name for name in {UNSEEN!r} if name in vars(QtWidgets)])
"""
    assert fresh(program) == "[]\n[]"


def test_each_dependency_is_named_and_used() -> None:
    named = {
        re.split(r"[=\[]", line)[0].lower()
        for line in (ROOT / "requirements.in").read_text("utf-8").splitlines()
        if line[:1].isalpha()
    }
    modules = {
        "PySide6": "pyside6-essentials",
        "shiboken6": "pyside6-essentials",
        "argon2": "argon2-cffi",
        "PIL": "pillow",
        "docx": "python-docx",
    }
    outside = (
        {name.split(".")[0] for names in imports().values() for _, name in names}
        - {"desktop"}
        - sys.stdlib_module_names
    )
    assert {modules.get(name, name).lower() for name in outside} == named


def test_qt_is_the_pinned_one_and_keeps_its_references(qtbot: QtBot) -> None:
    """6.12.0 under Python 3.11 takes a reference of None per call, until the process aborts after some thousands."""
    assert f"PySide6-Essentials=={qt_binding_version}" in (ROOT / "requirements.in").read_text("utf-8")
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(1000):
        label.setText(str(number))
    assert sys.getrefcount(None) > before - 500


def calendars(tree: ast.AST) -> Iterator[int]:
    """The lines where a stored moment becomes a day, or another zone's time, or a day comes from elsewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked, whole = node.func.attr, ast.unparse(node)
            cut = any(isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Slice) for part in node.args)
            read_utc = asked == "fromisoformat" and ("_utc" in whole or cut)
            taken_apart = asked in ("split", "partition", "removesuffix") and ("_utc" in whole or "('T')" in whole)
            machine = ast.unparse(node.func.value) in ("date", "datetime", "datetime.date", "datetime.datetime")
            own_day = machine and asked in ("today", "now", "utcnow", "fromtimestamp", "utcfromtimestamp")
            if asked == "astimezone" or read_utc or taken_apart or own_day:
                yield node.lineno
        if isinstance(node, ast.Subscript) and "_utc" in ast.unparse(node.value) and isinstance(node.slice, ast.Slice):
            yield node.lineno
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("date.today", "datetime.now"):
            yield node.lineno  # handed on to be called


def calendars_of(file: Path) -> list[int]:
    return sorted(set(calendars(ast.parse(file.read_text("utf-8"), file))))


def test_a_stored_moment_is_read_by_the_clock_alone() -> None:
    clock = DESKTOP / "services" / "clock.py"
    files = (file for file in sorted(DESKTOP.rglob("*.py")) if file != clock)
    assert [f"{file.relative_to(ROOT)}:{line}" for file in files for line in calendars_of(file)] == []
    assert calendars_of(clock)  # it would be seen


@pytest.mark.parametrize(
    "way",
    [
        "row.at_utc[:10]",
        "date.fromisoformat(text[:10])",
        "datetime.fromisoformat(row.made_at_utc)",
        "row.at_utc.split('T')[0]",
        "text.partition('T')[0]",
        "moment.astimezone()",
        "date.today()",
        "datetime.now().date()",
        "datetime.fromtimestamp(path.stat().st_mtime)",
        "field(default_factory=date.today)",
    ],
)
def test_no_other_way_from_a_moment_to_a_day_stays_unseen(way: str) -> None:
    assert list(calendars(ast.parse(way)))


def test_changed_rows_are_asked_for_in_their_order() -> None:
    knows = DESKTOP / "services" / "unit_of_work.py"
    asking = [
        file for file in sorted(DESKTOP.rglob("*.py")) if re.search(r"\bsession\.dirty\b", file.read_text("utf-8"))
    ]
    assert asking == [knows]  # `changed_rows` puts them in order


def test_no_number_loses_digits_on_its_way_to_a_reader() -> None:
    """The format g keeps six: 10450.55 yuan became 10450.6. What a machine reads may stay as it is."""
    machines = {DESKTOP / "services/archive/fonts.py", DESKTOP / "services/archive/pen.py", DESKTOP / "ui/theme.py"}
    found = {file for file in DESKTOP.rglob("*.py") if re.search(r":g\}", file.read_text("utf-8"))}
    assert found - machines == set()


def own_texts() -> Iterator[Path]:
    """Every text file of the project that people write."""
    yield from (file for file in ROOT.glob("*") if file.is_file() and file.name != ".git")  # a file in a worktree
    for folder in ("desktop", "installer", "resources", "tests", ".ci"):
        texts = {".py", ".toml", ".md", ".txt", ".in", ".spec", ".nsi", ".sh", ".json", ".mako", ".ini", ""}
        yield from (file for file in (ROOT / folder).rglob("*") if file.is_file() and file.suffix in texts)


def test_no_file_names_this_machine_or_a_registry() -> None:
    hosts = ("pypi" + ".org", "python" + "hosted", "npmjs" + ".org", "deb.debian" + ".org", "file" + ":///opt")
    paths = re.compile(r"(?<![\w.])/(work/(main|shared)|root(?![\w-])|home/\w+|opt/(pypi|wheels))|[A-Z]:\\Users\\")
    wrong = []
    for file in own_texts():
        for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), start=1):
            if paths.search(line) or any(host in line for host in hosts):
                wrong.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()}")
    assert wrong == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no clone: what is tracked is not known")
def test_nothing_is_tracked_that_is_to_be_left_alone() -> None:
    """A link to an environment was tracked once, and every merge threw the environment itself away."""
    asked = ["git", "-C", str(ROOT), "ls-files", "--cached", "--ignored", "--exclude-standard"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines() == []
    staged = subprocess.run([*asked[:3], "ls-files", "--stage"], capture_output=True, text=True, check=True).stdout
    assert [line for line in staged.splitlines() if line.startswith("120000 ")] == [], "links lead out of a clone"


def test_the_python_of_the_project_is_the_one_that_runs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.12"
    assert sys.version_info[:2] == (3, 11)


def test_revisions_of_the_schema_stand_in_one_line() -> None:
    files = sorted((DESKTOP / "models/migrations/versions").glob("[0-9]*_*.py"))
    numbers = [path.name[:4] for path in files]
    assert len(set(numbers)) == len(numbers), "two revisions of one number: a schema has one head"
    for path, before in zip(files, ["", *numbers], strict=False):
        text = path.read_text("utf-8")
        down = f'down_revision = "{before}"' if before else "down_revision = None"
        assert f'revision = "{path.name[:4]}"' in text, path.name
        assert down in text, path.name


def test_a_part_of_the_window_is_shown_by_the_one_function_that_asks_whether_it_has_a_place() -> None:
    """Shown by Qt's own before it was placed, it is a window of its own for a moment."""
    found = set()
    for file in sorted((DESKTOP / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"), file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                part, does = ast.unparse(node.func.value), node.func.attr
                if does in ("setVisible", "show") and not OWN_WINDOW_OR_ACTION.fullmatch(part):
                    found.add(f"{file.relative_to(ROOT).as_posix()} {part}")
    assert found == {"desktop/ui/widgets/layout.py widget"}


def test_no_file_is_longer_than_one_room() -> None:
    migrations = DESKTOP / "models" / "migrations"  # what was written once, and is never changed
    files = [file for part in ("desktop", "installer", "tests") for file in (ROOT / part).rglob("*.py")]
    long = [file for file in files if len(file.read_text("utf-8").splitlines()) > LONGEST]
    assert [name_of(file) for file in long if migrations not in file.parents] == []
