"""The catalogues of the interface: one text file for each language, `locale/<language>/LC_MESSAGES/django.po`.

What gettext reads is compiled from it, and is in no repository: whichever process starts first after the text changed
compiles it, beside the text if it may. A compiled file has the time of change of the text that it was made from.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, generate_po, read_po
from django.conf import settings
from django.utils.translation import to_locale

log = logging.getLogger(__name__)
ALIKE = 0.75  # from here on, a message that is new is taken for one that is gone, changed

# Nothing in it changes by itself, so that a new message changes the lines of this message alone.
HEADER = """\
# The interface of Diplopedia in {name}. `make words` keeps it up to date; docs/translating.md says how.
msgid ""
msgstr ""
"Language: {catalogue.locale_identifier}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {catalogue.plural_forms}\\n"

"""


def folder() -> Path:
    """Where the catalogues are."""
    return Path(settings.LOCALE_PATHS[-1])


def data_folder() -> Path:
    """Where compiled catalogues are kept if they may not be beside their texts, as where the code belongs to root."""
    return Path(settings.LOCALE_PATHS[0])


def texts() -> list[Path]:
    """The text of every language there is."""
    return sorted(folder().glob("*/LC_MESSAGES/django.po"))


def text_of(language: str) -> Path:
    """Where the text of a language, such as `pt-br`, is or would be. Raises UnknownLocaleError, ValueError."""
    return folder() / str(Locale.parse(to_locale(language))) / "LC_MESSAGES" / "django.po"


def read(text: Path) -> Catalog:
    """Return a catalogue; one that is not there yet is empty. Raises PoFileError where it is no catalogue."""
    language = text.parts[-3]
    if not text.exists():
        return Catalog(locale=language)
    with text.open("rb") as lines:
        return read_po(lines, locale=language, abort_invalid=True)


def update(text: Path, messages: Catalog) -> Catalog:
    """Bring a catalogue to these messages, keep its translations, and return it.

    A message that was changed in the code keeps its old translation, marked as fuzzy: nobody sees it until somebody
    has looked at it and removed the mark.
    """
    catalogue = read(text)
    catalogue.update(messages, no_fuzzy_matching=True)
    gone = {said(old): old for old in catalogue.obsolete.values() if old.string}
    for message in catalogue:
        if message.id and not message.string and (near := get_close_matches(said(message), gone, 1, ALIKE)):
            take_over(message, gone[near[0]])
    written = HEADER.format(name=catalogue.locale.english_name, catalogue=catalogue) + "".join(
        generate_po(
            catalogue,
            omit_header=True,
            ignore_obsolete=True,
            include_lineno=False,
            include_previous=True,
            sort_by="location",
            width=0,
        )
    )
    text.parent.mkdir(parents=True, exist_ok=True)
    if not text.exists() or text.read_text() != written:
        put(text, written.encode())
    return catalogue


def said(message: Message) -> str:
    """What the code says; of one that is counted, for one."""
    return message.id if isinstance(message.id, str) else message.id[0]


def take_over(message: Message, old: Message) -> None:
    """Give a message the words of one that it was made from, to be looked at."""
    if isinstance(message.id, str) == isinstance(old.id, str):
        message.string, message.previous_id = (
            old.string,
            [old.id] if isinstance(old.id, str) else list(old.id),
        )
        message.flags.add("fuzzy")


def lacking(catalogue: Catalog) -> Iterator[Message]:
    """The messages without a translation that counts: none, one of the plural's forms, or not looked at."""
    for message in catalogue:
        if message.id and not is_said(message):
            yield message


def is_said(message: Message) -> bool:
    """Whether a message has its words, in each of its forms."""
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(forms) and all(forms) and not message.fuzzy


def compile_all() -> list[Path]:
    """Compile what was changed since it was compiled; a look at a few files for each language where nothing was.

    Several processes may do this at once: a file takes its place whole. Returns the texts that are no catalogue, as
    after a merge that somebody left half done: what was compiled of them before stays, and no command dies of it.
    """
    broken = []
    for text in texts():
        time = text.stat().st_mtime_ns
        beside, kept = (
            text.with_suffix(".mo"),
            (data_folder() / text.relative_to(folder())).with_suffix(".mo"),
        )
        if is_of(beside, time):
            with suppress(OSError):  # whoever runs this may have no business among the site's data
                kept.unlink(missing_ok=True)  # it would be read first
        elif not is_of(kept, time):
            try:
                compile_one(text, beside, kept)
            except (PoFileError, UnicodeDecodeError) as error:
                log.warning("%s cannot be read, so its words stay as they were: %s", text, error)
                broken.append(text)
    return broken


def is_of(compiled: Path, time: int) -> bool:
    """Whether a compiled file is of the text with this time of change."""
    with suppress(OSError):
        return compiled.stat().st_mtime_ns == time
    return False


def compile_one(text: Path, beside: Path, kept: Path) -> None:
    """Compile a catalogue beside its text, or among the site's data where its own folder may not be written to.

    Where neither may, the site starts all the same, and the log says what lacks. Raises PoFileError.
    """
    time, content = text.stat().st_mtime_ns, binary(read(text))
    try:
        put(beside, content, time)
        with suppress(OSError):
            kept.unlink(missing_ok=True)
    except OSError:
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            put(kept, content, time)
        except OSError as error:
            log.warning(
                "%s could not be compiled, so words of this language are missing: %s. "
                "Run, as whoever may write there: manage.py words --compile",
                text,
                error,
            )


def binary(catalogue: Catalog) -> bytes:
    """What gettext reads. Messages without words are left out: those of Django and Wagtail may have some."""
    for message in list(lacking(catalogue)):
        catalogue.delete(message.id, message.context)
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def put(path: Path, content: bytes, time: int | None = None) -> None:
    """Write a file whole, readable by all, with a time of change in nanoseconds. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
        draft.chmod(0o644)
        if time is not None:
            os.utime(draft, ns=(time, time))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
