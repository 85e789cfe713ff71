"""What an open store needs is imported while the password is typed: on the worker, one part after another."""

from importlib import import_module

from desktop.services.progress import Progress

PARTS = (
    "argon2.low_level",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "sqlalchemy.orm",
    "sqlalchemy.dialects.sqlite.pysqlcipher",
    "desktop.services.opening",
    "desktop.services.access.users",
    "desktop.services.home",
    "desktop.ui.main_window",
    "desktop.ui.home",
)


def bring_ahead(progress: Progress) -> None:
    """Import what opening a store would import; between the parts it may be told to stop."""
    for number, name in enumerate(PARTS):
        progress(number, len(PARTS))
        import_module(name)
    from desktop.services.opening import get_ready

    get_ready()
