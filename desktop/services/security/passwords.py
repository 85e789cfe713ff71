"""Passwords: what may be one, what it costs to try one, and how long the next try has to wait."""

import math
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import pairwise

from desktop.paths import resource
from desktop.services.errors import Input, InvalidInput

PASSWORD = Input("password", "密码")
TYPED_APART = "两次输入的密码不一样"

MIN_PASSWORD = 8
COMMON_PASSWORDS = "security/common_passwords.txt"

M_KIB, T, P = (19 * 1024, 1024 * 1024), (1, 10), (1, 8)
"""The least and the most of each parameter of a cost."""
LONG_ENOUGH_S = 0.3
SALT_BYTES = 16

_FREE_FAILURES = 5
_LONGEST_WAIT_S = 60


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id parameters. Read from files only within bounds, so that no vault can exhaust the memory."""

    m_kib: int
    t: int
    p: int

    def __post_init__(self) -> None:
        for value, (low, high) in ((self.m_kib, M_KIB), (self.t, T), (self.p, P)):
            if type(value) is not int or not low <= value <= high:
                raise ValueError("cost out of bounds")


FIRST_COST = Cost(m_kib=64 * 1024, t=3, p=4)


def calibrated(measure: Callable[[Cost], float] | None = None) -> Cost:
    """Return the cost for new slots: more rounds until one guess takes about a third of a second on this machine.

    `measure` returns the seconds one derivation takes.
    """
    measure = measure or _seconds
    cost = FIRST_COST
    took = measure(cost)
    while took < LONG_ENOUGH_S and cost.t < T[1]:
        cost = replace(cost, t=min(T[1], max(cost.t + 1, round(cost.t * LONG_ENOUGH_S / max(took, 0.001)))))
        took = measure(cost)
    return cost


def _seconds(cost: Cost) -> float:
    start = time.perf_counter()
    password_key("calibration", bytes(SALT_BYTES), cost)
    return time.perf_counter() - start


def password_key(password: str, salt: bytes, cost: Cost) -> bytes:
    """Return the 32 bytes Argon2id makes of a password, the same for full-width and half-width letters."""
    from argon2.low_level import Type, hash_secret_raw

    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        secret, salt, time_cost=cost.t, memory_cost=cost.m_kib, parallelism=cost.p, hash_len=32, type=Type.ID
    )


class Strength(StrEnum):
    """How hard a password is to guess."""

    REFUSED = "不能用"
    WEAK = "弱"
    FAIR = "中"
    STRONG = "强"


_FAIR_BITS, _STRONG_BITS = 40, 60
_POOLS: tuple[tuple[Callable[[str], bool], int], ...] = (
    (lambda sign: sign.isdigit(), 10),
    (lambda sign: "a" <= sign <= "z", 26),
    (lambda sign: "A" <= sign <= "Z", 26),
    (lambda sign: "一" <= sign <= "鿿", 500),
    (lambda sign: not sign.isalnum(), 32),
)
"""From how many signs people choose, by the signs they chose."""


def strength(password: str) -> tuple[Strength, str]:
    """Return how strong a password is, and why it is refused or what would make it stronger.

    A sign that repeats the one before, or goes on from it (12345, abcd), counts for little.
    """
    try:
        check_password(password)
    except InvalidInput as refused:
        return Strength.REFUSED, refused.reason
    text = unicodedata.normalize("NFKC", password)
    pool = sum(size for belongs, size in _POOLS if any(map(belongs, text)))
    surprising = 1 + sum(0.25 if 0 <= abs(ord(after) - ord(before)) <= 1 else 1 for before, after in pairwise(text))
    bits = min(surprising, 2.0 * len(set(text))) * math.log2(max(pool, 2))
    if bits < _FAIR_BITS:
        return Strength.WEAK, "再长一些，不要用生日、电话和连着的数字"
    if bits < _STRONG_BITS:
        return Strength.FAIR, "再加两三个字符就强了"
    return Strength.STRONG, "请记住它"


def check_password(password: str) -> None:
    """Refuse what anybody would guess.

    Raises:
        InvalidInput: shorter than eight characters, or among the commonest passwords.
    """
    text = unicodedata.normalize("NFKC", password)
    if len(text) < MIN_PASSWORD:
        raise InvalidInput(PASSWORD, f"至少{MIN_PASSWORD}个字符")
    if text.casefold() in _common_passwords():
        raise InvalidInput(PASSWORD, "过于常见，容易被猜中")


@cache
def _common_passwords() -> frozenset[str]:
    lines = resource(COMMON_PASSWORDS).read_text(encoding="utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


def delay_seconds(failures: int) -> int:
    """Return how long to wait before the next try: nothing for the first four failures, then 2, 4, 8 … 60 seconds.

    A courtesy against idle guessing at the keyboard; against a copied file only the cost of Argon2 helps.
    """
    if failures < _FREE_FAILURES:
        return 0
    return int(min(_LONGEST_WAIT_S, 2.0 ** min(failures - _FREE_FAILURES + 1, 10)))
