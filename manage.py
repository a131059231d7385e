#!/usr/bin/env python
"""Run the site's commands: `python manage.py help`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command with the development settings, unless others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diplopedia.settings.dev")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
