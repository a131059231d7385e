"""What a page did during a journey, told if the journey fails: where it went, what was clicked, what was answered."""

from __future__ import annotations

import time
from collections import deque

from playwright.sync_api import ConsoleMessage, Error, Frame, Page, Request, Response

KEPT = 40
MARK = "journey:"
# What a click really hit and what a form then did. Both are noted before the page's own scripts see them.
NOTE_DEEDS = f"""
for (const deed of ["click", "submit", "change"])
    addEventListener(deed, event => {{
        const at = event.target;
        const name = at.getAttribute?.("name") || at.id || "";
        const words = (at.innerText || at.value || "").trim().slice(0, 40).replace(/\\s+/g, " ");
        console.debug("{MARK}", deed, `<${{at.tagName?.toLowerCase()}} ${{name}}>`, words);
    }}, true);
"""
# What a person would see as wrong or as not done yet.
SEEN = """() => ({
    title: document.title,
    state: document.readyState,
    focus: document.activeElement?.outerHTML?.slice(0, 120) ?? "",
    scrolled: Math.round(scrollY),
    errors: [...document.querySelectorAll("[role=alert], [role=status], .errorlist, .error, .notice, :user-invalid")]
        .filter(one => one.checkVisibility?.() ?? true)
        .map(one => (one.innerText || one.validationMessage || one.outerHTML).trim().slice(0, 200))
        .filter(Boolean),
})"""


class Diary:
    """Keeps the last things that happened on a page, with the seconds since it was opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.begun = time.monotonic()
        self.lines: deque[str] = deque(maxlen=KEPT)
        page.add_init_script(NOTE_DEEDS)
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("requestfailed", self._failed)
        page.on("framenavigated", self._navigated)
        page.on("crash", lambda _: self._note("the page crashed"))

    def _note(self, line: str) -> None:
        self.lines.append(f"{time.monotonic() - self.begun:7.2f} s  {line}")

    def _console(self, message: ConsoleMessage) -> None:
        self._note(f"{message.type}: {message.text}"[:300])

    def _request(self, request: Request) -> None:
        if request.is_navigation_request() or request.method != "GET":
            self._note(f"asks   {request.method} {request.url}")

    def _response(self, response: Response) -> None:
        request = response.request
        if response.status >= 400 or request.is_navigation_request() or request.method != "GET":
            self._note(f"hears  {response.status} for {request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        self._note(f"failed {request.method} {request.url}: {request.failure}")

    def _navigated(self, frame: Frame) -> None:
        self._note(f"is at  {frame.url}")

    def told(self) -> str:
        """Return where the page is now, what it shows as wrong, and what happened before."""
        try:
            seen = self.page.evaluate(SEEN)
        except Error as unseen:  # closed, crashed, or on its way elsewhere
            seen = {"state": str(unseen).splitlines()[0]}
        now = [f"{name}: {value}" for name, value in seen.items() if value]
        return "\n".join([self.page.url, *now, *self.lines])
