"""A folder of Markdown files as lines for `runs.Run`: files first read and translated, then linked to each other."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings

from diplopedia.importing import lines, verbatim
from diplopedia.importing.folders import fields, frontmatter, headings, html, marks
from diplopedia.importing.folders.addresses import Addresses, Place
from diplopedia.importing.folders.linking import Linked, Linker, source_id
from diplopedia.importing.folders.liquid import Liquid
from diplopedia.importing.folders.rules import Meaning, Rules, in_words
from diplopedia.importing.folders.walking import Found, read_text, walk
from diplopedia.importing.lines import Broken, Line
from diplopedia.importing.progress import track
from diplopedia.importing.report import Report
from diplopedia.importing.values import ImportProblem
from diplopedia.markdown import TextTooDeep, TextTooLarge
from diplopedia.markdown.limits import check_size

DATED = re.compile(r"^(\d{4}-\d{2}-\d{2})-(?=.)")
LANGUAGE = re.compile(r"\.([a-z]{2})$")
INDEXES = {"index", "_index", "readme", "home"}


@dataclass
class Page:
    """One file, read: what it says of itself, and its text in our Markdown but for its links."""

    path: str
    stated: fields.Stated
    meaning: Meaning
    text: str
    code: list[str]
    left_out: Counter[str] = field(default_factory=Counter)


def read(root: Path, rules: Rules, report: Report) -> Iterator[Line | Broken]:
    """Return the lines that a folder becomes: pictures and documents, then pages. What is left out is reported."""
    found = walk(root)
    for path, reason in found.refused:
        yield Broken(path, reason, "file")
    pages: list[Page] = []
    for path in track(found.pages, "Reading", len(found.pages)):
        one = read_page(found.root, path, rules)
        if isinstance(one, Page):
            pages.append(one)
        else:
            yield one
    yield from linked(pages, found, rules, report)


def read_page(root: Path, path: str, rules: Rules) -> Page | Broken:
    """Read one file. What cannot be a page is returned as broken, with the reason."""
    try:
        meaning = rules.meaning(path)
        if meaning.skipped:
            return Broken(path, "A rule says that this folder is skipped.", "file")
        given, text = frontmatter.split(read_text(root / path))
        stated = fields.stated(given, rules.facts)
        if stated.draft:
            return Broken(path, "It is marked as a draft.", "file")
        check_size(text)
        return translated(Page(path, stated, meaning, text, []), given, rules)
    except (ImportProblem, TextTooLarge, TextTooDeep) as error:
        return Broken(path, str(error), "file")


def translated(page: Page, given: frontmatter.Fields, rules: Rules) -> Page:
    """Make the text of a page our Markdown but for its links, and find its title."""
    liquid = Liquid(given, rules.words, page.left_out)
    text, page.code = verbatim.aside(liquid.fill(page.text))
    text = html.translate(marks.translate(text, page.left_out), page.left_out)
    heading, rest = headings.title_of(text)
    page.stated.title = page.stated.title or heading or name_of(page.path)
    page.text = rest if heading and headings.is_title(heading, page.stated.title) else text
    page.stated.on = page.stated.on or "".join(DATED.findall(PurePosixPath(page.path).name))
    page.stated.language = page.stated.language or language_of(page.path, rules)
    return page


def name_of(path: str) -> str:
    """Return the title of a page that has none: the name of its file, or of the folder whose index it is."""
    stem = LANGUAGE.sub("", PurePosixPath(path).stem)
    if stem.casefold() in INDEXES and "/" in path:
        stem = PurePosixPath(path).parent.name
    words = in_words(DATED.sub("", stem))
    return words[:1].upper() + words[1:]


def language_of(path: str, rules: Rules) -> str:
    """Return the language that the name of a file ends with, as in `leave.fr.md`, if this site has it."""
    found = LANGUAGE.search(PurePosixPath(path).stem)
    known = dict(settings.WAGTAIL_CONTENT_LANGUAGES)
    return found[1] if found and found[1] in known else rules.language


# --- linking -------------------------------------------------------------------------------------------------------


def linked(pages: list[Page], found: Found, rules: Rules, report: Report) -> Iterator[Line | Broken]:
    """Return the lines of all files that are linked, then of all pages, and report what became of links."""
    addresses = Addresses([place(page) for page in pages], found.files, rules.sites)
    texts = {page.path: link(page, addresses, rules) for page in pages if not page.stated.moved_to}
    users: dict[str, list[str]] = defaultdict(list)
    for path, text in texts.items():
        for name in text.files:
            users[name].append(path)
    owners = {name: paths[0] for name, paths in users.items() if len(paths) == 1 or rules.groups}
    alts = alternatives(texts)
    for name in sorted(users):
        kind = next(text.files[name] for text in texts.values() if name in text.files)
        yield file_line(found.root, name, kind, alts.get(name, ""), rules)
    moved = other_names(pages, addresses)
    for page in pages:
        if page.stated.moved_to:
            yield from moved_away(page, addresses, report)
        else:
            tell(page, texts[page.path], report)
            own = {name for name in texts[page.path].files if owners.get(name) == page.path}
            yield page_line(page, texts[page.path], own, moved[page.path], rules)


def place(page: Page) -> Place:
    """Return a page as others may call it."""
    return Place(
        path=page.path,
        addresses=page.stated.addresses,
        names=[page.stated.title, *page.stated.others],
        sections=headings.sections(page.text),
        moved_to=page.stated.moved_to,
    )


def link(page: Page, addresses: Addresses, rules: Rules) -> Linked:
    """Return the text of a page with links by source id, and its code where it was."""
    done = Linker(addresses, page.path, rules.source).rewrite(headings.without_ids(page.text))
    done.text = verbatim.back(done.text, page.code).strip()
    if page.stated.summary and page.stated.summary[:60].casefold() not in done.text[:400].casefold():
        done.text = f"{page.stated.summary}\n\n{done.text}".strip()
    return done


def alternatives(texts: dict[str, Linked]) -> dict[str, str]:
    """Return the first description of each picture that is not empty."""
    found: dict[str, str] = {}
    for text in texts.values():
        for name, words in text.alternatives:
            if words.strip():
                found.setdefault(name, words)
    return found


def other_names(pages: list[Page], addresses: Addresses) -> dict[str, list[str]]:
    """Return, by path, the titles of files that only lead to it: its other names."""
    names: dict[str, list[str]] = {page.path: [] for page in pages}
    for page in pages:
        target = addresses.find("/" + page.path, page.path) if page.stated.moved_to else None
        if target and target.kind == "page" and target.name in names:
            names[target.name].append(page.stated.title)
    return names


def moved_away(page: Page, addresses: Addresses, report: Report) -> Iterator[Broken]:
    """Report a file that only leads elsewhere: its title is another name, or it is left out."""
    target = addresses.find("/" + page.path, page.path)
    if target.kind == "page":
        report.note(
            page.path, f"only leads to {target.name}: “{page.stated.title}” is another name of that page."
        )
    else:
        yield Broken(
            page.path, f"It only leads to {page.stated.moved_to}, which is no page of this folder.", "file"
        )


def tell(page: Page, text: Linked, report: Report) -> None:
    """Report what was left out of a page, and which of its links lead nowhere."""
    if page.stated.without_place:
        report.note(page.path, f"front matter without a place here: {', '.join(page.stated.without_place)}.")
    if page.left_out:
        parts = (name if number == 1 else f"{name} ×{number}" for name, number in page.left_out.items())
        report.note(page.path, f"left out or made plain words: {', '.join(parts)}.")
    for aim in dict.fromkeys(text.nowhere):
        report.note(page.path, f"link to “{aim}”: there is no such file. It is plain text now.")
    for aim in dict.fromkeys(text.no_section):
        report.note(page.path, f"link to “{aim}”: there is no such section. It leads to the page.")
    report.links.update(text.counts)
    report.links["pictures without a description"] += sum(not words for _name, words in text.alternatives)
    report.links["links that lead nowhere"] += len(text.nowhere)
    report.links["links to missing sections"] += len(text.no_section)


# --- lines ---------------------------------------------------------------------------------------------------------


def page_line(page: Page, text: Linked, own: set[str], names: list[str], rules: Rules) -> Line | Broken:
    """Return the line of a page."""
    stated, meaning = page.stated, page.meaning
    author, *others = [f"{name} ({rules.source})" for name in stated.authors] or [""]
    record: dict[str, Any] = {
        "record": "article",
        "id": source_id(rules.source, page.path),
        "title": stated.title,
        "body": text.text,
        "type": stated.kind or meaning.kind,
        "language": stated.language,
        "tags": [*dict.fromkeys([*stated.tags, *meaning.tags])],
        "regions": [*dict.fromkeys([*stated.regions, *meaning.regions])],
        "aliases": [*dict.fromkeys([*stated.others, *names])],
        "facts": stated.facts,
        "author": author,
        "on": stated.on,
        "imported_as": said(page, others, rules),
        "files": {kind: files_of(text, own, kind, rules) for kind in ("image", "document")},
        "source": {"repo": rules.source, "path": at_source(page.path), "url": stated.source},
        "licence": stated.licence,
    }
    if rules.groups:
        record["restricted_to"] = {"groups": list(rules.groups)}
    return lines.of_record(record, page.path)


def at_source(path: str) -> str:
    """Return the path of a page, or for the index of a folder that of the folder, which tells it from others."""
    here = PurePosixPath(path)
    return str(here.parent) if here.stem.casefold() in INDEXES and "/" in path else path


def said(page: Page, others: list[str], rules: Rules) -> str:
    """Return the summary of the edit that the import makes."""
    also = f" Also by {', '.join(others)}." if others else ""
    return f"Imported from {rules.source}: {page.path}.{also}"


def files_of(text: Linked, own: set[str], kind: str, rules: Rules) -> list[str]:
    """Return the source ids of the files of one kind that are a page's own."""
    return sorted(source_id(rules.source, name) for name in own if text.files[name] == kind)


def file_line(root: Path, name: str, kind: str, alt: str, rules: Rules) -> Line | Broken:
    """Return the line of a picture or document."""
    path = root / name
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Broken(name, f"It cannot be read: {error.strerror}.", "file")
    title = alt or in_words(PurePosixPath(name).stem)
    record = {
        "record": kind,
        "id": source_id(rules.source, name),
        "file": name,
        "sha256": digest,
        "title": title[:250],
        "alt": alt[:250],
        "source": {"repo": rules.source, "path": name},
    }
    return lines.of_record(record, name)
