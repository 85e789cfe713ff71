"""What a person said about a file is kept as text and read again; only what holds for other files is handed on."""

import pytest

from desktop.services.errors import InvalidInput
from desktop.services.intake.answers import NOT_TAKEN, TEXT, Answers, Line, Place, Spot, Word
from desktop.services.intake.looks import RowRole

EVERYTHING = Answers(
    encoding="gb18030",
    sheets={"在册党员": True, "去世": False},
    columns={Spot("在册党员", 3): "id_number", Spot("在册党员", 4): NOT_TAKEN},
    headings={"公民身份证号": "id_number"},
    roles={Line("在册党员", 4): RowRole.GROUP},
    words={Word("education", "函授本科"): "本科", Word("post", "网格长"): TEXT, Word("nation", "不详"): None},
    replies={"category/3": "full"},
    edits={Place("在册党员", 5, "phone"): "13800000000"},
    untaken=frozenset({Place("在册党员", 6), Place("在册党员", 7, "phone")}),
    assume={"category": "full"},
)


@pytest.mark.parametrize("answers", [Answers(), EVERYTHING], ids=["nothing", "everything"])
def test_answers_written_and_read_again_are_the_same(answers: Answers) -> None:
    assert Answers.from_json(answers.to_json()) == answers


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"columns": [[1, 2, 3]]}', '{"words": [["a", "b", "c"]]}', '{"sheets": {"a": 1}}']
)
def test_text_that_holds_no_answers_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Answers.from_json(text)


def test_only_headings_and_words_hold_for_other_files() -> None:
    lasting = EVERYTHING.lasting()
    assert lasting == Answers(headings=EVERYTHING.headings, words=EVERYTHING.words)


def test_what_is_said_of_this_file_wins_over_what_is_remembered() -> None:
    here = Answers(headings={"时间": "joined_on"}, sheets={"名册": True})
    joined = here.over(Answers(headings={"时间": "born_on", "号码": "id_number"}))
    assert joined.headings == {"时间": "joined_on", "号码": "id_number"}
    assert joined.sheets == {"名册": True}


def test_an_answer_of_its_own_goes_before_the_one_for_all_of_its_kind() -> None:
    assert EVERYTHING.reply("category/3", "category") == "full"
    assert EVERYTHING.reply("category/4", "category") == "full"
    assert EVERYTHING.reply("same/4", "same") is None
