"""A branch that lost password and recovery code, in the window: consent, request, digits, answer, a new code."""

import shutil
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.vocabulary.stores import StoreKind
from desktop.services.opening import create_store, open_store
from desktop.services.security import pending, vault
from desktop.services.sync.assistance import AssistanceService
from desktop.ui.headquarters.granting import GrantDialog, GrantedDialog
from desktop.ui.headquarters.overview import OverviewPage
from desktop.ui.login import LoginPage
from desktop.ui.main_window import Shell
from desktop.ui.recovery import RecoveryDialog
from desktop.ui.settings import NewCodeDialog, SecurityPage
from desktop.ui.sync.page import HandInPage
from desktop.ui.unlocking import AnswerDialog, AskDialog, AskedDialog
from desktop.ui.widgets.dialogs import Dialog
from desktop.ui.window import MainWindow
from tests.services.sync.parties import enrol
from tests.stores import CHEAP, LOGIN, PASSWORD
from tests.ui.desks import desk_on, go, keep, put, settle
from tests.ui.lint import faults
from tests.ui.press import last, press

NEW = "秋水-长天-88"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend little on new passwords."""
    for module in (vault, pending):
        monkeypatch.setattr(module, "calibrated", lambda *_: CHEAP)


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A branch and headquarters that know each other, used today by the machine's own clock, as log-in pages are."""
    root = tmp_path_factory.mktemp("unlock")
    kinds = ((StoreKind.HEADQUARTERS, "hq", "市公司党建科"), (StoreKind.BRANCH, "branch", "草稿"))
    made = [create_store(root / at, kind, name, LOGIN, PASSWORD, cost=CHEAP) for kind, at, name in kinds]
    enrol(made[0].store, made[1].store, "ZK03", "第三党支部", root / "files")
    for each in made:
        each.store.close()
    return root


@pytest.fixture
def root(enrolled: Path, tmp_path: Path) -> Path:
    for name in ("hq", "branch"):
        shutil.copytree(enrolled / name, tmp_path / name)
    (tmp_path / "stick").mkdir()
    return tmp_path


def words(part: QWidget) -> str:
    return "\n".join(label.text() for label in cast(list[QLabel], part.findChildren(QLabel)))


def at_login(qtbot: QtBot, folder: Path) -> tuple[MainWindow, LoginPage]:
    window = MainWindow(folder)
    keep(qtbot, window)
    window.resize(1093, 620)
    window.show()
    qtbot.waitExposed(window)
    page = cast(LoginPage, window._stack.currentWidget())
    qtbot.waitUntil(lambda: page.login_name() is not None)
    return window, page


def shown(qtbot: QtBot, parent: QWidget, kind: type[Dialog]) -> Dialog:
    qtbot.waitUntil(lambda: any(part.isVisible() for part in cast(list[Dialog], parent.findChildren(kind))))
    return next(part for part in cast(list[Dialog], parent.findChildren(kind)) if part.isVisible())


def test_consent_is_asked_where_packages_are_exchanged_and_taken_back_in_settings(qtbot: QtBot, root: Path) -> None:
    with desk_on(qtbot, open_store(root / "branch", PASSWORD, LOGIN)) as shell:
        page = cast(HandInPage, go(qtbot, shell, "archive", "hand_in"))
        assert "密码和恢复码都丢了怎么办？" in words(page)
        assert faults(shell) == []
        press(shell, "允许")
        asked = last(shell)
        assert "30 位数字" in words(asked)
        asked.verb.click()
        settle(qtbot, shell)
        assert "密码和恢复码都丢了怎么办？" not in words(page)
        assert AssistanceService(shell.desk.store).state().allowed
        security = cast(SecurityPage, go(qtbot, shell, "settings", "security"))
        assert faults(shell) == []
        assert "已允许" in words(security)
        press(shell, "取消")
        last(shell).verb.click()
        settle(qtbot, shell)
        titles = [dialog.windowTitle() for dialog in cast(list[Dialog], shell.findChildren(Dialog))]
        assert "接着更换数据钥匙吗？" in titles
        last(shell).reject()
        assert not AssistanceService(shell.desk.store).state().allowed


def test_without_consent_the_login_says_that_headquarters_cannot_help(qtbot: QtBot, root: Path) -> None:
    window, page = at_login(qtbot, root / "branch")
    page.open_help()
    told = shown(qtbot, window, Dialog)
    assert "没有开启总部协助" in words(told)
    told.accept()
    assert window.close()


