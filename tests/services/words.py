"""The proof that nothing written by a store can be read without its key."""

from collections.abc import Iterable
from pathlib import Path

_SHORTEST = 2


def files_with(words: Iterable[str], *folders: Path) -> list[str]:
    """Return `file: word` for every file below `folders` that shows one of `words`, in its name or in its bytes.

    Looked for as UTF-8, UTF-16 and GB 18030 and as JSON escapes. Leave out words that the program itself must write,
    such as the log-in name.
    """
    found = []
    needles = {needle: word for word in words if len(word) >= _SHORTEST for needle in _spellings(word)}
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            content = path.read_bytes()
            for needle, word in needles.items():
                if word in path.name or needle in content:
                    found.append(f"{path.relative_to(folder)}: {word}")
    return sorted(set(found))


def _spellings(word: str) -> set[bytes]:
    escaped = word.encode("unicode_escape") if not word.isascii() else word.encode()
    spellings = {word.encode("utf-8"), word.encode("gb18030"), word.encode("utf-16-le"), escaped}
    # Two bytes turn up in any long random file; a spelling that short proves nothing.
    return {spelling for spelling in spellings if len(spelling) > 4}
