"""The lines and tables of minutes, divided into labels and the words behind them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from desktop.services.intake.contents import is_clock
from desktop.services.intake.heads import Cells
from desktop.services.intake.vocabulary import Vocabulary, folded
from desktop.services.intake.wording import minutes_words, wording
from desktop.services.spreadsheets.text import is_blank, plain
from desktop.services.spreadsheets.words import words as cell_words

LONGEST_LABEL = 18
LONGEST_TITLE = 44
LONGEST_PAIR = 8
"""Letters of a label that is none of a field, beside its words in a table."""
BODY, AGENDA, CAME = "body", "agenda", "came"
LONG = frozenset({BODY, AGENDA, "topic", "resolution", "votes", "speeches", "follow_up", "plan", "summary"})
"""Fields whose words go on in the next line."""
SHORT = (
    *("held_on", "span", "ended_at", "place", "chair", "recorder", "speakers", "group", "due", "present"),
    *("number", "planned", "rated", "joint"),
)
"""Fields of which the first line is the value."""
TEXTS = ("for_year", "plan", "follow_up", "resolution", "topic", "observers", "summary")
"""Fields of which all lines are the value."""
READ = frozenset({"kind", CAME, "absences", "votes", *SHORT, *TEXTS, *LONG})
"""Fields that minutes say; the words of any other label are what was said, with their label."""
ONE_LINE = frozenset({AGENDA, "topic"})
"""Fields that end with the line of their label, where words stand in it, but for numbered items."""
LISTS = frozenset({CAME, "absences"})
"""Fields whose names go on in the next line where one ends with a mark."""
_LABEL = re.compile(
    r"([^\s:：,，;；。、(（]{1,14}(?:[ 　\t]{1,8}[^\s:：,，;；。、(（]{1,6}){0,3}"
    r"(?:[(（][^()（）]{0,14}[)）])?)\s*[:：]"
)


class Part(NamedTuple):
    """A piece of a document: words, and the field of the label before them, "" for words that go on."""

    row: int
    name: str
    label: str
    text: str
    title: bool = False
    """A line that can begin another meeting."""


class Splitter:
    """Divides the rows of a document into parts."""

    def __init__(self, cells: Cells, vocabulary: Vocabulary) -> None:
        self._cells, self._vocabulary, self._words = cells, vocabulary, minutes_words()
        self._body = {folded(text) for text in self._words.body}
        self._agenda = {folded(text) for text in self._words.agenda}
        self._feeds = wording("meetings").feeds
        self._seen: set[str] = set()
        self._going = ""
        """The field whose words may go on."""
        self._inline = False
        """Its first words stood behind its label."""

    def parts(self) -> Iterator[Part]:
        """Give the parts in the order in which they are read."""
        for number, row in self._cells.sheet.rows.items():
            texts = [
                str(value) for column, value in sorted(row.items()) if not self._cells.is_from_above(number, column)
            ]
            if len(texts) == 1:
                for line in texts[0].split("\n"):
                    yield from self._line(number, line.strip())
            else:
                yield from self._cells_of(number, texts)

    def _cells_of(self, number: int, texts: Sequence[str]) -> Iterator[Part]:
        at = 0
        while at < len(texts):
            text, beside = texts[at], texts[at + 1] if at + 1 < len(texts) else None
            name = self.field(text, beside or "") if "\n" not in text or len(text) < LONGEST_LABEL else None
            if name is not None and beside is not None and (self.field(beside, "") is None or self._same(text, beside)):
                self._going = ""
                yield from self._labelled(number, name, text, beside)
                at += 2
                continue
            if name is not None:
                self._begin(name)
            elif beside is not None and self._is_pair(text, beside):  # 列席人员 | 钱某某
                self._begin(BODY)
                yield Part(number, BODY, "", f"{text.strip(' 　:：')}：{beside}")
                at += 1
            else:
                for line in text.split("\n"):
                    yield from self._line(number, line.strip())
            at += 1

    def _is_pair(self, text: str, beside: str) -> bool:
        """Tell whether a cell is the label of the one beside it, though of no field: short, and no name or number."""
        short = len(text) <= LONGEST_PAIR and "\n" not in text and re.search(r"\d", text) is None
        return short and len(beside) > len(text) - 2 and self.field(beside, "") is None

    def _labelled(self, number: int, name: str, label: str, text: str) -> Iterator[Part]:
        """Give the value of a cell: its first line belongs to the label beside it, the others may have their own."""
        first, *others = [line.strip() for line in text.split("\n") if line.strip()] or [""]
        if name in LONG:
            self._begin(name)
            for line in (first, *others):
                yield from self._line(number, line)
            return
        whole = " ".join((first, *others)) if name in LISTS else first
        yield from self._value(number, name, label, whole)
        if name not in LISTS:
            for line in others:
                yield from self._line(number, line)

    def _line(self, number: int, text: str) -> Iterator[Part]:
        if not text:
            return
        if self._is_title(text):
            self._seen.clear()
            self._going = ""
            yield Part(number, "", "", text, title=True)
            return
        alone = self.field(text, "")
        if alone in LONG and len(text) <= LONGEST_LABEL:  # a heading of its own: 三、会议决议
            self._begin(alone)
            return
        if self._is_signature(text):
            self._begin(BODY)
            return
        for label, words in self._segments(text):
            name = self.field(label, words) if label else None
            if name is None:
                yield from self._words_alone(number, f"{label}：{words}" if label else words)
            elif name in LONG:
                self._begin(name, words)
                if words:
                    yield from self._value(number, name, label, words)
            else:
                yield from self._value(number, name, label, words)

    def _begin(self, name: str, words: str = "") -> None:
        self._going, self._inline = name, bool(words)
        self._seen.add(name)

    def _words_alone(self, number: int, words: str) -> Iterator[Part]:
        """Give words without a label: they go on with what stands before them, else they are what was said."""
        if (
            self._going not in LONG
            and len(words) <= LONGEST_LABEL
            and self._words.words["everyone"].match(plain(words))
        ):
            yield Part(number, CAME, "", words)
            return
        counted = list(self._counted(number, words))
        yield from counted
        if counted and not self._left_of_counts(words):
            return
        if self._going in ONE_LINE and self._inline and not self._words.words["item"].match(words):
            self._begin(BODY)
        going = self._going
        if going in LISTS:
            self._going = ""
        yield Part(number, going or (BODY if self._seen else ""), "", words)

    def _value(self, number: int, name: str, label: str, words: str) -> Iterator[Part]:
        self._seen.add(name)
        if name in LONG:
            yield Part(number, name, label, words)
            return
        self._going = name if name in LISTS and words.rstrip().endswith(("、", "，", ",", "；")) else ""
        if name in ("due", "present", CAME):
            yield from self._counted(number, f"{label}{words}" if name != CAME else words)
        if name in ("due", "present"):
            digits = re.match(r"\D{0,4}(\d{1,3})\s*[人名]?", plain(words))
            words = digits[1] if digits else words
        if name == "absences" and not is_blank(words):
            leave = any(word in label for word in self._words.leave) and "缺席" not in label
            words = f"{'请假：' if leave else ''}{words}"
        yield Part(number, name, label, words)

    def _counted(self, number: int, words: str) -> Iterator[Part]:
        """Give the numbers of people and the names of who was away that a sentence in the head of minutes says."""
        bare = plain(words)
        if self._going in LONG or self._words.words["vote"].fullmatch(bare):
            return
        for name, pattern in self._words.counts.items():
            said = pattern.search(bare)
            if said is not None and name not in self._seen:
                self._seen.add(name)
                yield Part(number, name, said[0], said[1])
        for away in self._words.words["away"].finditer(bare):
            leave = any(word in away[1] for word in self._words.leave)
            yield Part(number, "absences", away[1], f"{'请假：' if leave else ''}{away[2]}")

    def _left_of_counts(self, words: str) -> str:
        """Return what a sentence says beside the numbers of people and who was away."""
        bare = plain(words)
        for pattern in (self._words.words["away"], *self._words.counts.values()):
            bare = pattern.sub("", bare)
        return re.sub(r"[\s,，;；。.:、()]|其中|缺席\s*0?\s*人?|请假\s*0?\s*人?", "", bare)

    def _segments(self, text: str) -> list[tuple[str, str]]:
        """Return the labels in a line with the words behind each; an empty label for words before the first."""
        marks: list[tuple[int, int, str]] = []
        going = self._going
        for found in _LABEL.finditer(text):
            for start in _starts(found[1]):
                label = found[1][start:]
                name = self.field(label, "")
                if name is None or (going in LONG and not self._may_follow(name, text[: found.start(1) + start])):
                    continue
                going = name if name in LONG else going
                marks.append((found.start(1) + start, found.end(), label.strip()))
                break
        if not marks:
            return [self._spaced(text)]
        before = text[: marks[0][0]]
        numbered = self._words.words["item"].fullmatch(before)
        segments = [] if numbered else [("", before.strip(" 　\t,，;；、(（"))]
        for at, (_, end, label) in enumerate(marks):
            stop = marks[at + 1][0] if at + 1 < len(marks) else len(text)
            segments.append((label, text[end:stop].strip(" 　\t,，;；、")))
        return [segment for segment in segments if any(segment)]

    def _is_signature(self, text: str) -> bool:
        """Tell whether a line only has places for signatures: 主持人签名：　　记录人（签名）：."""
        labels = [re.sub(r"签[名字]$", "", label) for label in _LABEL.findall(text)]
        bare = _LABEL.sub("", text).strip(" 　_＿\t")
        return (
            bool(labels)
            and not bare
            and all(self.field(label, "") in self._seen & {"chair", "recorder"} for label in labels)
        )

    def _spaced(self, text: str) -> tuple[str, str]:
        """Return a label with the words behind it where only a space stands between them: 地点　三楼会议室."""
        label, *words = re.split(r"[ 　\t]+", text, maxsplit=1)
        known = words and len(label) > 1 and self._going not in LONG and self.field(label, words[0]) is not None
        return (label, words[0]) if known else ("", text)

    def _may_follow(self, name: str, before: str) -> bool:
        """Tell whether a label within what was said is one: at the beginning of its line, and not said before."""
        if before.strip() and not self._words.words["item"].fullmatch(before):
            return False
        return name in LONG or name not in self._seen or name == "held_on"

    def field(self, label: str, value: str) -> str | None:
        """Return the field of a label, None for words that are none."""
        bare = label.strip(" 　:：")
        if not bare or len(bare) > LONGEST_LABEL or any(mark in bare for mark in ":：《\n"):
            return None
        heading = folded(bare)
        if heading in self._body:
            return BODY
        if heading in self._agenda:
            return AGENDA
        names = self._vocabulary.known((bare,)) or ()
        if "present_names" in names:
            return CAME
        name = next((name for name in names if name in self._vocabulary.fields), None)
        for feed in self._feeds:
            if name in (feed.day, feed.clock):
                return feed.clock if is_clock(value) else feed.day
        if name == "present" and value and not re.search(r"\d", plain(value)):
            return CAME
        return name if name in READ else None

    def _same(self, label: str, value: str) -> bool:
        return "\n" not in value and self.field(value, "") == self.field(label, "")

    def _is_title(self, text: str) -> bool:
        bare = plain(text)
        if len(bare) > LONGEST_TITLE or ":" in bare or not self._words.title.fullmatch(bare.replace(" ", "")):
            return False
        return bool(kinds_in(bare)) and folded(bare) not in self._body


def _starts(label: str) -> list[int]:
    """Return where in the words before a colon a label may begin: at their beginning, or behind a space."""
    return [0, *(found.end() for found in re.finditer(r"[ 　\t]+", label))]


def kinds_in(text: str) -> list[str]:
    """Return the spellings of kinds of meetings in a text, one of each kind."""
    bare = plain(text).replace(" ", "")
    found: dict[str, str] = {}
    spellings = sorted(cell_words("meeting_kinds").items(), key=lambda item: -len(item[0]))
    for spelling, kind in spellings:
        if spelling in bare:
            found.setdefault(str(kind), spelling)
            bare = bare.replace(spelling, "　")
    return list(found.values())
