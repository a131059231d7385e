"""Ask the site in this container whether it lives, as its proxy would. Ends with an error if it does not."""

import os
import sys
from urllib.error import URLError
from urllib.request import Request, urlopen

URL = "http://127.0.0.1:8000/health/"


def main() -> None:
    """Ask under a name that ALLOWED_HOSTS lists."""
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    try:
        urlopen(
            Request(URL, headers={"Host": host if host not in {"", "*"} else "127.0.0.1"}), timeout=3
        ).close()
    except URLError as error:
        sys.exit(f"{URL} does not answer: {error}")


if __name__ == "__main__":
    main()
