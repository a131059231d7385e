"""`make screenshots`: take docs/images anew from the demo, with the same browser as the journeys."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Page

from tests.journeys import browser

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
COLOURS = 128
EMAIL, PASSWORD = "diplomat@ministry.example", "diplopedia-demo"
PATIENCE = 300
CASE = "/wiki/estonian-e-residency-counting-companies-instead-of-cards/"
SIZES = {"": browser.LAPTOP, "-phone": browser.PHONE}


class Shot(NamedTuple):
    """A picture of one kind of page; `dark` and `phone` say which others are taken besides the laptop's."""

    name: str
    path: str
    phone: bool = False
    dark: bool = False
    signed_in: bool = True


SHOTS = (
    Shot("sign-in", "/accounts/login/", phone=True, signed_in=False),
    Shot("home", "/", phone=True, dark=True),
    Shot("article", "/wiki/ethiopia/", phone=True, dark=True),
    Shot("case-study", CASE, phone=True),
    Shot("case-studies", "/wiki/case-studies/"),
    Shot("editor", f"{CASE}edit/", phone=True, dark=True),
    Shot("conflict", f"{CASE}edit/", phone=True),
    Shot("history", f"{CASE}history/", phone=True),
    Shot("compare", f"{CASE}compare/?from=1&to=7", phone=True, dark=True),
    Shot("links", f"{CASE}links/"),
    Shot("access", f"{CASE}access/"),
    Shot("search", "/search/?q=crisis", phone=True, dark=True),
    Shot("search-people", "/search/?q=speaks:tir%3E%3D3", phone=True),
    Shot("profile", "/people/tamsin.fairweather-diallo/", phone=True, dark=True),
    Shot("profile-edit", "/people/tamsin.fairweather-diallo/edit/"),
    Shot("people", "/people/", phone=True),
    Shot("rare-languages", "/people/languages/", phone=True),
    Shot("changes", "/changes/", phone=True),
    Shot("region", "/wiki/regions/eastern-africa/"),
    Shot("new-page", "/wiki/new/?title=Gulf+of+Aden"),
    Shot("missing", "/wiki/gulf-of-aden/"),
)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site() -> Iterator[str]:
    """Serve the demo for as long as the block lasts, and give its address. Raises TimeoutError."""
    port = free_port()
    site = subprocess.Popen([sys.executable, "manage.py", "start", "--port", str(port)], cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, site)
        yield url
    finally:
        site.terminate()
        site.wait()


def wait_for(url: str, site: subprocess.Popen[bytes]) -> None:
    """Wait until the site answers. Raises TimeoutError when it does not, or has stopped."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and site.poll() is None:
        try:
            urlopen(f"{url}/health/").close()
            return
        except URLError:
            time.sleep(0.5)
    raise TimeoutError(f"The site does not answer at {url}. `make run` says why.")


def sign_in(page: Page) -> None:
    """Sign in as the first of the demo's people."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def arrange(page: Page, shot: Shot) -> None:
    """Bring the page into the state that the picture shows."""
    if shot.name == "conflict":
        # A save from long ago of a paragraph that has changed since: nothing is saved.
        page.evaluate("document.querySelector('[name=base]').value = 1")
        text = page.get_by_label("Text", exact=True)
        first, *rest = text.input_value().split("\n\n")
        text.fill("\n\n".join([first + " It is the one that most ministries ask about.", *rest]))
        page.get_by_role("button", name="Publish").click()


def take(window: browser.NewWindow, url: str, shot: Shot, suffix: str, scheme: str) -> None:
    """Take one picture and store it with few colours: pages have few, and the file is a third."""
    width, height = SIZES[suffix]
    context = window(base_url=url, viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    if shot.signed_in:
        sign_in(page)
    page.goto(shot.path)
    arrange(page, shot)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    name = f"{shot.name}{suffix}{'-dark' if scheme == 'dark' else ''}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)
    context.close()


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running_site() as url, browser.chromium() as window:
        for shot in SHOTS:
            take(window, url, shot, "", "light")
            if shot.phone:
                take(window, url, shot, "-phone", "light")
            if shot.dark:
                take(window, url, shot, "", "dark")


if __name__ == "__main__":
    main()