def test_a_branch_comes_back_and_writes_down_a_new_code(
    qtbot: QtBot, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(root / "branch", PASSWORD, LOGIN) as store:
        AssistanceService(store).allow()
    window, page = at_login(qtbot, root / "branch")
    page.open_recovery()
    recovery = cast(RecoveryDialog, shown(qtbot, window, RecoveryDialog))
    assert faults(recovery) == []
    recovery.help_link.click()
    ask = cast(AskDialog, shown(qtbot, window, AskDialog))
    assert faults(ask) == []
    put(ask.fields.fields["password"].control, NEW)
    put(ask.fields.fields["again"].control, "别的")
    ask.verb.click()
    assert ask.fields.fields["again"].fault()
    put(ask.fields.fields["password"].control, "12345678")
    ask.write(root / "stick")
    qtbot.waitUntil(lambda: bool(ask.fields.fields["password"].fault()))
    put(ask.fields.fields["password"].control, NEW)
    ask.write(root / "stick")
    asked = cast(AskedDialog, shown(qtbot, window, AskedDialog))
    assert faults(asked) == []
    (request,) = (root / "stick").glob("*解锁申请*")
    asked.accept()
    assert "已请总部协助重设密码" in words(page)
    assert faults(window) == []

    with desk_on(qtbot, open_store(root / "hq", PASSWORD, LOGIN)) as shell:
        overview = cast(OverviewPage, go(qtbot, shell, "home"))
        overview.register(request)
        settle(qtbot, shell)
        grant = cast(GrantDialog, last(shell))
        assert isinstance(grant, GrantDialog)
        assert faults(grant) == []
        digits = pending.PendingUnlock.of(root / "branch")
        assert digits is not None
        assert digits.fingerprint in words(grant)
        grant.write(root / "stick")
        settle(qtbot, shell)
        assert isinstance(last(shell), GrantedDialog)
        assert faults(last(shell)) == []
        last(shell).accept()
        overview.register(request)
        settle(qtbot, shell)
        assert "一份申请只答复一次" in words(last(shell))
        last(shell).accept()

    (answer,) = (root / "stick").glob("ZK03_解锁_*")
    page.answer_link.click()
    dialog = cast(AnswerDialog, shown(qtbot, window, AnswerDialog))
    assert faults(dialog) == []
    dialog.take(answer)
    put(dialog.fields.fields["password"].control, "不是-这个-99")
    dialog.verb.click()
    qtbot.waitUntil(lambda: bool(dialog.fields.fields["password"].fault()))
    put(dialog.fields.fields["password"].control, NEW)
    dialog.verb.click()
    qtbot.waitUntil(lambda: isinstance(window._stack.currentWidget(), Shell))
    shell = cast(Shell, window._stack.currentWidget())
    code = cast(NewCodeDialog, shown(qtbot, shell, NewCodeDialog))
    assert "没有确认抄好" in words(code)
    assert faults(code) == []
    for number in code.sheet.asked:
        put(code.sheet.fields.fields[str(number)].control, code.sheet.groups[number])
    code.verb.click()
    settle(qtbot, shell)
    assert not shell.desk.store.setting("code-due")  # type: ignore[arg-type]
    groups = "-".join(code.sheet.groups)
    last(shell).reject()
    assert window.close()
    open_store(root / "branch", recovery_code=groups).close()
    open_store(root / "branch", NEW, LOGIN).close()


def test_a_code_on_screen_is_hidden_by_the_lock_and_another_is_made_after_it(qtbot: QtBot, root: Path) -> None:
    from desktop.services.access.users import UserService

    with open_store(root / "branch", PASSWORD, LOGIN) as store:
        UserService(store).note_code_due()
    window, page = at_login(qtbot, root / "branch")
    seen = []
    for _ in range(2):
        page = cast(LoginPage, window._stack.currentWidget())
        qtbot.waitUntil(lambda page=page: page.login_name() is not None)  # type: ignore[misc]
        page.password.setText(PASSWORD)
        page.submit()
        qtbot.waitUntil(lambda: isinstance(window._stack.currentWidget(), Shell))
        code = cast(NewCodeDialog, shown(qtbot, window, NewCodeDialog))
        seen.append(tuple(code.sheet.groups))
        window._idle_minutes = -1
        settle(qtbot, cast(Shell, window._stack.currentWidget()))
        window._lock_if_idle()
        qtbot.waitUntil(lambda: isinstance(window._stack.currentWidget(), LoginPage))
    assert seen[0] != seen[1]
    assert window.close()
