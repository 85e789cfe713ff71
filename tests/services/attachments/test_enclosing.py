"""Files attached within a larger unit of work: all of them there once it is committed, none of them if it is not."""

from pathlib import Path

import pytest

from desktop.services.attachments import AttachmentService, Enclosing
from desktop.services.errors import InvalidInput
from desktop.services.integrity import check
from desktop.services.store import Store
from tests.records import a_meeting


def enclose(store: Store, *paths: Path, sha256: str = "", fail: bool = False) -> list[bool]:
    meeting = a_meeting(store)
    with Enclosing(store) as enclosing, store.unit_of_work("归入") as session:
        done = [
            enclosing.add(session, "meetings", meeting, path, evidence_kind="minutes", sha256=sha256) for path in paths
        ]
        if fail:
            raise RuntimeError
    return done


def names(store: Store) -> list[str]:
    return [row.name for row in AttachmentService(store).list("meetings", "m1")]


def test_files_of_one_work_are_kept_together_and_one_content_once(store: Store, tmp_path: Path) -> None:
    first, second = tmp_path / "一.txt", tmp_path / "二.txt"
    for path in (first, second):
        path.write_text("同样的内容", "utf-8")
    assert enclose(store, first, second, first) == [True, True, False]
    assert (names(store), len(list(store.att.ids()))) == (["一.txt", "二.txt"], 1)
    assert enclose(store, first) == [False]
    assert check(store) == []


def test_work_that_fails_leaves_no_file_behind(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "一.txt"
    path.write_text("内容", "utf-8")
    with pytest.raises(RuntimeError):
        enclose(store, path, fail=True)
    assert (names(store), list(store.att.ids()), store.att.staged()) == ([], [], [])


def test_a_file_that_is_another_by_now_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "一.txt"
    path.write_text("内容", "utf-8")
    with pytest.raises(InvalidInput, match="又改动过"):
        enclose(store, path, sha256="0" * 64)
