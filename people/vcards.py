"""A colleague as a contact (vCard 4.0, RFC 6350)."""

from __future__ import annotations

from people.models import Profile
from people.presenting import place_of

LONGEST = 75  # bytes of a line


def vcard(profile: Profile, url: str) -> str:
    """The text of a .vcf file; lines end as the standard asks."""
    user = profile.user
    names = [user.last_name, user.first_name] if user.last_name else profile.sort_name.partition(", ")[::2]
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_text(profile.name)}"]
    lines.append("N:" + ";".join([*(_text(name) for name in names), "", "", ""]))
    optional = [
        ("TITLE", profile.title),
        ("ORG", place_of(profile)),
        ("EMAIL;TYPE=work", user.email),
        ("TEL;TYPE=work", profile.phone),
        ("TZ", profile.timezone),
    ]
    lines += [f"{name}:{_text(value)}" for name, value in optional if value]
    lines += [f"URL:{url}", "END:VCARD", ""]
    return "\r\n".join(_folded(line) for line in lines)


def _text(value: str) -> str:
    """A value as the standard writes it: what would end it or start another is escaped."""
    plain = "".join(" " if ord(letter) < ord(" ") and letter != "\n" else letter for letter in value)
    for special in ("\\", ",", ";"):
        plain = plain.replace(special, f"\\{special}")
    return plain.replace("\n", "\\n")


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
