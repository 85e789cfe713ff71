"""How amounts, rates and months of dues are written."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from desktop.models.dues import WHOLE_PPM, PayPart


def yuan(fen: int | None) -> str:
    """Return an amount in yuan with two places, empty for none: 126.30."""
    return "" if fen is None else f"{Decimal(fen) / 100:.2f}"


def grouped(fen: int | None) -> str:
    """Return an amount as `yuan`, thousands apart: 1,422.30."""
    return "" if fen is None else f"{Decimal(fen) / 100:,.2f}"


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
