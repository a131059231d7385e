"""The demonstration content: the files in demo/, and a page for every country. Brought in by the same import."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version

from allauth.account.models import EmailAddress
from django.conf import settings

from diplopedia.importing import lines
from diplopedia.importing.country_pages import Around, country_records
from diplopedia.importing.demo_talk import join_translations, load_threads
from diplopedia.importing.ledger import Ledger
from diplopedia.importing.lines import Broken, Line
from diplopedia.importing.report import Report
from diplopedia.importing.runs import Run
from diplopedia.importing.values import Record, texts
from diplopedia.models import ArticleIndex, SourceRecord
from people.models import Post, User
from search import outbox

FOLDER = settings.BASE_DIR / "demo"
SIGN_INS = ("d001", "d002", "d003", "d004")
PASSWORD = "diplopedia-demo"  # noqa: S105 – published on purpose, for invented people alone
LIBRARIAN = "d002"
WHOLE = ("demo", "whole")
CATALOGUES = ("babel", "pycountry")
# Part of the digest: raise it when the pages of countries are made differently.
EDITION = 1


def digest() -> str:
    """Return a digest of everything the demo is made from."""
    sha = hashlib.sha256(f"{EDITION} {lines.FORMAT}".encode())
    for name in CATALOGUES:
        sha.update(version(name).encode())
    for path in sorted(FOLDER.glob("*.json*")):
        sha.update(path.name.encode() + path.read_bytes())
    return sha.hexdigest()


def is_loaded() -> bool:
    """Whether exactly this demo is here, and whole."""
    kind, source_id = WHOLE
    return SourceRecord.objects.filter(kind=kind, source_id=source_id, digest=digest()).exists()


def load() -> Report:
    """Load what is missing or changed. Stopped at any moment, the next call completes it."""
    run = Run("demo", demo=True)
    found = list(read())
    run.take(found)
    capitals = json.loads((FOLDER / "capitals.json").read_text(encoding="utf-8"))
    pages = country_records(capitals, surroundings(found, run), LIBRARIAN)
    run.take(lines.from_records("countries", pages))
    with outbox.held():
        open_sign_ins(run.ledger)
        join_translations(run, [line for line in found if isinstance(line, Line) and line.kind == "article"])
        load_threads(run, talk())
    run.count_links()
    run.ledger.enter(*WHOLE, ArticleIndex.objects.get(), digest=digest())
    return run.report


def read() -> Iterator[Line | Broken]:
    """Return the lines of all files of the demo."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        yield from lines.read(path)


def talk() -> list[Record]:
    """Return the threads of the demo."""
    path = FOLDER / "talk.json"
    found: list[Record] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def surroundings(found: Iterable[Line | Broken], run: Run) -> dict[str, Around]:
    """Return, by country code, what else the demo has about a country: posts and pages."""
    around: dict[str, Around] = defaultdict(Around)
    for line in found:
        if isinstance(line, Broken):
            continue
        if line.kind == "post":
            post: Post | None = run.post(line.source_id)
            if post and post.country:
                around[post.country.code].posts.append((post.name, post.get_absolute_url()))
        elif line.kind == "article" and "restricted_to" not in line.record:
            title = run.titles.by_id[line.source_id].text
            names = [*texts(line.record, "countries"), *texts(line.record, "regions")]
            for code in {region.code for name in names if (region := run.gazetteer.find(name))}:
                around[code].pages.append(title)
    for place in around.values():
        place.pages.sort()
    return around


def open_sign_ins(ledger: Ledger) -> None:
    """Give the people of the demo's sign-ins the password that is printed."""
    for user in sign_ins(ledger):
        if not user.check_password(PASSWORD):
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])


def sign_ins(ledger: Ledger) -> list[User]:
    """Return the people one may sign in as, in the order in which they are shown."""
    pks = [pk for source_id in SIGN_INS if (pk := ledger.pk("staff", source_id))]
    users = User.objects.select_related("profile").in_bulk(pks)
    return [
        users[pk]
        for pk in pks
        if pk in users and EmailAddress.objects.filter(user=pk, verified=True).exists()
    ]
