"""`manage.py load_demo`: the demonstration ministry, its wiki, and a page for every country."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from diplopedia.importing import demo
from diplopedia.importing.indexing import bring_up_to_date
from diplopedia.importing.ledger import Ledger


class Command(BaseCommand):
    """Loads what is missing or changed; at once when nothing is."""

    help = "Load the demo content, marked as demo. `remove_demo` takes it out again."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, bring the search up to date, and say whom to sign in as."""
        started = time.monotonic()
        if demo.is_loaded():
            self.stdout.write("The demo content is here already.")
        else:
            report = demo.load()
            for line in [*report.skipped, *report.summary()]:
                self.stdout.write(line)
            if report.changed():
                bring_up_to_date(self.stdout.write)
            self.stdout.write(f"{time.monotonic() - started:.1f} seconds")
        self.tell_sign_ins()

    def tell_sign_ins(self) -> None:
        """Print the demo's sign-ins, which all have the same password."""
        self.stdout.write(self.style.SUCCESS(f"Sign in, with the password {demo.PASSWORD}, as"))
        for user in demo.sign_ins(Ledger()):
            self.stdout.write(f"  {user.email:<32} {user.profile.name}, {user.profile.title}")
