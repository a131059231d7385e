"""Why a server could not be started, and what a person can do about it."""


class CannotStart(Exception):
    """A server cannot be started here. The second argument says how to mend it."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cure = cure
