"""Settings of the tests: as `make run`, with fast hashing, and data that is nobody else's."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

# A folder for each worker inside DATA_DIR, so that a real site's data there is never touched; without DATA_DIR,
# one for each run, so that two runs never meet. Workers are told by the run that starts them.
ASKED = Path(os.environ.get("DATA_DIR") or Path(tempfile.gettempdir()) / f"diplopedia-test-{os.getpid()}")
FOLDER = ASKED.parent if ASKED.parent.name == "tests" else ASKED / "tests"
os.environ["DATA_DIR"] = str(FOLDER / os.environ.get("PYTEST_XDIST_WORKER", "main"))

from diplopedia.settings.base import *  # noqa: E402
from diplopedia.settings.base import DATA_DIR, DATABASES, STORAGES  # noqa: E402

SECRET_KEY = "only-for-tests"  # noqa: S105 - nothing real is signed with it
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
READINGS_WAIT = 0.0  # written at once, in the transaction of the test
PEOPLE_READ_PER_HOUR = 0  # numbers of accounts come again from test to test, and the cache would count on
SEARCH_TIMEOUT = 20.0  # of a machine that runs many tests at once
STAFF_DOMAINS = ["ministry.example"]
ACCOUNT_RATE_LIMITS: dict[str, str] = {"login_failed": "5/5m/key"}
# A hundred threads wait for each other, on a machine that may be slow: nobody is sent away for that.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["timeout"] = 600
    # Tests may lose power: what matters is that they are quick.
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"] |= {"connect_timeout": 60, "options": "-c lock_timeout=600s"}
    # One for each worker of each run, as their folders are.
    DATABASES["default"]["TEST"] = {"NAME": f"test_{sha256(str(DATA_DIR).encode()).hexdigest()[:16]}"}
