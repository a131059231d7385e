"""`make screenshots`: take docs/images anew from the demo, with the same browser as the journeys."""

from __future__ import annotations

import io
import re
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
from playwright.sync_api import Page, StorageState

from tests.journeys import browser

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
COLOURS = 128
EMAIL, PASSWORD = "diplomat@ministry.example", "diplopedia-demo"
PATIENCE = 300
CASE = "/wiki/estonian-e-residency-counting-companies-instead-of-cards/"
# Words of that article which came with its last revision, number 7.
LATE = "The path from one to the other"
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
    Shot("people-answer", "/people/?q=Pashto+speaker+in+Kabul", phone=True),
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


def signed_in(window: browser.NewWindow, url: str) -> StorageState:
    """Sign in as the first of the demo's people, once for all pictures, and return the cookies."""
    context = window(base_url=url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label(re.compile("E-?mail")).fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")
    state = context.storage_state()
    context.close()
    return state


def arrange(page: Page, shot: Shot) -> None:
    """Bring the page into the state that the picture shows."""
    if shot.name == "conflict":
        # A save begun before the last revision, of a paragraph that came with it: nothing is saved.
        page.evaluate("document.querySelector('[name=base]').value = 6")
        text = page.get_by_label("Text", exact=True)
        paragraphs = text.input_value().split("\n\n")
        late = next(number for number, paragraph in enumerate(paragraphs) if LATE in paragraph)
        paragraphs[late] += " Ask the registry for newer figures."
        text.fill("\n\n".join(paragraphs))
        page.get_by_role("button", name="Publish").click()
        page.get_by_role("heading", name="Nothing is lost").wait_for()


class Camera:
    """Takes pictures of one running site."""

    def __init__(self, window: browser.NewWindow, url: str) -> None:
        self.window, self.url = window, url
        self.cookies = signed_in(window, url)

    def take(self, shot: Shot, suffix: str = "", *, dark: bool = False) -> None:
        """Take one picture and store it with few colours: pages have few, and the file is a third."""
        width, height = SIZES[suffix]
        context = self.window(
            base_url=self.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            storage_state=self.cookies if shot.signed_in else None,
        )
        page = context.new_page()
        page.goto(shot.path, wait_until="networkidle")  # previews and the like arrive later
        arrange(page, shot)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        name = f"{shot.name}{suffix}{'-dark' if dark else ''}.png"
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)
        context.close()


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running_site() as url, browser.chromium() as window:
        camera = Camera(window, url)
        for shot in SHOTS:
            camera.take(shot)
            if shot.phone:
                camera.take(shot, "-phone")
            if shot.dark:
                camera.take(shot, dark=True)


if __name__ == "__main__":
    main()
