"""How amounts, rates and months of dues are written."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from desktop.models.dues import WHOLE_PPM, PayPart

CAPITALS = "零壹贰叁肆伍陆柒捌玖"
"""Digits as they are written where nobody may change them."""
_GROUP = 10_000


def yuan(fen: int | None) -> str:
    """Return an amount in yuan with two places, empty for none: 126.30."""
    return "" if fen is None else f"{Decimal(fen) / 100:.2f}"


def grouped(fen: int | None) -> str:
    """Return an amount as `yuan`, thousands apart: 1,422.30."""
    return "" if fen is None else f"{Decimal(fen) / 100:,.2f}"


def in_capitals(fen: int) -> str:
    """Return an amount as receipts have it (大写): 壹佰贰拾陆元叁角整, 壹仟零伍元零捌分."""
    yuan_, rest = divmod(fen, 100)
    words = f"{_whole(yuan_)}元" if yuan_ else ""
    jiao, last = divmod(rest, 10)
    if jiao:
        words += f"{CAPITALS[jiao]}角"
    elif last and words:
        words += CAPITALS[0]
    if last:
        return f"{words}{CAPITALS[last]}分"
    return f"{words or f'{CAPITALS[0]}元'}整"


def _whole(number: int) -> str:
    """Return a whole number in capitals: groups of four digits, and one 零 for any run of zeros within."""
    if number >= _GROUP:
        high, low = divmod(number, _GROUP)
        between = CAPITALS[0] if 0 < low < _GROUP // 10 else ""
        return f"{_whole(high)}万{between}{_whole(low) if low else ''}"
    words, zeros = "", False
    for place, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // place % 10
        if digit:
            words += (CAPITALS[0] if zeros and words else "") + CAPITALS[digit] + unit
        zeros = not digit
    return words


def fen_of(amount: Decimal) -> int:
    """Return yuan as fen."""
    return int(amount * 100)


def ppm_of(rate: Decimal | None) -> int | None:
    """Return a rate as parts per million."""
    return None if rate is None else int(rate * WHOLE_PPM)


def rate_of(ppm: int | None) -> Decimal | None:
    """Return parts per million as a rate without superfluous zeros: 0.015."""
    return None if ppm is None else (Decimal(ppm) / WHOLE_PPM).normalize()


def percent(ppm: int | None) -> str:
    """Return a rate as people write it, empty for none: 1.5%."""
    return "" if ppm is None else f"{(Decimal(ppm) * 100 / WHOLE_PPM).normalize():f}%"


def pay_words(parts: Iterable[PayPart | Mapping[str, object]]) -> str:
    """Return the parts of pay in one line: 岗位工资 5000.00、减医疗保险 100.00."""
    rows = [part if isinstance(part, PayPart) else _read(part) for part in parts]
    return "、".join(f"{'减' if row.deducted else ''}{row.name} {yuan(row.fen)}" for row in rows)


def _read(part: Mapping[str, object]) -> PayPart:
    fen = part.get("fen")
    return PayPart(str(part.get("name", "")), fen if isinstance(fen, int) else 0, bool(part.get("deducted")))


def months_words(months: Sequence[tuple[int, int]], year: int) -> str:
    """Return months (year, month) in words, neighbours as spans: 6—10月、12月; another year is named."""
    spans: list[list[tuple[int, int]]] = []
    for at in months:
        if spans and _next(spans[-1][-1]) == at and spans[-1][-1][0] == at[0]:
            spans[-1].append(at)
        else:
            spans.append([at])
    return "、".join(_span(span, year) for span in spans)


def _span(span: Sequence[tuple[int, int]], year: int) -> str:
    begins = "" if span[0][0] == year else f"{span[0][0]}年"
    first, last = span[0][1], span[-1][1]
    return f"{begins}{first}月" if first == last else f"{begins}{first}—{last}月"


def _next(at: tuple[int, int]) -> tuple[int, int]:
    year, month = at
    return (year + 1, 1) if month == 12 else (year, month + 1)
