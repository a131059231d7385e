"""What the environment says, checked at start: a wrong value names the variable and shows a right one."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]


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


def number(name: str, default: int) -> int:
    """Return a whole number. Raises ImproperlyConfigured for anything else."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number. For example: {name}={default}")
    return int(value)


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
    return settings


def search_url(folder: Path) -> str:
    """Return where the search engine is. Raises ImproperlyConfigured for a scheme nobody serves."""
    url = text("SEARCH_URL") or f"tantivy://{folder / 'search'}"
    if urlsplit(url).scheme != "tantivy":
        raise ImproperlyConfigured(
            f"SEARCH_URL={url!r} is not understood. For example: tantivy:///srv/diplopedia/search"
        )
    return url


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
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    if scheme == "db":
        return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_table"}
    raise ImproperlyConfigured(
        f"CACHE_URL={url!r} is not understood. For example: redis://127.0.0.1:6379/1 or locmem:"
    )
