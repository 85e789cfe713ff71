"""Standards files as slips of the hand or a stranger leave them: refused by type, or everything can be reckoned."""

import json
import re
from pathlib import Path
from random import Random

from sqlalchemy import delete, select

from desktop.models.standards import StandardPack
from desktop.paths import resource
from desktop.services.errors import Conflict, PackInvalid
from desktop.services.headquarters import HeadquartersService
from desktop.services.race.service import RaceService
from desktop.services.standards.service import StandardService
from installer.fuzz import hostile, samples
from installer.fuzz.run import ACCEPTED, REFUSED, Kind

FILES = ("branch_standard", "party_rules", "horse_race", "horse_race", "member_points", "codes")
_NUMBER = re.compile(r"(?<![\w.\"-])-?\d+(?:\.\d+)?(?![\w.\"-])")
_TEXT = re.compile(r'"[^"\n]*"')
_VALUE = re.compile(r"(?<== ).+$", re.MULTILINE)
_LINE = re.compile(r"^.*\n", re.MULTILINE)
_BLOCK = re.compile(r"^\[.*(?:\n(?!\[).*)*\n?", re.MULTILINE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIGURES = (
    "0",
    "-1",
    "1",
    "2",
    "7",
    "12",
    "13",
    "100",
    "366",
    "9999",
    "999999",
    "1e6",
    "-0.0",
    "0.0000001",
    "0.5",
    "inf",
    "nan",
    "0x7fffffff",
    "9" * 25,
    "9" * 6000,
    "1_000",
    "3.999",
    "1979-05-27",
    "true",
    '"3"',
)
_LINES = (
    "x = " + "[" * 11 + "]" * 11,
    "x = " + "[" * 5000 + "]" * 5000,
    "x = {" + "a={" * 3000,
    ".".join("abc") + " = 1",
    ".".join(["a"] * 20_000) + " = 1",
    "[[dimensions]]",
    "[[dimensions.items]]",
    "[[indicators]]",
    "[[classes]]",
    "[[periods]]",
    "[fallback]",
    "[x.y.z]",
    'version = "2"',
    "weight = 100",
    "max = 0",
    "full = 0",
    "zero = 0",
    "points = -5",
    'id = "D1"',
    'name = ""',
    "min_samples = 0",
    "since = 1999-01-01",
    "x = 07:61:00",
    "x = '''",
    'title = "' + "长" * 5000 + '"',
    "\0",
    "\ufeff",
    'x = "\\ud800"',
)


class Standards(Kind):
    """Editions added at headquarters and used at once: scores, overview, race."""

    patience_s = 30

    @classmethod
    def found(cls, shared: Path) -> dict[str, str]:
        made = samples.found(shared)
        (shared / "about.json").write_text(json.dumps([branch.code for branch in made.branches]))
        return {}

    def __init__(self, shared: Path, own: Path) -> None:
        super().__init__(shared, own)
        self._store = samples.opened(samples.copied(shared, samples.HEADQUARTERS, own / "hq"))
        self._branch = HeadquartersService(self._store).overview()[0].branch_id
        with self._store.reading() as session:
            self._kept = set(session.scalars(select(StandardPack.id)))

    def case(self, dice: Random) -> str:
        name = dice.choice(FILES)
        text = resource(f"standards/{name}.toml").read_text("utf-8")
        self.what = name
        text = re.sub(r'(?m)^version = ".*"$', f'version = "{dice.randint(9000, 9999)}"', text, count=1)
        for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
            text = self._changed(dice, text)
        service = StandardService(self._store)
        try:
            service.add_edition(text, f"{name}.toml")
        except (PackInvalid, Conflict) as error:
            return REFUSED + error.code
        try:
            service.score(branch_id=self._branch)
            service.ready(self._store.today.replace(month=12), branch_id=self._branch)
            overview = HeadquartersService(self._store).overview()
            assert not any(row.broken for row in overview), "a branch is broken"
            RaceService(self._store).race(samples.EARLIER)
            RaceService(self._store).race(samples.PERIOD)
        finally:
            with self._store.sessions.begin() as session:
                session.execute(delete(StandardPack).where(StandardPack.id.not_in(self._kept)))
        return ACCEPTED

    def _changed(self, dice: Random, text: str) -> str:
        kind = dice.randrange(12)
        if kind <= 3:
            return self._put(dice, text, _NUMBER, dice.choice(_FIGURES))
        if kind == 4:
            return self._put(
                dice, text, _TEXT, json.dumps(dice.choice(hostile.NAMES + hostile.WORDS), ensure_ascii=False)
            )
        if kind == 5:
            return self._put(dice, text, _DAY, dice.choice(hostile.DAYS))
        if kind == 6:  # a value of somewhere else
            return self._put(dice, text, _VALUE, dice.choice(_VALUE.findall(text) or ["1"]))
        if kind == 7:
            return self._put(dice, text, _LINE, "")
        if kind == 8:
            return self._put(dice, text, _LINE, dice.choice(_LINES) + "\n")
        if kind == 9:
            line = dice.choice(_LINE.findall(text) or ["\n"])
            return self._put(dice, text, _LINE, line * dice.choice((1, 2)))
        if kind == 10:  # a table left out, or said twice, or in another's place
            blocks = _BLOCK.findall(text) or [""]
            return self._put(dice, text, _BLOCK, dice.choice(("", dice.choice(blocks), dice.choice(blocks) * 2)))
        self.what += "; slips of bytes"
        return hostile.slips(dice, text.encode()).decode("utf-8", "replace")

    def _put(self, dice: Random, text: str, pattern: re.Pattern[str], new: str) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        place = dice.choice(found)
        line = text.count("\n", 0, place.start()) + 1
        self.what += f"; line {line}: {place[0][:60]!r} -> {new[:60]!r}"
        return text[: place.start()] + new + text[place.end() :]
