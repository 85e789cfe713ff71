"""The pictures of the manual and of README: every page and form of the real window with the sample data.

    dev.py screenshots [NAME …]     all of them, or those whose names begin so, into resources/manual/pictures

They are taken on a private display (Debian: xvfb), on the day of the demonstration, in few colours.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "resources" / "manual" / "pictures"
SIZE = (1200, 640)
PLAIN, MIXED = 14, 12
"""Colours of a picture: those of its surfaces as they are, and as many for letters and curves."""
PATIENCE_S, QUIET_ROUNDS = 120, 12
STEP_S = 0.02

if TYPE_CHECKING:
    from PIL import Image
    from PySide6.QtWidgets import QWidget

    from desktop.services.store import Store
    from desktop.ui.main_window import Shell
    from desktop.ui.window import MainWindow

Way = Callable[["Studio"], object]
"""How a form is opened in a window that shows its store."""


def page_name(kind: str, area: str, tab: str) -> str:
    """Return what the picture of a page is called."""
    return f"{kind}-{area}-{tab}"


class Studio:
    """One window with one sample store open."""

    def __init__(self, window: "MainWindow") -> None:
        self.window = window

    @property
    def shell(self) -> "Shell":
        """The open store on screen."""
        assert self.window.shell is not None
        return self.window.shell

    @property
    def page(self) -> Any:
        """The page in view, by what it can do."""
        return self.shell.page()

    def settle(self) -> None:
        """Wait until every service call has come back and what it brought is laid out."""
        from PySide6.QtCore import QEvent
        from PySide6.QtWidgets import QApplication

        quiet, end = 0, time.monotonic() + PATIENCE_S
        while quiet < QUIET_ROUNDS:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            shell = self.window.shell
            busy = not self.window.tasks.idle() or (
                shell is not None and not (shell.desk.tasks.idle() and shell.desk.jobs.idle())
            )
            quiet = 0 if busy else quiet + 1
            time.sleep(STEP_S)
            if time.monotonic() > end:
                raise SystemExit(f"a service call does not come back on {type(self.page).__name__}")

    def enter(self, store: "Store") -> None:
        """Show a store."""
        self.window.enter(store)
        self.settle()
        self.window._watch.stop()  # nobody touches the mouse here

    def go(self, area: str, tab: str, **where: Any) -> Any:
        """Show a page, with its first row chosen where it has a table; return it."""
        from desktop.ui.table_model import DataTable

        self.shell.desk.open(area, tab, **where)
        self.settle()
        tables = cast(list[DataTable[object]], self.page.findChildren(DataTable))
        for table in tables:
            if table.view.isVisible() and table.model.rowCount() and not where:
                table.view.selectRow(0)
                break
        self.settle()
        return self.page

    def push(self, form: Any) -> None:
        """Open a form over the page in view."""
        self.shell.desk.push(form)
        self.settle()

    def shoot_form(self, name: str, open_form: Way) -> Iterator[str]:
        """Open a form and write its picture; yield what is wrong with that."""
        open_form(self)
        self.settle()
        if name[0].isupper() and type(self.page).__name__ != name:
            yield f"{name} did not open, but {type(self.page).__name__}"
        self.shoot(name)
        if (layer := self.shell._search) is not None:
            layer.hide()

    def shoot(self, name: str) -> None:
        """Write the picture of what is in view."""
        self.settle()
        save(self.window, PICTURES / f"{name}.png")


def save(window: "QWidget", path: Path) -> None:
    """Write a window as a small picture."""
    from PIL import Image
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    picture = Image.open(io.BytesIO(buffer.data().data())).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    few_colours(picture).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1024} KB", flush=True)


def few_colours(picture: "Image.Image") -> "Image.Image":
    """Return a picture in a palette of few colours that keeps those of its surfaces."""
    from PIL import Image

    counted = cast(list[tuple[int, tuple[int, int, int]]], picture.getcolors(picture.width * picture.height))
    plain = [colour for _count, colour in sorted(counted, reverse=True)[:PLAIN]]
    mixed = picture.quantize(MIXED, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in plain for part in colour] + mixed[: 3 * MIXED])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


# Forms, each by the way that leads to it.


def _intake(studio: Studio) -> None:
    from desktop.ui.intake.page import IntakePage

    studio.go("members", "roster")
    studio.push(IntakePage(studio.shell.desk, "members", "党员名册"))


def _roster_file() -> Path:
    from desktop.paths import resource

    return resource("samples/shenqiu/roster.xlsx")


def _columns(studio: Studio) -> None:
    from desktop.ui.intake.page import IntakePage

    studio.go("members", "roster")
    studio.push(IntakePage(studio.shell.desk, "members", "党员名册", source=_roster_file()))


def _trial(studio: Studio) -> None:
    _columns(studio)
    studio.page.next_button.click()


def _pushed(area: str, tab: str, module: str, form: str, *more: Callable[[Studio], Any]) -> Way:
    """Return the way to a form that needs the desk and what `more` finds on the page under it."""

    def open_form(studio: Studio) -> None:
        from importlib import import_module

        studio.go(area, tab)
        studio.push(getattr(import_module(module), form)(studio.shell.desk, *(find(studio) for find in more)))

    return open_form


def _called(area: str, tab: str, method: str, *arguments: Any) -> Way:
    """Return the way to a form that its page opens itself."""

    def open_form(studio: Studio) -> None:
        getattr(studio.go(area, tab), method)(*arguments)

    return open_form


def _member(studio: Studio) -> str:
    return str(studio.page.table.model.row_at(0).id)


def _meeting_form(studio: Studio) -> None:
    studio.go("meetings", "list", kind="branch_congress", new=True)


def _meeting_lists(studio: Studio) -> None:
    """Open the lists at the first that has something in it."""
    from desktop.ui.meetings.lists import MeetingLists

    studio.go("meetings", "list")
    studio.push(MeetingLists(studio.shell.desk))
    filled = (number for number, table in enumerate(studio.page.tables) if table.model.rowCount())
    studio.shell.tab_bar.setCurrentIndex(next(filled, 0))


def _lines(studio: Studio) -> None:
    from desktop.services.appraisal.rows import StepKey

    studio.go("meetings", "appraisal").open_lines(StepKey.REVIEW)


def _updating(studio: Studio) -> None:
    from desktop.services.updates.offers import spotted
    from desktop.services.updates.program import NAME
    from desktop.ui.updates.page import UpdatePage
    from tests.services.updates.programs import TRUSTED, make_release

    studio.go("archive", "hand_in")
    stick = studio.shell.desk.store.folder.parents[1] / "支部报送"
    (stick / "新").mkdir(parents=True)
    (stick / "新" / NAME).write_text("", "utf-8")
    make_release(stick / "盘", stick / "新", "9.0.0")
    offer = spotted(stick / "盘", None, keys=TRUSTED)
    assert offer is not None
    studio.push(UpdatePage(studio.shell.desk, offer))


def _search(studio: Studio) -> None:
    studio.go("home", "home")
    studio.shell.search()
    layer = studio.shell._search
    assert layer is not None
    layer.field.setText("党课")


FORMS: dict[str, dict[str, Way]] = {
    "branch": {
        "IntakePage": _intake,
        "import-columns": _columns,
        "import-trial": _trial,
        "RecordPage": _pushed("members", "roster", "desktop.ui.intake.record", "RecordPage"),
        "PhotosPage": _pushed("meetings", "list", "desktop.ui.meetings.photos", "PhotosPage"),
        "ComparePage": _pushed("members", "roster", "desktop.ui.members.comparing", "ComparePage"),
        "MemberCard": _pushed("members", "roster", "desktop.ui.members.card", "MemberCard", _member),
        "MemberForm": _pushed("members", "roster", "desktop.ui.members.form", "MemberForm", _member),
        "MeetingForm": _meeting_form,
        "MeetingLists": _meeting_lists,
        "AssessmentPage": _pushed("members", "dues", "desktop.ui.dues.assessments", "AssessmentPage"),
        "SelfCheckPage": _pushed("standards", "inspection", "desktop.ui.standards.self_check", "SelfCheckPage"),
        "YearTurnPage": _pushed("home", "home", "desktop.ui.year_turn", "YearTurnPage"),
        "PlanWordsPage": _called("improve", "board", "open_words"),
        "RemarksPage": _called("improve", "board", "open_remarks"),
        "UpdatePage": _updating,
        "MovePage": _pushed("archive", "backups", "desktop.ui.guided", "MovePage"),
        "HandoverPage": _pushed("settings", "security", "desktop.ui.guided", "HandoverPage"),
        "search": _search,
    },
    "headquarters": {
        "CandidatesPage": _pushed("improve", "adopted", "desktop.ui.experience.choosing", "CandidatesPage"),
        "TransfersPage": _pushed("home", "home", "desktop.ui.headquarters.transferring", "TransfersPage"),
        "SheetPage": _called("assess", "sampling", "open_grid"),
    },
}


# What the sample branch has not come to yet, on a branch of its own.


def _appraising(step: str) -> Callable[[Path], "Store"]:
    """Return what makes a branch whose round of appraisal has come so far."""

    def make(folder: Path) -> "Store":
        from tests.services.appraisal import rounds

        store = rounds.branch(folder)
        getattr(rounds, step)(store)
        return store

    return make


def _electing(folder: Path) -> "Store":
    from desktop.services.election.service import ElectionService
    from tests.services.election.hall import hall, prepared
    from tests.stores import new_store

    store = new_store(folder)
    hall(store)
    prepared(store, ElectionService(store))
    return store


STAGED: dict[str, tuple[Callable[[Path], "Store"], Way]] = {
    page_name("branch", "meetings", "appraisal"): (
        _appraising("graded"),
        lambda studio: studio.go("meetings", "appraisal"),
    ),
    "LinesPage": (_appraising("held"), _lines),
    "BallotsPage": (_appraising("reviewed"), _called("meetings", "appraisal", "open_ballots")),
    "ElectionPage": (_electing, _pushed("team", "posts", "desktop.ui.election.page", "ElectionPage")),
}
BEFORE = ("LoginPage", "SetupPage")
"""What is shown before a store is open."""


def names() -> list[str]:
    """Return the names of all pictures."""
    from desktop.ui.pages import pages_for

    pages = [page_name(kind, area.key, tab.key) for kind in FORMS for area in pages_for(kind) for tab in area.tabs]
    return list(dict.fromkeys((*pages, *(form for forms in FORMS.values() for form in forms), *STAGED, *BEFORE)))


def shoot_all(samples: Path, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Take the pictures that are wanted, of the samples and what is staged; yield the faults that are met."""
    from PySide6.QtWidgets import QApplication

    from desktop.models.vocabulary.stores import StoreKind
    from desktop.services.trial import SHOWN, open_sample
    from desktop.ui import theme
    from desktop.ui.pages import pages_for

    app = QApplication(["branch-desk", *theme.STYLE])
    app.setCursorFlashTime(0)
    theme.apply(app)
    for kind, forms in FORMS.items():
        with _studio(samples / "none", open_sample(samples, StoreKind(kind))) as studio:
            for area in pages_for(kind):
                for tab in area.tabs:
                    name = page_name(kind, area.key, tab.key)
                    if wanted(name) and name not in STAGED:
                        studio.go(area.key, tab.key)
                        studio.shoot(name)
            for name, open_form in forms.items():
                if wanted(name):
                    yield from studio.shoot_form(name, open_form)
    for name, (make, open_form) in STAGED.items():
        if wanted(name):
            with _studio(samples / "none", make(samples / name)) as studio:
                yield from studio.shoot_form(name, open_form)
    for name, folder in zip(BEFORE, (samples / "数据" / SHOWN[StoreKind.BRANCH], samples / "none"), strict=True):
        if wanted(name):
            with _studio(folder) as studio:
                studio.shoot(name)


