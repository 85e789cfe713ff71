"""Names: alignment goes, no character is damaged, what is no name is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.services.errors import InvalidInput
from desktop.services.spreadsheets.names import clean_name


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张　三", "张三"),
        ("张 三", "张三"),
        (" 张三\xa0", "张三"),
        ("张 建国", "张建国"),
        ("欧阳 娜娜", "欧阳娜娜"),
        ("张　三　丰", "张三丰"),
        ("\u200b王\u200d五\ufeff", "王五"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉‧买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提"),
        ("𠮷野", "𠮷野"),
        ("王𬭚", "王𬭚"),
        ("刘𰻝", "刘𰻝"),
        ("李郎", "李郎"),  # a compatibility ideograph stays itself
        ("葛\U000e0100城", "葛\U000e0100城"),  # chosen form of an ideograph
        ("〇一", "〇一"),
    ],
)
def test_names_are_cleaned_and_never_damaged(cell: str, name: str) -> None:
    assert clean_name(cell) == name
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("阿卜杜拉 买买提", "姓名中间有空格，无法确定是一个姓名：少数民族姓名请用间隔号“·”，多人请分行填写"),
        ("张三 李四", "姓名中间有空格，无法确定是一个姓名：少数民族姓名请用间隔号“·”，多人请分行填写"),
        ("张3", "姓名中有数字“3”"),
        ("张\ue000", "含有自造字（U+E000），换一台电脑就无法显示，请改用标准字库中的字"),
        ("张\ufffd", "含有乱码字符（�），请重新录入原字"),
        ("张😀", "含有不能用于姓名的字符“😀”"),
        ("张三（预备）", "含有不能用于姓名的字符“（”"),
        ("Zhang", "含有不能用于姓名的字符“Z”"),
        ("张", "姓名须为2至30个字"),
        ("张" * 31, "姓名须为2至30个字"),
        ("·张三", "间隔号“·”只能在两个字之间"),
        ("张··三", "间隔号“·”只能在两个字之间"),
        ("　", "没有姓名"),
        (5, "姓名不能是数字或日期"),
    ],
)
def test_refused_names(cell: object, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_name(cell)
    assert refused.value.reason == reason


IDEOGRAPHS = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.characters(
    min_codepoint=0x20000, max_codepoint=0x2A6DF
)


@given(st.lists(IDEOGRAPHS, min_size=2, max_size=4), st.sampled_from([" ", "\u3000", "\xa0", "  ", "\u2003"]))
def test_spaces_between_single_characters_go_and_the_characters_stay(marks: list[str], space: str) -> None:
    assert clean_name(space.join(marks)) == "".join(marks)
