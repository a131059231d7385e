"""Articles for people to read without the wiki: Markdown with front matter, pictures as files beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from diplopedia.exporting.sinks import Row
from diplopedia.models import Article

STORED = re.compile(r"(?<=\()(image|document):(\d+)(?=[\s)])")
LONGEST = 180  # bytes of a file name


def name_of(article: Article) -> str:
    """Return the name of an article's file: its address, and where that is too long for a file name, its id."""
    name = article.wiki_slug
    if len(name.encode()) <= LONGEST:
        return name
    return f"{name.encode()[:LONGEST].decode(errors='ignore')}-{str(article.translation_key)[:8]}"


def copy_of(row: Row, last: Row, paths: Mapping[str, str]) -> str:
    """Return an article as its last revision has it, with what it is now."""
    head = {
        "title": row["title"],
        "id": row["id"],
        "language": row["language"],
        "type": row["type"],
        "tags": last["tags"],
        "regions": last["regions"],
        "contacts": last["contacts"],
        "office": row["office"],
        "facts": dict(sorted(last["facts"].items())),
        "aliases": [name["title"] for name in row["other_names"]],
        "only_for": row["groups"] + row["offices"],
        "verified": row["verified"],
        "author": last["author"],
        "updated": last["at"],
        "revision": last["number"],
    }
    return (
        matter({name: value for name, value in head.items() if value})
        + with_files(last["body"], paths)
        + "\n"
    )


def matter(fields: Mapping[str, object]) -> str:
    """Return front matter."""
    text = yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False, width=100_000)
    return f"---\n{text}---\n\n"


def with_files(body: str, paths: Mapping[str, str]) -> str:
    """Return a text whose pictures and documents are files of the export."""
    return STORED.sub(lambda found: f"../{paths[found[0]]}" if found[0] in paths else found[0], body)
