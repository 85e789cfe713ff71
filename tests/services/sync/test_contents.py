"""Which attachments of a branch lie here as content, and which are asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from desktop.models.attachments import Attachment, StoredFile
from desktop.models.base import new_id
from desktop.models.branches import Branch
from desktop.services.store import Store
from desktop.services.sync.sending import Sender
from tests.services.sync.pairs import Pair, attach
from tests.services.sync.parties import enrol, make, missing


def test_a_lost_attachment_is_asked_for_again(pair: Pair, tmp_path: Path) -> None:
    sha256 = attach(pair.branch, tmp_path, b"important" * 1000)
    pair.take(pair.report())
    with pair.headquarters.reading() as session:
        stored = session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256)).one()
    pair.headquarters.att.delete(stored.id)
    assert missing(pair.headquarters) == [sha256]
    pair.hear(pair.answer())
    again = Sender(pair.branch).pack(pair.stick)
    assert again.attachments == 1
    assert pair.take(again.file) == ["OK"]
    assert missing(pair.headquarters) == []


def test_a_hash_alone_brings_nobody_the_content_of_another_branch(pair: Pair, tmp_path: Path) -> None:
    content = b"of the third branch" * 100
    sha256 = attach(pair.branch, tmp_path, content)
    pair.take(pair.report())
    with make(tmp_path / "second", name="第二") as second:
        enrol(pair.headquarters, second, "ZK02", "第二党支部", tmp_path / "files")
        with second.unit_of_work("只知道校验值") as session:
            session.add(
                Attachment(
                    branch_id=second.branch_id,
                    record_kind="branch",
                    record_id=second.branch_id,
                    name="别人的.bin",
                    sha256=sha256,
                    size_bytes=len(content),
                )
            )
        other = Pair(pair.headquarters, second, pair.stick)
        assert other.take(other.report()) == ["OK"]
        assert missing(pair.headquarters) == [sha256], "asked for, though it lies there"
        assert Sender(pair.headquarters).hand_back("ZK02", pair.stick).attachments == 0
        assert Sender(pair.headquarters).hand_back("ZK03", pair.stick).attachments == 1
        attach(second, tmp_path, content, "自己的.bin")
        assert other.take(other.report()) == ["OK"]
        assert missing(pair.headquarters) == []
        assert Sender(pair.headquarters).hand_back("ZK02", pair.stick).attachments == 1


STEPS = 20
"""Of the database machine between two counts."""


@contextmanager
def counted(store: Store) -> Iterator[list[int]]:
    """Count the work the database of `store` does, in steps of its machine: the same on every computer."""
    counts = [0]

    def tick() -> int:
        counts[0] += 1
        return 0

    def watch(connection: Any, *_: object) -> None:
        connection.set_progress_handler(tick, STEPS)

    event.listen(store.engine, "checkout", watch)
    try:
        yield counts
    finally:
        event.remove(store.engine, "checkout", watch)


def add_branches(headquarters: Store, count: int) -> None:
    """Put rows of other branches with an attachment each into the database; what came in has no history here."""
    with headquarters.upkeep() as session:
        for number in range(count):
            org, sha256 = new_id(), f"{number:064x}"
            session.add(Branch(id=org, branch_id=org, code=f"X{number}", name=f"第{number}党支部"))
            session.add(
                Attachment(
                    branch_id=org, record_kind="branch", record_id=org, name="签到表.pdf", sha256=sha256, size_bytes=1
                )
            )
            session.add(StoredFile(sha256=sha256, size_bytes=1))


def test_answer_and_receipt_for_one_branch_take_no_more_work_among_many(pair: Pair, tmp_path: Path) -> None:
    attach(pair.branch, tmp_path, b"content")
    pair.take(pair.report())
    pair.answer()
    work = []
    for others in (0, 3000):
        add_branches(pair.headquarters, others)
        report = pair.report()
        with counted(pair.headquarters) as received:
            assert pair.take(report) == ["OK"]
        with counted(pair.headquarters) as answered:
            pair.answer()
        work.append((received[0], answered[0]))
    (received_alone, answered_alone), (received_among, answered_among) = work
    assert answered_alone > 20
    assert answered_among < 1.5 * answered_alone
    assert received_among < 1.5 * received_alone
