"""Real stores for tests: made once per run with a cheap password cost, then copied."""

import functools
import shutil
import tempfile
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from desktop.models.branches import Branch
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.clock import Clock
from desktop.services.opening import create_store, open_store
from desktop.services.security.passwords import Cost
from desktop.services.store import Store

PASSWORD = "gongzuotai-2026"
LOGIN = "书记"
CHEAP = Cost(19 * 1024, 1, 1)
NAMES = {StoreKind.BRANCH: "云河县站党支部", StoreKind.HEADQUARTERS: "市公司党建科"}


def clock_at(text: str) -> Clock:
    """Return a clock that stands at `text`, Chinese time: 2026-11-22 09:00."""
    moment = datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=8)))
    return lambda: moment


@functools.cache
def _template(kind: StoreKind) -> tuple[Path, str]:
    folder = Path(tempfile.mkdtemp(prefix="branch-desk-test-")) / kind.value
    made = create_store(folder, kind, NAMES[kind], LOGIN, PASSWORD, cost=CHEAP, clock=clock_at("2026-01-01 08:00"))
    made.store.close()
    return folder, made.recovery_code


def new_store(folder: Path, kind: StoreKind = StoreKind.BRANCH, at: str = "2026-11-22 09:00") -> Store:
    """Return an open store in `folder`, created on 2026-01-01, with a clock that stands at `at`.

    Its uid is that of the template: two branches in one test need `create_store`.
    """
    shutil.copytree(_template(kind)[0], folder)
    return open_store(folder, PASSWORD, LOGIN, clock=clock_at(at))


def copied(store: Path, to: Path, at: str) -> Store:
    """Return an open copy of a closed store: what many tests begin from, and each may change."""
    shutil.copytree(store, to)
    return open_store(to, PASSWORD, LOGIN, clock=clock_at(at))


def begin_to_record(store: Store, on: date) -> None:
    """Let the branch have begun to record here on a day: what is older is history typed in."""
    with store.unit_of_work("") as session:
        session.get_one(Branch, store.branch_id).recorded_since = on


def used_today(folder: Path, kind: StoreKind = StoreKind.BRANCH) -> Store:
    """Return an open store in `folder` as `new_store`, last used today by the machine's own clock: for log-in pages."""
    shutil.copytree(_template(kind)[0], folder)
    return open_store(folder, PASSWORD, LOGIN)


def recovery_code(kind: StoreKind = StoreKind.BRANCH) -> str:
    """Return the recovery code of stores made by `new_store`."""
    return _template(kind)[1]
