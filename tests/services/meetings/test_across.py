"""Of many minutes the ones that say nearly the same are found without comparing all with all."""

import random

from desktop.services.meetings.across import nearest
from desktop.services.meetings.similarity import alike

WORDS = "学习研判通报责任落实群众走访零售客户终端党员积极分子培养谈心整改检查安全廉洁警示帮扶"


def minutes(seed: int, length: int = 400) -> str:
    chosen = random.Random(seed)
    return "".join(chosen.choice(WORDS) + chr(0x4E00 + chosen.randrange(3000)) for _ in range(length // 2))


def test_edited_copies_are_found_among_hundreds_and_others_are_not() -> None:
    texts = {f"m{number:03d}": minutes(number) for number in range(200)}
    copied = list(texts["m007"])
    for at in range(0, len(copied), 12):
        copied[at] = "改"
    texts["copy"] = "".join(copied)
    found = nearest(texts, texts, 0.85)
    assert {key: near.meeting_id for key, near in found.items()} == {"m007": "copy", "copy": "m007"}
    assert found["copy"].ratio == alike(texts["copy"], texts["m007"], 0.85)


def test_the_answer_does_not_hang_on_the_order_of_the_texts() -> None:
    texts = {f"m{number}": minutes(number % 3) for number in range(9)}
    turned = dict(reversed(texts.items()))
    assert nearest(texts, texts, 0.85) == nearest(turned, turned, 0.85)


def test_short_and_empty_texts_are_near_nothing() -> None:
    assert nearest({"a": "", "b": "好", "c": "好"}, ("a", "x"), 0.85) == {}
