"""The way back into a store by the printed recovery code, which stands for a forgotten password."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.models.vocabulary.stores import Use
from desktop.services.access.interim import end_interim
from desktop.services.access.users import UserService
from desktop.services.clock import Clock, now
from desktop.services.opening import open_store
from desktop.services.security.passwords import Cost, check_password

if TYPE_CHECKING:
    from desktop.services.store import Store


def recover(
    folder: Path, login: str | None, recovery_code: str, password: str, *, clock: Clock = now, cost: Cost | None = None
) -> "Store":
    """Open the store in `folder` by its recovery code and give `login` a new password, noted in the trail as such.

    The paper opens everything, but who goes on working is `login`: with the roles of that user, and no more.

    Raises:
        InvalidInput: the password is too weak.
        NotFound: nobody logs in by that name.
        OnlyLooked: the disk takes nothing more.
        VaultError, StoreBusy, StorageFailure: as `open_store`.
    """
    check_password(password)
    store = open_store(folder, login=login, recovery_code=recovery_code, clock=clock)
    try:
        store.require_writable()
        store.vault.change_password(store.key, store.actor, password, cost)
        store.audit(Use.RECOVER, store.actor)
        end_interim(store, store.actor)
        store.rights = UserService(store).rights_of(store.actor)
    except BaseException:
        store.close()
        raise
    return store
