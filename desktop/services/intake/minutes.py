"""Minutes in documents: which meetings a document records, told by the labels in its lines and tables.

What no label claims is what was said: it is kept word for word. Nothing is made up; what only the file's name says is
asked about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from desktop.services.intake import people
from desktop.services.intake.forms import FormRecord
from desktop.services.intake.heads import Cells
from desktop.services.intake.known import Known
from desktop.services.intake.minute_lines import AGENDA, BODY, CAME, SHORT, TEXTS, Part, Splitter, kinds_in
from desktop.services.intake.rows import Minutes
from desktop.services.intake.vocabulary import Vocabulary
from desktop.services.intake.wording import minutes_words, wording
from desktop.services.spreadsheets.text import plain
from desktop.services.spreadsheets.workbook import Origin

FEWEST = 2
"""Labels with values that make a meeting, one of them beside the day."""
LONGEST_QUOTE = 60
"""Letters of the first sentence that may stand for a topic nobody wrote."""
AHEAD = 8
"""So many parts further on, the labels of another meeting follow its day."""
_AFTER_DAY = frozenset({"place", "chair", "recorder", "kind", "topic", "span"})
_DAY = re.compile(
    r"(?:19|20)\d{2}\s*(?:年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]?|[-./]\s*\d{1,2}\s*[-./]\s*\d{1,2})"
    r"|[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号]|\d{1,2}\s*月\s*\d{1,2}\s*[日号]"
)
_CLOCK = re.compile(
    r"(?:(?:上午|下午|中午|晚上|早上|晚|早)\s*)?(?:\d{1,2}|[一二两三四五六七八九十]{1,3})\s*[:点时]\s*(?:\d{1,2}\s*分?|半|整)?"
)
_LEFT_OF_MOMENT = re.compile(
    r"(?:星期|周|礼拜)[一二三四五六日天]|[上下中]午|早上|晚上|晚|早|全天|[\s(),,至到~—–-]|T|开始|左右|起|召开"
)


@dataclass(slots=True)
class Found:
    """One meeting in a document."""

    form: FormRecord
    titles: list[str] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)
    """Field → its lines."""
    again: list[str] = field(default_factory=list)
    """Other words behind the label of a field that has one value and has it already."""
    minutes: Minutes | None = None
    context: dict[str, str] = field(default_factory=dict)
    """What titles say, by field."""


def find_minutes(cells: Cells, origin: Origin, vocabulary: Vocabulary, known: Known) -> list[Found]:
    """Return the meetings that a document records, none if it has no labels of any."""
    parts = list(Splitter(cells, vocabulary).parts())
    found: list[Found] = []
    for at, part in enumerate(parts):
        if not found or _begins(part, parts[at + 1 : at + AHEAD], found[-1]):
            found.append(Found(FormRecord(part.row)))
        _add(found[-1], part)
    kept: list[Found] = []
    for record in found:
        if _is_meeting(record) or not kept:
            kept.append(record)
        else:  # a line that only looked like the title of another
            kept[-1].lines.setdefault(BODY, []).extend([*record.titles, *_all_lines(record)])
            kept[-1].form.last = record.form.last
    kept = [record for record in kept if _is_meeting(record)]
    for record in kept:
        _finish(record, origin, known)
    return kept


def whole_of(cells: Cells, origin: Origin, vocabulary: Vocabulary, known: Known) -> list[Found]:
    """Return a document as one meeting though its labels do not tell of any: a person said that it is one.

    A first line that names a kind of meeting is its title; every other line without a label is what was said.
    """
    parts = list(Splitter(cells, vocabulary).parts())
    if not parts:
        return []
    record = Found(FormRecord(parts[0].row))
    for at, part in enumerate(parts):
        record.form.last = part.row
        if at == 0 and not part.name and kinds_in(part.text):
            record.titles.append(part.text)
        elif part.text:
            record.lines.setdefault(part.name or BODY, []).append(part.text)
    _finish(record, origin, known)
    return [record]


def _is_meeting(record: Found) -> bool:
    short = [name for name in record.lines if name != BODY]
    return len(short) >= FEWEST


def _begins(part: Part, next_: Sequence[Part], record: Found) -> bool:
    """Tell whether another meeting begins: with a title, or with a day and the labels that follow one."""
    if "held_on" not in record.lines:
        return False
    follow = [later.name for later in next_]
    if part.title:
        return "held_on" in follow
    return (
        part.name == "held_on" and len(set(follow) & _AFTER_DAY) >= FEWEST and _DAY.match(plain(part.text)) is not None
    )


def _add(record: Found, part: Part) -> None:
    record.form.last = part.row
    if not record.lines and not part.name:
        record.titles.append(part.text)
        record.form.row = part.row
        return
    if part.name and not (set(record.lines) - {BODY}):
        record.form.row = part.row
    name = part.name or BODY
    lines = record.lines.setdefault(name, [])
    if name in SHORT and lines:
        if _closed(part.text) not in _closed(lines[0]):
            record.again.append(f"{part.label}：{part.text}")
    elif part.text:
        lines.append(part.text)


def _closed(text: str) -> str:
    return plain(text).replace(" ", "")


def _all_lines(record: Found) -> list[str]:
    return [*(line for lines in record.lines.values() for line in lines), *record.again]


def _finish(record: Found, origin: Origin, known: Known) -> None:
    """Make of the lines of a meeting what its row holds."""
    words, lines = minutes_words(), record.lines
    values = record.form.values
    _moment(record)
    titles = [*record.titles, *origin.names]
    kind = " ".join(lines.pop("kind", []))
    _say_kind(record, kind, titles)
    _say_group(record, titles, known)
    for name in SHORT:
        if lines.get(name):
            values[name] = (name, lines[name][0])
    for name in ("chair", "recorder"):
        if name in values:
            values[name] = (name, people.one_name(str(values[name][1]), known))
    for name in TEXTS:
        if lines.get(name):
            values[name] = (name, "\n".join(lines[name]))
    everyone = any(words.words["everyone"].match(plain(line)) for line in lines.get(CAME, ()))
    came = () if everyone else people.names_of(lines.get(CAME, ()), known)
    if "absences" in lines:
        away = people.away_of(lines["absences"], known)
        values["absences"] = ("absences", away or "无")
    body = [*lines.get(BODY, ()), *lines.get("speeches", ())]
    items = [_bare_item(line) for line in _split_items(lines.get(AGENDA, ()))]
    agenda, body = _agenda(items, body)
    if len(items) == 1 and "topic" not in values:
        values["topic"] = ("topic", items[0])
    votes = [*lines.get("votes", ()), *_votes(body), *_votes(lines.get("resolution", ()))]
    votes += [f"{title}：{said}" for title, content in agenda for said in _votes(content.split("\n"))]
    if votes:
        values["votes"] = ("votes", "\n".join(dict.fromkeys(votes)))
    quoted_topic = "topic" not in values and not agenda
    if quoted_topic and (quote := _first_sentence([*body, *lines.get("resolution", ())])):
        values["topic"] = ("topic", quote)
    speeches = [*people.speeches_of(body, {*known.names, *came}), *(("", line) for line in record.again)]
    agenda_text = "\n".join(title for title, _ in agenda)
    speeches_text = "\n".join(f"{name}：{said}" if name else said for name, said in speeches)
    if agenda_text:
        values["agenda"] = ("agenda", agenda_text.replace("|", "／"))
    if speeches_text:
        values["speeches"] = ("speeches", speeches_text)
    record.minutes = Minutes(
        origin=origin,
        agenda=tuple(agenda),
        agenda_text=agenda_text.replace("|", "／"),
        speeches=tuple(speeches),
        speeches_text=speeches_text,
        came=came,
        everyone=everyone,
        unfinished=any(words.words["unfinished"].search(plain(line)) for line in lines.get(CAME, ())),
        quoted_topic=quoted_topic,
    )


def _moment(record: Found) -> None:
    """Divide what is written of the time into a day and the time of day; what else it says leaves it as it is."""
    text = " ".join(record.lines.get("held_on", [])[:1])
    day = _DAY.search(plain(text))
    if day is None or day.start() > 2:
        return
    rest = plain(text)[day.end() :]
    again = _DAY.sub("", rest) if day[0] in rest else rest
    clocks = _CLOCK.findall(again)
    if _LEFT_OF_MOMENT.sub("", _CLOCK.sub("", again)) or len(clocks) > 2:
        return
    record.lines["held_on"] = [day[0]]
    if clocks and "span" not in record.lines:
        record.lines["span"] = ["-".join(clock.strip() for clock in clocks)]


def _say_kind(record: Found, written: str, titles: Sequence[str]) -> None:
    """Say what kind of meeting it was: by its label, else by the first title that names one; of several it is asked."""
    texts = [written, *titles] if written else titles
    named = next((text for text in texts if kinds_in(text)), "")
    kinds = kinds_in(named)
    record.context["kind"] = kinds[0] if len(kinds) == 1 else named or next(iter(texts), "")
    if written and named != written and "topic" not in record.lines:
        record.lines["topic"] = [written]
    elif written and named != written:
        record.lines.setdefault(BODY, []).insert(0, written)


def _say_group(record: Found, titles: Sequence[str], known: Known) -> None:
    for text in titles:
        bare = plain(text).replace(" ", "")
        found = next((group for group in known.groups if plain(group) in bare), "")
        for said in wording("meetings").titles:
            match = said.pattern.search(bare)
            if not found and said.field == "group" and match:
                found = match[0]
        if found:
            record.context.setdefault("group", found)


def _split_items(lines: Sequence[str]) -> list[str]:
    """Return the items of an agenda: a line each, or divided by ；."""
    pieces = [piece.strip(" 　。;；") for line in lines for piece in re.split(r"[;；]", line)]
    return [piece for piece in pieces if piece]


def _bare_item(text: str) -> str:
    return minutes_words().words["item"].sub("", text).strip() or text


def _agenda(items: Sequence[str], body: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the items of the agenda with what was written below their headings, and what stands below none."""
    heading = minutes_words().words["heading"]
    starts = [at for at, line in enumerate(body) if heading.match(line) and len(line) <= LONGEST_QUOTE]
    if len(starts) < FEWEST or len(items) not in (0, len(starts)):
        return [(item, "") for item in items] if len(items) > 1 else [], list(body)
    found = []
    for at, start in enumerate(starts):
        stop = starts[at + 1] if at + 1 < len(starts) else len(body)
        title = items[at] if items else heading.sub("", body[start]).strip(" 　。：:；;")
        found.append((title or body[start], "\n".join(body[start + 1 : stop])))
    return found, list(body[: starts[0]])


def _votes(lines: Sequence[str]) -> list[str]:
    """Return the sentences that count a vote."""
    vote = minutes_words().words["vote"]
    sentences = [part for line in lines for part in re.split(r"(?<=[。；;])", line)]
    return [part.strip(" 　。；;") for part in sentences if vote.fullmatch(plain(part))]


def _first_sentence(lines: Sequence[str]) -> str:
    """Return the first sentence of what was written down, if it is short enough to stand for it."""
    first = next((line for line in lines if line.strip()), "")
    sentence = re.split(r"[。；;\n]", _bare_item(first))[0].strip()
    return sentence if 1 < len(sentence) <= LONGEST_QUOTE else ""