@contextmanager
def _studio(folder: Path, store: "Store | None" = None) -> Iterator[Studio]:
    """Show the window of `folder`, with a store in it where one is given; close both."""
    from desktop.ui.window import MainWindow

    window = MainWindow(folder)
    window.resize(*SIZE)
    window.show()
    studio = Studio(window)
    if store is not None:
        studio.enter(store)
    yield studio
    window.close()


def main(arguments: list[str]) -> int:
    """Take the pictures that are asked for, in a process on a private display."""
    samples = Path(tempfile.gettempdir()) / "支部工作台" / "样例"
    if "BRANCH_DESK_STUDIO" not in os.environ:
        from tests.ui import xvfb

        shutil.rmtree(samples.parent, ignore_errors=True)
        samples.parent.mkdir()
        home = str(samples.parent)
        with xvfb.display("1600x900") as given:
            env = os.environ | given | {"BRANCH_DESK_STUDIO": "1", "LANG": "zh_CN.UTF-8"}
            env |= {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
            command = [sys.executable, "-m", "installer.make_screenshots", *arguments]
            status = subprocess.run(command, env=env, cwd=ROOT, check=False).returncode
        shutil.rmtree(samples.parent, ignore_errors=True)
        return status
    faults = list(shoot_all(samples, lambda name: not arguments or name.startswith(tuple(arguments))))
    for words in faults:
        print(words, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
