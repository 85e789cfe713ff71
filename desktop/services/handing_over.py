"""Handing over the post (交接): the steps in their order, each ticked by what was really done since it began."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.branches import PostAssignment
from desktop.models.history import AuditEntry, SettingName
from desktop.models.vocabulary.access import Act
from desktop.models.vocabulary.stores import Use
from desktop.services.access.users import UserService
from desktop.services.clock import utc_text
from desktop.services.quoting import named_few
from desktop.services.sync.rotation import KeyService

if TYPE_CHECKING:
    from desktop.services.store import Store


HANDOVER = "handover"
"""What the way to the steps is called, where a page leads there."""
STEPS = {
    "drafts": ("写完草稿", "没写完的草稿只有本人看得到，停用以后谁也打不开。"),
    "backup": ("备一份到U盘", "写完自动读回核对；换钥匙以后收回或销毁。"),
    "successor": ("增加接手人", "登录名写接手人，密码请接手人自己输入，角色要能管理使用人。"),
    "came": ("接手人打开一次", "锁定，接手人用自己的登录名和密码打开；下面各步由接手人做。"),
    "removed": ("停用原来的人", "从此打不开这份数据；以前写的记录仍记在他的名下。"),
    "data_key": ("更换数据钥匙", "拿着旧文件的人打不开此后的数据；同时换出新的恢复码，抄好。"),
    "keys": ("更换签名钥匙", "新钥匙由旧钥匙签名，随下一个数据包告诉对方。"),
    "posts": ("登记任免职", "给自己登记任职，写批复文号，前任随着记到前一天；按职务定的权限跟着变。"),
}
"""The steps in their order: title, and how each is done."""
BY_SUCCESSOR = ("removed", "data_key", "keys", "posts")
"""Steps that whoever comes takes: nobody removes himself, or chooses a code that he is not to know."""


@dataclass(frozen=True, slots=True)
class HandoverStep:
    """One step: what it is, how it is done, whether it was."""

    key: str
    title: str
    words: str
    done: bool
    waits: bool = False
    """Whether it cannot be done yet, for what its words say."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A handover that was begun, by whom and when (UTC text), with its steps."""

    former: str
    began_at_utc: str
    steps: tuple[HandoverStep, ...]

    @property
    def left(self) -> tuple[HandoverStep, ...]:
        """The steps that were not taken yet."""
        return tuple(step for step in self.steps if not step.done)

    @property
    def done(self) -> bool:
        """Whether every step was taken."""
        return not self.left


class HandoverService:
    """The handing over of a post; what was done is read from the trail and the records, nobody ticks by hand."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def begin(self) -> None:
        """Begin: who works here is the one who hands over.

        Raises:
            NotAllowed: who works here does not manage users.
        """
        store = self._store
        store.rights.require(Act.USERS)
        kept = {"former": store.actor, "at_utc": utc_text(store.clock())}
        store.set_setting(SettingName.HANDOVER, json.dumps(kept, ensure_ascii=False))

    def end(self) -> None:
        """End it, finished or given up; what was done stays done.

        Raises:
            NotAllowed: who works here does not manage users.
        """
        self._store.rights.require(Act.USERS)
        self._store.set_setting(SettingName.HANDOVER, "")

    def state(self) -> Handover | None:
        """Return the handover that was begun; None where there is none."""
        try:
            kept = json.loads(self._store.setting(SettingName.HANDOVER) or "{}")
            former, at_utc = str(kept["former"]), str(kept["at_utc"])
        except (ValueError, KeyError, TypeError):
            return None
        return Handover(former, at_utc, self._steps(former, at_utc))

    def unfinished(self) -> str:
        """Return what is still to be done of a handover that was begun, in words; "" where none was."""
        handover = self.state()
        if handover is None:
            return ""
        left = handover.left
        return f"交接还有 {len(left)} 步：{left[0].title}" if left else "交接各步都做完了，请结束交接"

    def _steps(self, former: str, at_utc: str) -> tuple[HandoverStep, ...]:
        store, users = self._store, UserService(self._store)
        logins = [row.login for row in users.users()]
        managers = [login for login in logins if login != former and users.rights_of(login).may(Act.USERS)]
        keys = KeyService(store).state()  # the trail alone would miss keys after which the program was killed
        with store.reading() as session:
            used = _used(session, at_utc)
            appointed = select(PostAssignment.id).where(  # an end alone leaves the branch without a secretary
                PostAssignment.created_at_utc >= at_utc, PostAssignment.deleted_at_utc.is_(None)
            )
            done = {
                "drafts": not users.unfinished(former),
                "backup": used(Use.BACKUP_FILE),
                "successor": bool(managers),
                "came": any(used(Use.LOG_IN, login) for login in managers),
                "removed": former not in logins,
                "data_key": used(Use.NEW_KEY),
                "keys": used(Use.NEW_SIGNING_KEYS) or (keys is not None and keys.known and keys.since_utc >= at_utc),
                "posts": session.scalar(appointed.limit(1)) is not None,
            }
        left_out = set() if keys is not None and keys.known else {"keys"}  # a backup is signed before anybody knows us
        if store.is_headquarters:
            left_out.add("posts")
        found = [HandoverStep(key, *STEPS[key], done[key]) for key in STEPS if key not in left_out]
        if keys is not None and keys.waiting and not done["keys"]:  # they are changed one after the other
            words = f"上一次更换还没有完成：{named_few(keys.waiting)}还没有确认新钥匙，确认以后再换。"
            found = [replace(step, words=words, waits=True) if step.key == "keys" else step for step in found]
        return tuple(found)


def _used(session: Session, at_utc: str) -> Callable[..., bool]:
    done = session.execute(select(AuditEntry.action, AuditEntry.actor).where(AuditEntry.at_utc >= at_utc)).all()
    pairs = {(row.action, row.actor) for row in done}

    def used(use: Use, actor: str = "") -> bool:
        return any(action == use and actor in ("", who) for action, who in pairs)

    return used
