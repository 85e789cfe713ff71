"""A secret that was wiped can be read no more, and nothing beside it is touched."""

import secrets
from pathlib import Path

from desktop.models.wiping import overwriting_freed, wipe
from tests.stores import new_store


def test_bytes_and_ascii_words_are_overwritten_to_the_last() -> None:
    for size in (1, 32, 4000):
        key, after = secrets.token_bytes(size), secrets.token_bytes(size)
        kept, words = bytes(bytearray(after)), key.hex()
        wipe(key)
        wipe(words)
        assert key == bytes(size)
        assert words == "\0" * size * 2
        assert after == kept


def test_what_is_no_plain_text_is_left_alone() -> None:
    words = "".join(["张", "三"])
    wipe(words)
    wipe("")
    assert words == "张三"


def test_a_closed_store_leaves_nothing_of_its_key(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    key = store.key
    store.close()
    store.close()
    assert key == bytes(32)


def test_overwriting_what_was_freed_leaves_what_is_in_use_alone() -> None:
    kept = [f"张三{number}" for number in range(1000)]
    for _step in overwriting_freed():
        kept.append("在写")
    assert set(kept[1000:]) == {"在写"}
    del kept[1000:]
    assert kept == [f"张三{number}" for number in range(1000)]
