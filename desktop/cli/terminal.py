"""What the verbs share with whoever sits at the terminal: the password, questions, progress, words."""

import argparse
import getpass
import math
import os
import sys
import time
import warnings
from collections.abc import Sequence
from datetime import date

from desktop.logs import log_to
from desktop.messages import looked_state, looked_words, present
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import Cancelled, ClockDoubtful, Input, InvalidInput, PackageRefused
from desktop.services.opening import open_store
from desktop.services.progress import Progress
from desktop.services.quoting import readable
from desktop.services.security.attempts import Attempts
from desktop.services.security.passwords import PASSWORD, TYPED_APART
from desktop.services.store import Store
from desktop.services.updates.starting import judging_opening, opened

PASSWORD_VARIABLE = "BRANCH_DESK_PASSWORD"
FINGERPRINT = Input("fingerprint", "指纹")
OTHERS = Input("others", "其他使用人")


def open_for(
    options: argparse.Namespace, kind: StoreKind | None = None, password: str | None = None, login: str | None = None
) -> Store:
    """Open the store of a verb; `kind` where the verb belongs to one kind alone, `password` where it is known.

    `login` says who works, where that was said; else whoever the password belongs to. A branch that was named
    (`--branch zk04`) is spelled in `options` as it is registered from then on.

    Raises:
        PackageRefused: E-WRONG-KIND.
    """
    from desktop.services.access.interim import TITLE, WORDS, own_password_due
    from desktop.services.integrity import begin_day

    password = ask_password("密码：") if password is None else password
    _wait_turn(options)
    with judging_opening(options.store):
        store = open_store(options.store, password, login, clock=options.clock, clock_doubt=_say_clock)
    if kind is not None and store.kind is not kind:
        store.close()
        raise PackageRefused("E-WRONG-KIND")
    if store.is_headquarters and getattr(options, "branch", None):
        from desktop.services.branch_overview import spelled

        options.branch = spelled(store, options.branch)
    if store.look is not None:
        say(f"只能查看：{looked_state(store.look.why)}。{looked_words(store.look.why)}")
        return store
    if own_password_due(store):
        say(f"{TITLE}。{WORDS}在窗口的“设置 > 使用人与安全”里改。")
    log_to(options.store / "logs")
    opened(store.folder)
    for problem in begin_day(store):
        print(f"{problem.what}{problem.next}", file=sys.stderr)
    return store


def _wait_turn(options: argparse.Namespace) -> None:
    """Wait as long as the window would after passwords that were wrong."""
    left = Attempts(options.store, options.clock).remaining_seconds()
    if left > 0:
        say(f"密码输错多次，等{math.ceil(left)}秒再试。")
        time.sleep(left)


def _say_clock(today: date, last: date) -> None:
    message = present(ClockDoubtful(today, last))
    print(f"{message.title}{message.next}", file=sys.stderr)


def ask_password(question: str) -> str:
    """Return the password of the environment, else ask for it."""
    given = os.environ.get(PASSWORD_VARIABLE)
    return _asked(question) if given is None else given


def new_password() -> str:
    """Ask for a password twice.

    Raises:
        InvalidInput: the two differ, or there is nobody to ask.
    """
    first = _asked("设一个密码（至少8个字符）：")
    if _asked("再输入一遍：") != first:
        raise InvalidInput(PASSWORD, TYPED_APART)
    return first


def interim_passwords(logins: Sequence[str]) -> dict[str, str]:
    """Ask for a password for each of `logins`; nothing typed leaves the person out.

    Raises:
        InvalidInput: the two inputs differ, or there is nobody to ask.
    """
    if logins and not sys.stdin.isatty():
        raise InvalidInput(OTHERS, f"还有{'、'.join(logins)}：请在终端里设临时密码，或加 --drop-others 不再让其进入")
    given = {}
    for login in logins:
        first = _asked(f"{login}的临时密码（直接回车，就不再让其进入）：")
        if first and _asked("再输入一遍：") != first:
            raise InvalidInput(PASSWORD, TYPED_APART)
        if first:
            given[login] = first
    return given


def _asked(question: str) -> str:
    """Ask for a password without showing it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # nobody there, or it would be seen on the screen
            return getpass.getpass(question, sys.stderr)
    except (EOFError, getpass.GetPassWarning) as error:
        raise InvalidInput(PASSWORD, f"没有终端可以输入，在脚本里请设环境变量{PASSWORD_VARIABLE}") from error


def compare(name: str, fingerprint: str, compared: bool) -> None:
    """Show whose fingerprint a file carries and ask whether it is the one told on paper or by telephone.

    Raises:
        InvalidInput: nobody is there to ask.
        Cancelled: it is another one.
    """
    say(f"{name}的指纹：{fingerprint}")
    if compared:
        return
    if not sys.stdin.isatty():
        raise InvalidInput(FINGERPRINT, "需要人核对；在脚本里请先核对，再加 --yes")
    if not agreed("请与书面或电话告知的指纹逐组核对。一致吗"):
        raise Cancelled


def agreed(question: str) -> bool:
    """Ask a question that 是 answers; where nobody sits at a terminal the answer is no."""
    if not sys.stdin.isatty():
        return False
    sys.stderr.write(f"{question}（是/否）？")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("是", "y", "yes", "一致")


def progress(what: str) -> Progress:
    """Show a percentage on stderr where someone may be watching."""
    if not sys.stderr.isatty():
        return lambda done, total: None

    def report(done: int, total: int) -> None:
        sys.stderr.write(f"\r{what} {done * 100 // max(total, 1)}%" + ("\n" if done >= total else ""))
        sys.stderr.flush()

    return report


def say(text: str) -> None:
    """Print a line for people, where it is in no script's way."""
    print(readable(text), file=sys.stderr)
