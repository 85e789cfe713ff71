"""The one spelling of JSON that is summed, sealed or signed."""

import json


def canonical(document: object) -> bytes:
    """Return `document` as JSON in UTF-8 with sorted keys, no blanks and no NaN."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")
