"""The recovery code (恢复码): sixteen random bytes as eight groups of six digits, printed once and typed by hand."""

import re
import unicodedata

from desktop.services.errors import VaultError

KEY_BYTES = 16
RECOVERY_GROUPS = 8
_GROUP_DIGITS = 6
_GROUP_FACTOR = 11  # every single wrong digit and every swap of neighbours breaks divisibility by eleven
_INFO = b"dzb-recovery-v1"


def encode_recovery(key: bytes) -> str:
    """Return 16 bytes as eight groups of six digits, each a multiple of eleven: readable, each checked by itself."""
    values = (int.from_bytes(key[at : at + 2], "big") for at in range(0, 2 * RECOVERY_GROUPS, 2))
    return "-".join(f"{value * _GROUP_FACTOR:0{_GROUP_DIGITS}d}" for value in values)


def recovery_group_is_right(digits: str) -> bool:
    """Tell whether one group, as typed, can be a group of a recovery code."""
    text = unicodedata.normalize("NFKC", digits)
    if not re.fullmatch(rf"[0-9]{{{_GROUP_DIGITS}}}", text):
        return False
    value, rest = divmod(int(text), _GROUP_FACTOR)
    return rest == 0 and value < 1 << 16


def decode_recovery(code: str) -> bytes:
    """Return the 16 bytes of a recovery code, typed with any separators or none, in half or full width.

    Raises:
        VaultError: E-RECOVERY-GROUP; `group` is the number of the first wrong or missing one, from 1.
    """
    text = unicodedata.normalize("NFKC", code)
    groups = re.findall(r"\w+", text)
    if len(groups) == 1:
        groups = [text.strip()[at : at + _GROUP_DIGITS] for at in range(0, len(text.strip()), _GROUP_DIGITS)]
    groups += [""] * (RECOVERY_GROUPS - len(groups))
    for number, group in enumerate(groups, start=1):
        if number > RECOVERY_GROUPS or not recovery_group_is_right(group):
            raise VaultError("E-RECOVERY-GROUP", group=number)
    return b"".join((int(group) // _GROUP_FACTOR).to_bytes(2, "big") for group in groups)


def recovery_key(key: bytes, salt: bytes) -> bytes:
    """Return the 32 bytes that seal the data key, made of the bytes of a recovery code."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, _INFO).derive(key)
