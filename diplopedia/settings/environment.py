"""What the environment says, checked at start: a wrong value names the variable and shows a right one."""

import math
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from people import ilr

ROOT = Path(__file__).resolve().parents[2]
ELASTICSEARCH = {"elasticsearch+http", "elasticsearch+https"}
# What Elasticsearch takes as the beginning of a name of an index.
PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
SEARCH_EXAMPLES = (
    "For example: SEARCH_URL=tantivy:///srv/diplopedia/search or "
    "SEARCH_URL=elasticsearch+https://user:password@search.example.org:9200/diplopedia"
)


def text(name: str, default: str = "") -> str:
    """Return the variable, stripped, or the default."""
    return os.environ.get(name, default).strip()


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without empty items."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def flag(name: str, default: bool) -> bool:
    """Return a yes/no variable. Raises ImproperlyConfigured for anything else."""
    value = text(name).lower()
    if value in {"", "1", "yes", "true", "on", "0", "no", "false", "off"}:
        return default if not value else value in {"1", "yes", "true", "on"}
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no. Use {name}=yes or {name}=no.")


def number(name: str, default: int, least: int = 0) -> int:
    """Return a whole number, from the least on. Raises ImproperlyConfigured for anything else."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        wanted = f"a whole number from {least} on" if least else "a whole number"
        raise ImproperlyConfigured(f"{name}={value!r} is not {wanted}. For example: {name}={default}")
    return int(value)


def seconds(name: str, default: float) -> float:
    """Return a time in seconds, longer than none. Raises ImproperlyConfigured for anything else."""
    value = text(name, str(default))
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise ImproperlyConfigured(
            f"{name}={value!r} is not a time in seconds. For example: {name}={default}"
        )
    return found


def choice(name: str, default: str, *others: str) -> str:
    """Return one of a few words. Raises ImproperlyConfigured for anything else."""
    value = text(name).lower() or default
    if value not in {default, *others}:
        listed = " or ".join(f"{name}={word}" for word in sorted({default, *others}))
        raise ImproperlyConfigured(f"{name}={value!r} is not understood. Use {listed}.")
    return value


def levels(name: str, default: str) -> str:
    """Return ILR levels for speaking and reading: "3/3". Raises ImproperlyConfigured for anything else."""
    value = text(name) or default
    try:
        ilr.levels(value)
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name}={value!r}: {wrong} For example: {name}={default}") from wrong
    return value


def data_dir() -> Path:
    """Return the folder of database, uploads and index, made if need be."""
    folder = Path(text("DATA_DIR", str(ROOT / "var"))).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR={str(folder)!r} cannot be used: {error.strerror}. "
            "Name a folder this user may write to, for example DATA_DIR=/srv/diplopedia."
        ) from error
    if not os.access(folder, os.W_OK):
        raise ImproperlyConfigured(
            f"DATA_DIR={str(folder)!r} is not writable. Name a folder this user may write to."
        )
    return folder


def site_url() -> str:
    """Return the site's own address, without a slash at its end. Raises ImproperlyConfigured unless it is one."""
    url = text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
    try:
        parts = urlsplit(url)
        named = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port beyond all ports
        named = False
    if not named or url != f"{parts.scheme}://{parts.netloc}":
        raise ImproperlyConfigured(
            f"SITE_URL={url!r} is not the address of a site. For example: SITE_URL=https://wiki.example.org"
        )
    return url


def database(folder: Path) -> dict[str, Any]:
    """Return Django's database settings: SQLite in the data folder unless DATABASE_URL names another."""
    url = text("DATABASE_URL") or f"sqlite:///{folder / 'diplopedia.sqlite3'}"
    try:
        if urlsplit(url).scheme not in {"sqlite", "postgres", "postgresql"}:
            raise ValueError("it begins with neither sqlite:/// nor postgres://")
        settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL is not understood: {str(error).rstrip('.')}. For example: "
            "DATABASE_URL=postgres://user:password@host:5432/diplopedia"
        ) from error
    if settings["ENGINE"].endswith("sqlite3"):
        settings["CONN_MAX_AGE"] = 0
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;",
        }
    else:
        # Threads keep their connections; one that died meanwhile is replaced before it is used.
        settings["CONN_HEALTH_CHECKS"] = True
        # A server that is gone is noticed in seconds, and whoever waits for a row is told as SQLite tells them.
        patience = {"connect_timeout": 5, "options": "-c lock_timeout=30s"}
        settings["OPTIONS"] = patience | settings.get("OPTIONS", {})
    return settings


