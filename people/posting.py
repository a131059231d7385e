"""Forms that arrive twice: what was done once is not done again."""

from __future__ import annotations

import hashlib

STEM = 31  # characters of a form's own key that are kept


def stem(key: str) -> str:
    """Return a form's own key, whatever the contents it was sent with."""
    return key.partition(".")[0][:STEM]


def key_of(key: str, *contents: object) -> str:
    """Return the key of a form for exactly these contents, at most 64 characters; empty for a form without a key.

    A form sent twice is one change; sent again with another text, after going back in the browser, it is another.
    """
    if not key:
        return ""
    digest = hashlib.sha256(repr(contents).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{stem(key)}.{digest[:32]}"
