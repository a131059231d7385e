"""A colleague as a contact (vCard 4.0, RFC 6350): how to reach them, and in which languages. Never with a photo.

Address books keep it for years, and pass it on: nothing is in it that only its reader may know.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterator

from django.utils.translation import gettext as _

from people import ilr
from people.facts import known
from people.models import Profile, User
from people.presenting import place_of

LONGEST = 75  # bytes of a line
MOST_PREFERRED = 100
LINE_ENDS = frozenset("\u2028\u2029")  # to some programs


def vcard(profile: Profile, url: str, reader: User) -> str:
    """The text of a .vcf file; lines end as the standard asks. The facts were fetched by `people.facts`, impersonally.

    `url` is the address of the profile with its site: by it an address book knows the person again.
    """
    user = profile.user
    names = [user.last_name, user.first_name] if user.last_name else profile.sort_name.partition(", ")[::2]
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"UID:{uuid.uuid5(uuid.NAMESPACE_URL, url).urn}"]
    lines.append(f"FN:{_text(profile.name)}")
    lines.append("N:" + ";".join([*(_text(name) for name in names), "", "", ""]))
    optional = [
        ("TITLE", profile.title),
        ("ORG", place_of(profile)),
        ("EMAIL;TYPE=work", user.email),
        ("TEL;TYPE=work", profile.phone if profile.shares("phone", reader) else ""),
        ("TZ", profile.timezone),
    ]
    lines += [f"{name}:{_text(value)}" for name, value in optional if value]
    lines += _languages(profile)
    lines += [f"URL:{url}", "END:VCARD", ""]
    return "\r\n".join(_folded(line) for line in lines)


def _languages(profile: Profile) -> Iterator[str]:
    """The languages one may write or speak to them in, best first; and all with their levels, as a note."""
    skills = known(profile).languages
    good = [one for one in skills if max(one.speaking, one.reading) >= ilr.PROFESSIONAL]
    for preference, skill in enumerate(good[:MOST_PREFERRED], start=1):
        yield f"LANG;PREF={preference}:{_text(skill.language.tag or skill.language_id)}"
    if skills:
        listed = ", ".join(map(str, skills))
        yield f"NOTE:{_text(_('Languages (ILR, speaks/reads): %(languages)s') % {'languages': listed})}"


def _text(value: str) -> str:
    """A value as the standard writes it: what would end it or start another is escaped."""
    plain = "".join(" " if _ends_line(letter) else letter for letter in value)
    for special in ("\\", ",", ";"):
        plain = plain.replace(special, f"\\{special}")
    return plain.replace("\n", "\\n")


def _ends_line(letter: str) -> bool:
    """Whether a program may take it for the end of a line, or not at all; the one that the standard writes aside."""
    return letter != "\n" and (unicodedata.category(letter) == "Cc" or letter in LINE_ENDS)


def _folded(line: str) -> str:
    """A long line in several, each beginning with a space; characters stay whole."""
    parts, width = [""], 0
    for letter in line:
        size = len(letter.encode())
        if width + size > LONGEST:
            parts.append(" ")
            width = 1
        parts[-1] += letter
        width += size
    return "\r\n".join(parts)
