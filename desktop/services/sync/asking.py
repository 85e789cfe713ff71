"""What headquarters asks of branches besides remarks: to correct a record, to do a task by a day, to read a notice.

Headquarters owns what it asks, the branch its answer; no field of one is written by the other.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from desktop.models.race import Remark
from desktop.models.sync import Partner
from desktop.models.vocabulary.race import RemarkKind
from desktop.models.vocabulary.stores import PartnerState
from desktop.services.attachments.records import RecordRef, find_record
from desktop.services.errors import Input, InvalidInput, NotFound
from desktop.services.headquarters import BRANCH, DUE_ON, TEXT
from desktop.services.quoting import quoted
from desktop.services.store import Store
from desktop.services.sync.branch_store import branch_store
from desktop.services.unit_of_work import action_of

RECORD = Input("record", "哪条记录")
KIND = Input("kind", "类别")


class AskingService:
    """Writes requests, tasks and notices to branches; they go out with the next answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ask(self, kind: RemarkKind, branches: Collection[str], text: str, due_on: date | None = None) -> list[str]:
        """Give a task, or send a notice, to one branch or several; return the ids, one a branch.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: nothing is said, a branch is unknown, a task has no day or one that is past, or the kind is
                another.
        """
        self._store.rights.require_table(Remark.__tablename__)
        if kind not in (RemarkKind.TASK, RemarkKind.NOTICE):
            raise InvalidInput(KIND, "给几个支部的只能是任务或通知")
        return self.ask_each(kind, dict.fromkeys(branches, text), due_on)

    def ask_each(self, kind: RemarkKind, texts: Mapping[str, str], due_on: date | None = None) -> list[str]:
        """Write to several branches in one act, to each its own words, by branch; return the ids, one a branch.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: nothing is said, a branch is unknown, a task has no day or one that is past, or the kind is
                a request to correct a record.
        """
        self._store.rights.require_table(Remark.__tablename__)
        if kind is RemarkKind.CORRECTION:
            raise InvalidInput(KIND, "请求更正只能对一个支部")
        if kind is RemarkKind.TASK and due_on is None:
            raise InvalidInput(DUE_ON, "任务要写办理期限")
        return self._write(kind, texts, due_on, None, "")

    def ask_to_correct(
        self, branch_id: str, record: str, text: str, due_on: date | None = None, *, name: str = ""
    ) -> str:
        """Ask a branch to correct one of its records, named by its number of evidence or its id; return the id.

        `name`: what people call the record, where the caller knows it.

        Raises:
            NotAllowed: the roles of who works here do not reach so far.
            InvalidInput: nothing is said, the branch is unknown or has no such record, or the day is past.
        """
        self._store.rights.require_table(Remark.__tablename__)
        if not branch_id:
            raise InvalidInput(BRANCH, "请求更正只能对一个支部")
        if not record.strip():
            raise InvalidInput(RECORD, "不能为空")
        try:
            with branch_store(self._store, branch_id) as read:
                found = find_record(read, record.strip())
        except NotFound as error:
            raise InvalidInput(RECORD, f"这个支部报来的数据里没有{quoted(record.strip())}") from error
        (made,) = self._write(RemarkKind.CORRECTION, {branch_id: text}, due_on, found, name or record.strip())
        return made

    def _write(
        self,
        kind: RemarkKind,
        texts: Mapping[str, str],
        due_on: date | None,
        record: RecordRef | None,
        name: str,
    ) -> list[str]:
        if not all(text.strip() for text in texts.values()):
            raise InvalidInput(TEXT, "不能为空")
        if not texts:
            raise InvalidInput(BRANCH, "请选择")
        if due_on is not None and due_on < self._store.today:
            raise InvalidInput(DUE_ON, "不能早于今天")
        with self._store.unit_of_work(f"给支部下发{kind.label}") as session:
            known = {
                row.org: row.name
                for row in session.scalars(select(Partner).where(Partner.state != PartnerState.REVOKED))
            }
            for branch_id in texts:
                if branch_id not in known:
                    raise InvalidInput(BRANCH, "没有登记的支部", record=branch_id)
            whose = known[next(iter(texts))] if len(texts) == 1 else f"{len(texts)}个支部"
            action_of(session).sentence = f"给{whose}下发{kind.label}"
            made = [
                Remark(
                    branch_id=branch_id,
                    kind=kind,
                    text=text.strip(),
                    due_on=due_on,
                    made_on=self._store.today,
                    about_kind=record.kind if record is not None else None,
                    about_id=record.id if record is not None else None,
                    about_name=name,
                )
                for branch_id, text in texts.items()
            ]
            session.add_all(made)
            session.flush()
            return [row.id for row in made]
