"""Made-up entries of the race for its tests."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from desktop.services.race.scheme import Scheme, default_scheme
from desktop.services.race.scoring import Entry, Reading
from desktop.services.race.standings import Standing, standings

SCHEME = default_scheme()
FILE = Path("resources/standards/horse_race.toml").read_text(encoding="utf-8")
PARTS = {part.id: part for indicator in SCHEME.indicators for part in indicator.parts}

# name: H1 … H7 as the clerk has them; H3 as the share of its points, the same in all three parts
LEAF = {
    "南岭县站": (94.6, 93, 0.93, 0.94, 3.5, 0.98, 0.94),
    "清溪县站": (93.0, 92, 0.92, 0.93, 3.5, 0.94, 0.93),
    "石桥县站": (91.8, 91, 0.90, 0.92, 3.25, 0.92, 0.92),
    "云河县站": (84.2, 88, 0.86, 0.90, 3.5, 0.79, 0.92),
    "白塔县站": (82.5, 87, 0.84, 0.89, 3, 0.78, 0.90),
    "柳湖县站": (80.9, 88, 0.80, 0.90, 2.5, 0.74, 0.86),
    "望山县站": (78.4, 84, 0.78, 0.87, 2.5, 0.72, 0.85),
    "金坪县站": (77.0, 83, 0.75, 0.86, 2.25, 0.66, 0.84),
    "松台县站": (66.3, 76, 0.58, 0.80, 1.5, 0.48, 0.74),
}
EXPECTED = {
    "南岭县站": ("92.53", 1, "advanced"),
    "清溪县站": ("89.89", 2, "advanced"),
    "石桥县站": ("86.99", 3, "advanced"),
    "云河县站": ("78.62", 4, "middle"),
    "白塔县站": ("74.82", 5, "middle"),
    "柳湖县站": ("71.37", 6, "middle"),
    "望山县站": ("66.36", 7, "middle"),
    "金坪县站": ("62.61", 8, "lagging"),
    "松台县站": ("41.51", 9, "lagging"),
}


def at_share(key: str, share: object) -> Decimal:
    """The value of a part that brings `share` of its points."""
    part = PARTS[key]
    return part.zero + (part.full - part.zero) * Decimal(str(share))


def entry(name: str, values: tuple[float, ...], group: str = "leaf") -> Entry:
    h1, h2, h3, h4, h5, h6, h7 = (Decimal(str(value)) for value in values)
    readings = {"H1": h1, "H2": h2, "H4": h4, "H5": h5, "H6": h6, "H7": h7}
    readings |= {key: at_share(key, h3) for key in ("H3-1", "H3-2", "H3-3")}
    return Entry(
        branch=name,
        name=name,
        group=group,
        readings={k: Reading(v, 30 if k == "H4" else None) for k, v in readings.items()},
    )


def flat(name: str, share: object, group: str = "mixed", **other: object) -> Entry:
    """A branch that has `share` of the points of everything."""
    values = {key: Reading(at_share(key, share), 30) for key in PARTS}
    return replace(Entry(branch=name, name=name, group=group, readings=values), **other)  # type: ignore[arg-type]


def by_name(rows: list[Standing]) -> dict[str, Standing]:
    return {row.name: row for row in rows}


def without(base: Entry, *parts: str) -> Entry:
    return replace(base, readings={k: v for k, v in base.readings.items() if k not in parts})


def classes(*shares: str, scheme: Scheme = SCHEME) -> str:
    rows = by_name(standings(scheme, [flat(f"{i:02}", share) for i, share in enumerate(shares)]))
    return "".join({"advanced": "a", "middle": "m", "lagging": "l"}[rows[name].class_id] for name in sorted(rows))


shares = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
some_readings = st.dictionaries(st.sampled_from(sorted(PARTS)), shares)


@st.composite
def fields(draw: st.DrawFn) -> list[Entry]:
    count = draw(st.integers(1, 9))
    entries = []
    for index in range(count):
        full: Mapping[str, Decimal] = {key: draw(shares) for key in PARTS}
        dropped = draw(st.sets(st.sampled_from(sorted(PARTS)), max_size=2))
        entries.append(
            Entry(
                branch=str(index),
                name=f"支部{index}",
                group=draw(st.sampled_from([group.id for group in SCHEME.groups])),
                readings={k: Reading(at_share(k, s), 30) for k, s in full.items() if k not in dropped},
                penalties=draw(st.dictionaries(st.sampled_from(["P-01", "P-04"]), st.integers(0, 3), max_size=1)),
                vetoes=draw(st.frozensets(st.sampled_from(["V-01", "V-02"]), max_size=1)),
            )
        )
    return entries
