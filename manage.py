#!/usr/bin/env python
"""Run the site's commands: `python manage.py help`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command with the development settings, unless others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diplopedia.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # Settings say themselves what is wrong and what a right one looks like; a traceback would hide it.
        sys.exit(f"A setting is wrong. {error}")


if __name__ == "__main__":
    main()
