"""Every verb of every service, asked by every role: what `roles.toml` allows gets past the door, nothing else does.

The verbs are found in the program, not listed: one that is neither in the table nor proven to read only fails.
"""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import desktop.services
from desktop.models.vocabulary.stores import StoreKind
from desktop.services.errors import AppError, NotAllowed
from desktop.services.store import Store
from desktop.services.workbooks import books
from tests.services.access.grounds import everything
from tests.services.access.holders import Doors, Holder, doors, holders
from tests.services.access.roads import ANYTHING, Road
from tests.services.access.verbs import ROADS

WRITES = {"unit_of_work", "set_setting", "put_setting", "sessions", "require", "require_table", "audit"}
WRITES |= {"upkeep", "leaving"}
"""What a verb does that is more than looking; a verb that does none of it, itself or through its helpers, reads."""
UNASKED = {
    "drop": "a request for help that is over, with AssistanceService.decline and what takes its answer",
    "MemberYearService.year": "reads: its sessions are those of a course",
    "HoursOfYear.everybody": "reads: its sessions are those of a course",
    "HoursOfYear.of": "reads: its sessions are those of a course",
    "UserService.settle": "at opening, for stores from before there were roles",
    "UserService.note_code_due": "with a new recovery code, by the service that made it",
    "AttachmentService.settle": "at opening, after a crash",
    "BackupService.backup_if_due": "at opening: the daily backup is for everybody",
    "BackupService.sweep": "at opening",
    "settle_keys": "at opening",
    "sweep_left": "at opening",
    "begin_day": "at opening",
    "count_as_asked": "at opening and within take_result: it leaves alone what who works here may not write",
    "KeptFigures.keep": "after reading: scores reckoned from what is kept, kept for the next who reads them",
    "KeptCounts.keep": "after reading: as the scores",
    "KeptCounts.counts": "reads, and keeps what it counted: as the scores",
    "count_received": "within Receiver.receive",
    "reckon_received": "within Receiver.receive",
    "reckon": "after what changes scores: as KeptFigures.keep",
    "refresh": "at opening and after work: the index of what is written, restricted rows apart",
    "forget": "within RetentionService.clear",
    "settle_help": "within EnrolmentService.accept_invitation",
    "note_interim": "within change_data_key, and for the own password, whatever the role",
    "end_interim": "within what sets an own password, and UserService.remove",
    "EnrolmentService.identity": "within whatever signs first",
    "identity_of": "within whatever signs first",
    "changing": "around the verbs of ImprovementService",
    "each_of": "around a verb done to several records: each time the verb asks for itself",
    "write_paper": "within the verbs that write a paper, and asks for their right",
    "write_document": "within what shows or writes a paper, and asks for the right to it",
    "leaving": "around what goes out: it asks for the right of the verb that lets it out",
    "note_on_stick": "within the verb that used one",
    "note_read": "within the verb that reads a file the user chose",
    "note_refused": "within Receiver.receive",
    "apply_receipt": "within Receiver.receive",
    "continue_line": "within Receiver.receive",
    "require_seen": "within the verbs that let a register out",
    "require_own": "within the verbs that ask for the password again",
}
"""What writes and nobody asks for: the program does, or a verb that has its row."""


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(desktop.services.__path__, "desktop.services."):
        yield importlib.import_module(found.name)


def takes_store(function: Callable[..., object], place: int) -> bool:
    parameters = list(inspect.signature(function).parameters.values())[place : place + 1]
    named = [str(getattr(each.annotation, "__name__", each.annotation)).strip("'\"") for each in parameters]
    return named in (["Store"], ["desktop.services.store.Store"])


def verbs() -> dict[str, Callable[..., object]]:
    """Return every public function that works on a store, and every public method of a class made from one."""
    found: dict[str, Callable[..., object]] = {}
    for module in modules():
        for name, part in vars(module).items():
            if name.startswith("_") or getattr(part, "__module__", "") != module.__name__:
                continue
            if inspect.isfunction(part) and takes_store(part, 0):
                found[name] = part
            elif inspect.isclass(part) and issubclass(part, Store):
                continue  # a store made from another one is no service
            elif inspect.isclass(part) and not inspect.isabstract(part) and takes_store(part.__init__, 1):
                methods = inspect.getmembers(part, inspect.isfunction)
                found |= {f"{name}.{each}": method for each, method in methods if not each.startswith("_")}
    return found


