"""Several records at once: one action, in which those that are refused stay as they are and are named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.services.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from desktop.services.store import Store

Named = tuple[str, str]
"""The id of a record, and what it is called."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A record that stayed as it was, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of several records: those that were done, in order, and those that were not."""

    done: tuple[str, ...]
    refused: tuple[RefusedRow, ...]


def each_of(store: "Store", sentence: str, records: Sequence[Named], work: Callable[[str], object]) -> Outcome:
    """Do `work` with the id of each record, all in one action; `sentence` has its history.

    Raises:
        NotAllowed: the roles of who works here do not reach so far; nothing is done then.
        StorageFailure: the disk refuses; nothing is done then.
    """
    done, refused = list[str](), list[RefusedRow]()
    with store.together(sentence):
        for record_id, name in records:
            try:
                with store.unit_of_work(sentence):  # all a record asks for, or nothing of it
                    work(record_id)
            except InvalidInput as error:
                refused.append(RefusedRow(name, error.reason))
            except Conflict as error:
                refused.append(RefusedRow(name, str(error.facts.get("reason") or "已经有同样的记录")))
            except NotFound:
                refused.append(RefusedRow(name, "已经不在了"))
            else:
                done.append(record_id)
    return Outcome(tuple(done), tuple(refused))
