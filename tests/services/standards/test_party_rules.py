"""The numbers of the regulations: thresholds hold exactly, a fault in the file is named."""

import re

import pytest

from desktop.paths import resource
from desktop.services.errors import PackInvalid
from desktop.services.standards.party_rules import parse_party_rules
from tests.services.standards.samples import LAW, PACK

LAW_TEXT = resource("standards/party_rules.toml").read_text("utf-8")


def test_the_party_rules_give_the_votes_exactly() -> None:
    election = LAW.votes["election"]
    assert election.election
    assert not election.quorum.holds(7, 10, 7)
    assert election.quorum.holds(8, 10, 8)
    assert LAW.closes("org_life_meeting") == "03-31"
    assert LAW.closes("theme_day") == ""
    assert len(LAW.development_steps) == 25


@pytest.mark.parametrize(
    ("find", "replace", "reason"),
    [
        ('quorum = { of = "due", num = 1', 'quorum = { of = "all", num = 1', "基数“all”不存在"),
        ("term_years = 3", 'term_years = "3"', "应为整数"),
        ('closes = "03-31"', 'closes = "31.3."', "应为“月-日”"),
        ('id = "congress_ordinary"', 'id = "congress"', "缺少表决种类“congress_ordinary”"),
        ('"02-16"', '"02-31"', "“02-31”不是日期"),
    ],
)
def test_party_rules_with_a_fault_are_refused(find: str, replace: str, reason: str) -> None:
    assert find in LAW_TEXT
    with pytest.raises(PackInvalid, match=re.escape(reason)):
        parse_party_rules(LAW_TEXT.replace(find, replace, 1))


def test_words_for_leave_are_unique_and_every_neutral_one_is_offered() -> None:
    words = [word for reason in LAW.leave_reasons for word in (reason.name, *reason.synonyms)]
    assert len(set(words)) == len(words)
    neutral = PACK.item("D4-09").rule.params["neutral_reasons"]
    assert set(neutral) <= {reason.name for reason in LAW.leave_reasons}


@pytest.mark.parametrize(("reason", "leave"), [("病假", True), ("家里有事", True), ("", False), ("无故 缺席", False)])
def test_not_every_reason_is_leave(reason: str, leave: bool) -> None:
    assert LAW.excuses(reason) is leave


def test_an_older_edition_without_words_for_leave_is_read() -> None:
    first, last = LAW_TEXT.index("[[leave_reasons]]"), LAW_TEXT.rindex("[[leave_reasons]]")
    end = LAW_TEXT.index("[[votes]]", last)
    older = LAW_TEXT[:first] + LAW_TEXT[end:].replace("publicity_first_day", "# publicity_first_day")
    law = parse_party_rules(older)
    assert (law.leave_reasons, law.leave_word("出差")) == ((), "出差")