def only_reads(verb: Callable[..., object], seen: set[object]) -> bool:
    """Tell whether neither a verb nor any helper it calls, of its class or module, does what is more than looking."""
    if verb in seen:
        return True
    seen.add(verb)
    module = inspect.getmodule(verb)
    owner = getattr(module, verb.__qualname__.partition(".")[0], None)
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(verb)))):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name in WRITES:
            return False
        of_self = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
        helper = getattr(owner, name, None) if of_self else getattr(module, name, None)
        if inspect.isfunction(helper) and helper.__module__ == verb.__module__ and not only_reads(helper, seen):
            return False
    return True


def test_every_verb_has_its_row_or_reads_only() -> None:
    found = verbs()
    rows = {road.verb for road in ROADS}
    assert rows - found.keys() == set()
    assert UNASKED.keys() - found.keys() == set()
    lacking = {
        name for name, verb in found.items() if name not in rows | UNASKED.keys() and not only_reads(verb, set())
    }
    assert lacking == set()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    yield from doors(tmp_path_factory.mktemp("verbs"), everything)


def bound(store: Store, verb: str) -> Callable[..., object]:
    """Return the verb for `store`; a book of a workbook is the store's first of its class."""
    cls, _, method = verb.rpartition(".")
    if not cls:
        function = verbs()[verb]
        return lambda *args, **named: function(store, *args, **named)
    book = next((book for book in books(store) if type(book).__name__ == cls), None)
    made = next(getattr(module, cls) for module in modules() if cls in vars(module)) if book is None else None
    return getattr(book if made is None else made(store), method)  # type: ignore[no-any-return]


def allowed(road: Road, holder: Holder) -> bool:
    if road.needs is None:
        return True
    if road.needs == ANYTHING:
        return any(grant.writes or grant.limits for grant in holder.grants)
    return holder.may_write(road.needs) if not hasattr(road.needs, "label") else holder.may(road.needs)  # type: ignore[arg-type]


def askers(road: Road, kind: StoreKind) -> list[Holder]:
    """Return everybody to whom a road is closed, and of those to whom it is open the first and the last."""
    open_to = [holder for holder in holders(kind) if allowed(road, holder)]
    ends = {*open_to[:1], *open_to[-1:]}
    return [holder for holder in holders(kind) if holder in ends or holder not in open_to]


TABLE = [
    pytest.param(holder, road, id=f"{holder.login}-{road.verb}")
    for road in ROADS
    for kind in road.kinds
    for holder in askers(road, kind)
]


@pytest.mark.parametrize(("holder", "road"), TABLE)
def test_a_role_goes_the_roads_it_has_and_no_other(opened: Doors, holder: Holder, road: Road, tmp_path: Path) -> None:
    store = opened.open(holder)
    args, named = road.asked(opened.ids(holder.kind), tmp_path)
    try:
        bound(store, road.verb)(*args, **named)
    except NotAllowed:
        assert not allowed(road, holder)
    except (AppError, AttributeError):  # past the door, where nothing of the name is
        assert allowed(road, holder)
    else:
        assert allowed(road, holder)
    if not allowed(road, holder):
        assert list(tmp_path.iterdir()) == []  # refused before the work began


def shut(road: Road, holder: Holder) -> bool:
    """Tell whether nothing at all of what a road leads to is for `holder`."""
    table = road.needs if isinstance(road.needs, str) and not hasattr(road.needs, "label") else ""
    return not allowed(road, holder) and not holder.is_limited(table)


CLOSED = [
    pytest.param(closed[0], road, id=f"{number}-{road.verb}")
    for number, road in enumerate(ROADS)
    if (closed := [holder for kind in road.kinds for holder in holders(kind) if shut(road, holder)])
]


@pytest.mark.parametrize(("holder", "road"), CLOSED)
def test_a_verb_asks_for_the_right_before_it_looks_at_what_was_typed(
    opened: Doors, holder: Holder, road: Road, tmp_path: Path
) -> None:
    store = opened.open(holder)
    for spoilt in road.spoilt():
        args, named = spoilt.asked(opened.ids(holder.kind), tmp_path)
        with pytest.raises(NotAllowed):
            bound(store, road.verb)(*args, **named)
