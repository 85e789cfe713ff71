"""What people or files wrote, quoted in a message: enough to be recognised, never more than fits a line."""

LONGEST_QUOTE = 30


def quoted(text: object) -> str:
    """Return `text` in Chinese quotation marks on one line, cut where it is long: “第一段很长的…”."""
    return f"“{shortened(text)}”"


def shortened(text: object) -> str:
    """Return `text` on one line, cut where it is longer than a quotation may be."""
    words = " ".join(str(text).split())
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1] + "…"