def search_url(folder: Path) -> str:
    """Return where the search engine is. Raises ImproperlyConfigured for what no engine serves."""
    url = text("SEARCH_URL") or f"tantivy://{folder / 'search'}"
    parts = urlsplit(url)
    if parts.scheme in ELASTICSEARCH:
        check_elasticsearch(parts)
    elif parts.scheme != "tantivy":
        raise ImproperlyConfigured(f"SEARCH_URL begins with neither of what we know. {SEARCH_EXAMPLES}")
    elif parts.netloc or len(parts.path) < 2:
        raise ImproperlyConfigured(
            f"SEARCH_URL={url!r} does not name a folder. Write tantivy:// and then its whole path. "
            f"{SEARCH_EXAMPLES}"
        )
    return url


def check_elasticsearch(parts: SplitResult) -> None:
    """Raise ImproperlyConfigured unless this names a server, a port and a prefix. Says no password."""
    try:
        complete = bool(parts.hostname and parts.port)
    except ValueError:  # a port beyond all ports
        complete = False
    if not complete:
        raise ImproperlyConfigured(f"SEARCH_URL names no host with its port. {SEARCH_EXAMPLES}")
    if not PREFIX.fullmatch(parts.path.strip("/")) or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            "SEARCH_URL must end with one name in small letters, which the names of all our indexes begin with. "
            f"{SEARCH_EXAMPLES}"
        )
    if parts.username and text("SEARCH_API_KEY"):
        raise ImproperlyConfigured(
            "SEARCH_API_KEY is set, and SEARCH_URL names a user: only one of them can sign in. Remove the other."
        )
    if parts.username and not parts.password:
        raise ImproperlyConfigured(f"SEARCH_URL names a user without a password. {SEARCH_EXAMPLES}")


def search_drain(url: str) -> str:
    """Return who hands changes to the engine: whoever saves, at once (`commit`), or `manage.py index_worker`."""
    if urlsplit(url).scheme in ELASTICSEARCH:
        return choice("SEARCH_DRAIN", "worker", "commit")
    return choice("SEARCH_DRAIN", "commit", "worker")


def certificates(name: str) -> str:
    """Return the path of a file of certificates, or nothing. Raises ImproperlyConfigured if it cannot be read."""
    path = text(name)
    if path and not os.access(path, os.R_OK):
        raise ImproperlyConfigured(
            f"{name}={path!r} cannot be read. Name the file with the certificate of the authority that signed the "
            f"server's, in PEM format, for example {name}=/etc/ssl/certs/ministry.pem"
        )
    return path


def email(url: str) -> dict[str, Any]:
    """Return Django's e-mail settings for `console:`, `smtp://…`, `smtps://…`. Raises ImproperlyConfigured."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(
            f"EMAIL_URL={url!r} is not understood. For example: smtps://user:password@host:465"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": parts.username or "",
        "EMAIL_HOST_PASSWORD": parts.password or "",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }


def cache(url: str) -> dict[str, Any]:
    """Return Django's cache settings for `locmem:` or `redis://host:port/n`. Raises ImproperlyConfigured."""
    scheme = urlsplit(url).scheme
    if scheme == "locmem":
        # Mostly articles as they were shown, of some 20 KB each.
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 1000},
        }
    if scheme in {"redis", "rediss"}:
        # A server that does not answer is given up on soon: the site goes on without it.
        patience = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
        return {"BACKEND": "diplopedia.shared_cache.SharedCache", "LOCATION": url, "OPTIONS": patience}
    if scheme == "db":
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache_table",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    raise ImproperlyConfigured(
        f"CACHE_URL={url!r} is not understood. For example: redis://127.0.0.1:6379/1 or locmem:"
    )
