"""Who worked last in a store on this computer, for the log-in: a digest, so that no name lies outside the data."""

import hashlib
from collections.abc import Sequence

from desktop.ui import theme


def note_last(vault_id: str, login: str) -> None:
    """Remember that `login` came into the store of this vault."""
    theme.settings().setValue(f"last_login/{vault_id}", _digest(vault_id, login))


def last_of(vault_id: str, logins: Sequence[str]) -> str | None:
    """Return who of `logins` came in last, None if that is nobody of them."""
    known = theme.settings().value(f"last_login/{vault_id}")
    return next((login for login in logins if _digest(vault_id, login) == known), None)


def _digest(vault_id: str, login: str) -> str:
    return hashlib.sha256(f"{vault_id}\n{login}".encode()).hexdigest()[:32]
