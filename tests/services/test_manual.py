"""The manual: every page has its topic, every topic is found by words, every picture is there."""

import re
from pathlib import Path

import pytest

from desktop.paths import resource
from desktop.services import manual
from desktop.services.manual import Kind, chapters, find, topic_of, unmarked
from desktop.ui.pages import pages_for
from installer.make_screenshots import FORMS, names, page_name

MOST_BYTES, MOST_BYTES_IN_ALL = 60 * 1024, 3 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]


def keys() -> set[str]:
    return {topic.key for chapter in chapters() for topic in chapter.topics}


@pytest.mark.parametrize("kind", ["branch", "headquarters"])
def test_every_page_of_the_window_has_its_topic_and_no_other_is_named(kind: str) -> None:
    pages = {f"{area.key}/{tab.key}" for area in pages_for(kind) for tab in area.tabs}
    assert set(manual._places()[kind]) == pages
    assert {topic_of(kind, *page.split("/")) for page in pages} <= keys()


def test_a_form_over_a_page_has_a_topic_of_its_own() -> None:
    assert topic_of("branch", "members", "roster", "IntakePage") == "导入/从表格导入"
    assert topic_of("branch", "members", "roster", "NoSuchForm") == topic_of("branch", "members", "roster")
    assert set(manual._places()["forms"].values()) <= keys()
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "desktop" / "ui").rglob("*.py"))
    assert [name for name in manual._places()["forms"] if f"class {name}(" not in sources] == []


def test_no_topic_is_called_as_another_of_its_chapter() -> None:
    named = [topic.key for chapter in chapters() for topic in chapter.topics]
    assert len(named) == len(set(named))


def test_words_find_the_topics_that_hold_all_of_them_and_those_called_so_first() -> None:
    assert find("党费")[0].key == "党员/党费"
    assert [topic.key for topic in find("恢复码 解锁文件")] == ["忘记密码/请总部协助"]
    assert find("绝不会有的词") == []
    assert find(" ") == []


def test_nothing_of_the_file_is_lost_on_the_way() -> None:
    """What search and paper read is what stands in the file, but for marks."""

    def bare(words: str) -> str:
        return re.sub(r"[\s|·:*`#-]|\d+\.", "", words)

    source = resource(manual.MANUAL).read_text("utf-8")
    source = re.sub(r"(?m)^# .*$", "", re.sub(r"!\[(.*)\]\(.+\)", r"\1", source))
    read = "".join(
        chapter.title
        + "".join(
            "".join(
                (f"{piece.lead}。" if piece.kind is Kind.PARAGRAPH and piece.lead else "") + piece.plain
                for piece in topic.pieces
            )
            for topic in chapter.topics
        )
        for chapter in chapters()
    )
    wanted = re.sub(r"(?m)^## ", "", unmarked(source))
    assert sorted(bare(read)) == sorted(bare(wanted))


def pictures() -> dict[str, set[str]]:
    """Return the topics that show each picture of the manual, by its name."""
    topics = [topic for chapter in chapters() for topic in chapter.topics]
    shown = [(piece.picture.stem, topic.key) for topic in topics for piece in topic.pieces if piece.picture]
    return {name: {key for each, key in shown if each == name} for name, _key in shown}


def test_every_picture_named_is_there_and_small_and_no_other_lies_about() -> None:
    files = {file.stem: file.stat().st_size for file in resource("manual/pictures").iterdir()}
    assert set(files) == set(pictures())
    assert {name: size for name, size in files.items() if size > MOST_BYTES} == {}
    assert sum(files.values()) < MOST_BYTES_IN_ALL


def test_every_page_and_form_that_f1_knows_has_its_picture_in_its_topic() -> None:
    named = {
        page_name(kind, *page.split("/")): topic for kind in FORMS for page, topic in manual._places()[kind].items()
    }
    named |= manual._places()["forms"]
    shown = pictures()
    assert {name: topic for name, topic in named.items() if topic not in shown.get(name, set())} == {}


def test_every_picture_is_one_that_is_taken_by_the_script() -> None:
    assert sorted(names()) == sorted(pictures())
