"""People in sentences: names of who came, who was away and why, and who said what."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from desktop.services.intake.contents import is_name
from desktop.services.intake.known import Known
from desktop.services.intake.wording import minutes_words
from desktop.services.spreadsheets.text import is_blank, plain

LONGEST_REASON = 12
_APART = re.compile(r"(?<![\u3400-\u9fff])([\u3400-\u9fff])[ 　]+([\u3400-\u9fff])(?![\u3400-\u9fff])")
"""Two letters set apart, so that they are as wide as three."""
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_MARKS = "、，,;；"
_NUMBER = re.compile(r"^共?\s*\d{1,3}\s*[人名位]?[:：]?")
_SPOKEN = re.compile(r"\s*([\u3400-\u9fff·]{2,12}?)(同志)?([(（][^()（）]{1,20}[)）])?\s*[:：](.*)", re.S)


def names_of(lines: Iterable[str], known: Known) -> tuple[str, ...]:
    """Return the names in lists of people who came, without what stands in brackets behind them."""
    found: dict[str, None] = {}
    for line in lines:
        bare = _APART.sub(r"\1\2", _BRACKETS.sub("", line))
        for word in re.split(rf"[\s{_MARKS}]+", bare):
            name = re.sub(minutes_words().words["unfinished"].pattern, "", word).removesuffix("同志").strip("。.")
            if is_name(name, known):
                found[name] = None
    return tuple(found)


def away_of(lines: Iterable[str], known: Known) -> str:
    """Return who was away as a cell of a workbook says it: 王五（病假）；赵六（公差）. What is no name stays."""
    parts: list[str] = []
    for line in lines:
        leave = line.startswith("请假：")
        for name, reason in _away(line.removeprefix("请假：") if leave else line, known):
            why = reason or ("请假" if leave else "")
            parts.append(f"{name}（{why}）" if why else name)
    return "；".join(dict.fromkeys(parts))


def _away(text: str, known: Known) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    before = ""
    for part in _pieces(_APART.sub(r"\1\2", _NUMBER.sub("", text.strip()).strip())):
        word = part.strip(" 　。.)）" if part.count("(") + part.count("（") == 0 else " 　。.")
        if not word or is_blank(word):
            continue
        ahead = re.fullmatch(r"([^:：()（）]{1,12})[:：](.+)", word)
        if ahead and not _is_person(plain(ahead[1]), known):  # 病假：王五、赵六
            before, word = ahead[1].strip(), ahead[2].strip()
        name, reason = _name_and_reason(word, known)
        if (
            reason is None
            and found
            and not found[-1][1]
            and not _is_person(name, known)
            and len(name) <= LONGEST_REASON
        ):
            found[-1] = (found[-1][0], name)  # 王五，病假
        else:
            found.append((name, reason if reason is not None else before))
    return found


def one_name(text: str, known: Known) -> str:
    """Return the only name of the roster in a text with a post before it (支部书记张三); any other text as it is."""
    bare = _APART.sub(r"\1\2", text.strip()).removesuffix("同志")
    if bare.partition("（")[0].partition("(")[0] in known.names:
        return bare
    there = [name for name in known.names if name in bare]
    longest = [name for name in there if not any(name != other and name in other for other in there)]
    return longest[0] if len(longest) == 1 else bare


def _is_person(word: str, known: Known) -> bool:
    return word in known.names or (is_name(word, known) and not known.names)


def _name_and_reason(word: str, known: Known) -> tuple[str, str | None]:
    """Return a name and the reason behind it: 王五（病假）, 王五病假; None where there is none."""
    said = re.fullmatch(r"([^()（）]+)[(（](.*)[)）]?", word, re.S)
    if said:
        return said[1].strip(), said[2].strip().removesuffix("）").removesuffix(")")
    name = next((name for name in sorted(known.names, key=len, reverse=True) if word.startswith(name)), "")
    rest = word[len(name) :].removeprefix("同志").strip(" 　-—:：") if name else ""
    return (name, rest) if name and rest else (name or word, None)


def _pieces(text: str) -> Iterator[str]:
    """Give the parts between marks that stand outside brackets."""
    depth, piece = 0, ""
    for mark in text:
        depth += (mark in "(（") - (mark in ")）" and depth > 0)
        if depth == 0 and mark in f"{_MARKS}\n 　":
            yield piece
            piece = ""
        else:
            piece += mark
    yield piece


def speeches_of(lines: Sequence[str], names: Collection[str]) -> list[tuple[str, str]]:
    """Return who said what, in order; a line that names nobody is nobody's: it may be what all of them agreed on."""
    found: list[tuple[str, str]] = []
    for line in lines:
        spoken = _SPOKEN.fullmatch(line)
        if spoken is not None and spoken[1] in names:
            found.append((spoken[1] + (spoken[3] or ""), spoken[4].strip()))
        elif found and not found[-1][0]:
            found[-1] = ("", f"{found[-1][1]}\n{line}")
        else:
            found.append(("", line))
    return found
