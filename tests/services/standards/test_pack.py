"""An edition of the standard as values: its items, and what it proposes."""

import pytest

from tests.services.standards.samples import PACK


def test_an_item_is_found_by_its_id_also_when_it_is_switched_off() -> None:
    item = PACK.items[0]
    assert PACK.item(item.id) is item
    with pytest.raises(KeyError):
        PACK.item("X9-99")


def test_a_post_is_called_by_its_name_and_an_unknown_one_by_its_id() -> None:
    post = PACK.posts[0]
    assert PACK.post_name(post.id) == post.name
    assert PACK.post_name("astronaut") == "astronaut"


def test_a_topic_proposes_agenda_tags() -> None:
    assert PACK.proposed_tags("专题研判党建与业务融合") == ("work_analysis",)
    assert PACK.proposed_tags("学习文件") == ()
