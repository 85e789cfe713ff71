"""The proposals of a store, and clearing what a person ticked (设置 > 保存期限)."""

import contextlib
import shutil
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete

from desktop.models.attachments import Attachment
from desktop.models.history import Draft
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.errors import Conflict, Input, InvalidInput
from desktop.services.files import FilePort, storage_faults
from desktop.services.retention.erasing import clear_fields, erase, portrait_ids
from desktop.services.retention.finding import found
from desktop.services.retention.rules import Rule, RuleKind, load_rules
from desktop.services.search.index import forget
from desktop.services.statistics import kept_counts

if TYPE_CHECKING:
    from desktop.services.store import Store

REASON = Input("reason", "理由")
CHOSEN = Input("chosen", "要清除的材料")
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One thing that has passed its period: under which rule, what, since when it waits, when the period ended."""

    rule: Rule
    place: str
    id: str
    what: str
    since: date
    due: date

    @property
    def key(self) -> str:
        """What the proposal is called when it is chosen."""
        return f"{self.rule.id}:{self.place}:{self.id}"


class RetentionService:
    """Proposes what has passed its period. Nothing goes that nobody chose."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def proposals(self) -> list[Proposal]:
        """Return what may be cleared today, in the order of the rules, the longest waiting first.

        Raises:
            NotAllowed: who works here does not clear.
        """
        self._store.rights.require(Act.ERASE)
        with self._store.reading() as session:
            return [
                Proposal(rule=rule, place=each.place, id=each.id, what=each.what, since=each.since, due=each.due)
                for rule in load_rules()
                for each in found(self._store, session, rule)
            ]

    def clear(self, keys: Collection[str], reason: str) -> int:
        """Clear for good what was chosen among the proposals, all of it or nothing; return how many.

        Raises:
            NotAllowed: who works here does not clear.
            InvalidInput: nothing is chosen, or there is no reason.
            Conflict: something chosen is no longer proposed.
            StorageFailure: the disk refuses; records are then all as they were.
        """
        reason = reason.strip()
        chosen = [each for each in self.proposals() if each.key in keys]
        if not keys:
            raise InvalidInput(CHOSEN, "至少选一件")
        if not reason:
            raise InvalidInput(REASON, "不能为空")
        if len(reason) > _LONGEST_REASON:
            raise InvalidInput(REASON, f"超过{_LONGEST_REASON}字")
        if len(chosen) != len(set(keys)):
            raise Conflict(what="清单", reason="清单已经变了，请重新看过再清除")
        self._clear_records(chosen)
        self._clear_files(chosen)
        for rule in dict.fromkeys(each.rule for each in chosen):
            count = sum(each.rule is rule for each in chosen)
            self._store.audit(Use.ERASE, f"{rule.title} {count} 件：{reason}")
        return len(chosen)

    def _clear_records(self, chosen: Sequence[Proposal]) -> None:
        store = self._store
        contents: list[str] = []
        with store.unit_of_work("按保存期限清除", Act.ERASE) as session:
            for rule in dict.fromkeys(each.rule for each in chosen):
                ids: dict[str, list[str]] = defaultdict(list)
                for each in chosen:
                    if each.rule is rule:
                        ids[each.place].append(each.id)
                for place, found_ids in ids.items():
                    if rule.kind in (RuleKind.RECYCLED, RuleKind.ARCHIVED):
                        contents += erase(session, place, found_ids)
                    elif rule.kind is RuleKind.LEFT_MEMBERS:
                        clear_fields(session, found_ids, rule.fields)
                        contents += erase(session, Attachment.__tablename__, portrait_ids(session, found_ids))
                    elif rule.kind is RuleKind.DRAFTS:
                        session.execute(delete(Draft).where(Draft.id.in_(found_ids)))
        for file_id in contents:  # the database counts; a file that stays is named by the check
            with contextlib.suppress(OSError):
                store.att.path(file_id).unlink(missing_ok=True)
        forget(store)
        kept_counts.forget(store)

    def _clear_files(self, chosen: Sequence[Proposal]) -> None:
        folder = self._store.folder
        with storage_faults(folder, FilePort()):
            for each in chosen:
                if each.rule.kind is RuleKind.PACKAGES:
                    (folder / "inbox" / each.id).unlink(missing_ok=True)
                elif each.rule.kind is RuleKind.FORMER_DATA:
                    shutil.rmtree(folder.parent / each.id)
