"""Words of cells: what people write for the entries of a list is understood, what is not certain is refused."""

import tomllib

import pytest

from desktop.models.vocabulary.meetings import MeetingKind
from desktop.paths import resource
from desktop.services.errors import InvalidInput
from desktop.services.meetings.sheet import KIND, parse_kind
from desktop.services.spreadsheets.codes import codes
from desktop.services.spreadsheets.words import named_value, words


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("本科（在职）", "21"), ("省委党校研究生", "10"), ("中央党校大学", "21"), ("函授本科", "21")),
        *(("大学本科/学士", "21"), ("全日制大专", "31"), ("在职大学", "21"), ("大专毕业", "31"), ("研究生/硕士", "10")),
        *(("本科、学士学位", "21"), ("成人教育本科", "21"), ("高中毕业", "61"), ("自考专科", "31"), ("21", "21")),
    ],
)
def test_levels_of_education(written: str, code: str) -> None:
    assert codes("education").parse(written) == code


@pytest.mark.parametrize("written", ["高中/中专", "高中及以下", "学士", "硕士/本科", "读过书", "本科或大专"])
def test_a_level_that_is_not_certain_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        codes("education").parse(written)


@pytest.mark.parametrize(
    ("written", "name"), [("维族", "维吾尔族"), ("蒙族", "蒙古族"), ("汉", "汉族"), ("崩龙族", "德昂族")]
)
def test_short_names_of_ethnic_groups(written: str, name: str) -> None:
    assert codes("ethnic").name(codes("ethnic").parse(written)) == name


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("支部委员会议", MeetingKind.COMMITTEE_MEETING),
        ("支委扩大会", MeetingKind.COMMITTEE_MEETING),
        ("小组会议", MeetingKind.GROUP_MEETING),
        ("上党课", MeetingKind.PARTY_LECTURE),
        ("固定主题党日", MeetingKind.THEME_DAY),
        ("3月份支部党员大会", MeetingKind.BRANCH_CONGRESS),
        ("第一季度党员大会会议记录", MeetingKind.BRANCH_CONGRESS),
        ("2025年度组织生活会", MeetingKind.ORG_LIFE_MEETING),
    ],
)
def test_kinds_of_meetings(written: str, kind: MeetingKind) -> None:
    assert parse_kind(written, KIND) is kind


@pytest.mark.parametrize("written", ["党员大会暨主题党日", "理论学习", "关于党员大会筹备的通知", "会议"])
def test_what_names_no_kind_or_two_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        parse_kind(written, KIND)


@pytest.mark.parametrize("table", ["gender", "ethnic", "education", "political", "category", "posts", "meeting_kinds"])
def test_no_spelling_stands_for_two_values(table: str) -> None:
    content = tomllib.loads(resource("workbooks/words.toml").read_text("utf-8"))
    assert sum(map(len, content[table].values())) == len(words(table))


def test_a_word_of_no_spelling_is_refused_with_what_may_be_written() -> None:
    parse = named_value("dues_class", ["在职", "离退休"])
    assert parse(" 退休 党员 ", KIND) == "retired"
    with pytest.raises(InvalidInput, match="不在可选项中：在职、离退休"):
        parse("军人", KIND)
