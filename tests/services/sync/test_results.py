"""What became of a file, in words."""

from pathlib import Path

import pytest

from desktop.services.sync.results import ReceivedRow, Result
from desktop.services.sync.rows import Changes

FILE = Path("stick") / "ZK03_上报_000012.dzp"


def test_a_package_taken_says_how_many_rows_changed() -> None:
    changes = Changes(added={"members": 2, "meetings": 1}, changed={"members": 1}, removed={"members": 4})
    result = Result(file=FILE, code="OK", sender="ZK03", seq=12, changes=changes)
    assert result.message == "“ZK03_上报_000012.dzp”已导入：新增3条，修改1条，删除4条。"
    assert Result(file=FILE, code="OK", attachments=2).message.endswith("删除0条，附件2个。")
    assert (result.added, result.changed, result.removed) == (3, 1, 4)


def test_a_refusal_says_it_in_the_words_of_its_code() -> None:
    message = Result(file=FILE, code="I-DUP", facts={"date": "2026-03-05"}).message
    assert "ZK03_上报_000012.dzp" in message
    assert "已经导入过（2026-03-05）" in message


@pytest.mark.parametrize(
    ("code", "held", "forked"), [("E-FORK", True, True), ("E-FORK", False, False), ("E-SCHEMA-NEWER", True, False)]
)
def test_only_a_fork_that_waits_is_to_be_decided(code: str, held: bool, forked: bool) -> None:
    row = ReceivedRow(
        id="1", package_hash="ab" * 32, sender="ZK03", seq=1, period=None, code=code, accepted=False, held=held,
        received_at_utc="2026-03-05T00:00:00Z", counts={}, file_name="x.dzp",
    )  # fmt: skip
    assert row.forked is forked
