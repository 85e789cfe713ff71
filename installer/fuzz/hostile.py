"""Values that no form and no program of ours writes, and slips that text and bytes suffer."""

from random import Random

DAYS = (
    "0001-01-01",
    "9999-12-31",
    "1900-01-01",
    "1899-12-31",
    "2099-12-31",
    "2100-01-01",
    "2026-02-30",
    "2026-13-01",
    "26-1-1",
    "2026-10-13",
    "２０２６-01-01",
)
MOMENTS = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00+08:00", "25:61")
NUMBERS = (0, -1, 1, 2**31, 2**62, 2**63, -(2**63) - 1, 10**40, 0.5, -0.0, 1e308, 1e-320, 100.000001, True)
NAMES = (
    "",
    " ",
    "\0",
    "\n",
    "\u202efdp.exe",
    "../../../../etc/cron.d/x",
    "C:\\Windows\\x.exe",
    "CON",
    "=cmd|'/c calc'!A1",
    "'; DROP TABLE members;--",
    "长" * 201,
    "长" * 3000,
    "𠮷野",
    "e\u0301",
    "\ufeff党",
    "a\u200bb",
    "\U0010ffff",
    "\ufffe",
    "<script>",
    "{0}",
    "%s",
    "NULL",
    "张三\r李四",
    "\x1b[31m",
)
IDS = (
    "",
    "1",
    "not-a-uuid",
    "00000000-0000-0000-0000-000000000000",
    "A" * 36,
    "{12345678-1234-5678-1234-567812345678}",
    "12345678123456781234567812345678",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
)
WORDS = (
    "branch_congress",
    "full_member",
    "confirmed",
    "draft",
    "PRESENT",
    "present",
    "unknown",
    "headquarters",
    "2026Q3",
)


def value(dice: Random) -> object:
    """Return any value that JSON carries."""
    kind = dice.randrange(9)
    if kind < 6:
        return dice.choice((DAYS, MOMENTS, NUMBERS, NAMES, IDS, WORDS)[kind])
    if kind == 6:
        return None
    if kind == 7:
        return [value(dice) for _ in range(dice.randrange(4))]
    return {str(dice.choice(WORDS + NAMES[:6])): value(dice) for _ in range(dice.randrange(3))}


def near(dice: Random, former: object) -> object:
    """Return a value of the kind that `former` is, a little beside what it may be; for what is no such kind, any."""
    if isinstance(former, bool) or former is None:
        return value(dice)
    if isinstance(former, int):
        return dice.choice((former + 1, -former, former * 1000, former * 10**9, float(former), f"{former}"))
    if isinstance(former, float):
        return dice.choice((-former, former * 1e12, former / 1e12, int(former)))
    if isinstance(former, str):
        if len(former) == 10 and former[4:5] == "-":
            year = dice.choice((1900, 1921, 1950, 2000, 2020, 2025, 2026, 2027, 2098, 2099))
            return f"{year:04d}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
        return dice.choice((former * 50, former[:-1], former[::-1], former + "\0", former.upper(), former + former[:1]))
    if isinstance(former, list):
        return dice.choice((former * 30, former[:-1], former[::-1], [former], [*former, value(dice)]))
    if isinstance(former, dict):
        return {**former, dice.choice([*former, "x"]): value(dice)}
    return value(dice)


def slips(dice: Random, content: bytes, most: int = 4) -> bytes:
    """Return bytes with a few of them changed, cut out, doubled or put in."""
    data = bytearray(content)
    for _ in range(dice.randint(1, most)):
        at = dice.randrange(len(data) or 1)
        kind = dice.randrange(5)
        if kind < 2 and data:
            data[at] = dice.choice((data[at] ^ (1 << dice.randrange(8)), 0, 0xFF, dice.randrange(256)))
        elif kind == 2:
            del data[at : at + dice.choice((1, 1, 2, 16, 512))]
        elif kind == 3:
            data[at:at] = dice.randbytes(dice.choice((1, 1, 2, 16, 512)))
        else:
            data[at:at] = data[at : at + dice.choice((1, 30, 512))]
    return bytes(data)
