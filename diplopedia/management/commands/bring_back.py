"""`manage.py bring_back ADDRESS --as HANDLE`: show a deleted article again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diplopedia import actions
from diplopedia.models import Article
from diplopedia.titles import TitleTaken
from people.models import User


class Command(BaseCommand):
    """Undoes a deletion, as an edit by a named administrator."""

    help = "Show a deleted article again, with its history, to those it was for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which article, and who answers for it."""
        parser.add_argument("address", help="the last part of its address: port-notes of /wiki/port-notes/")
        parser.add_argument("--as", dest="handle", required=True, help="the handle of an administrator")
        parser.add_argument("--why", default="", help="the summary of the edit")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring it back and say where it is."""
        article = Article.objects.exclude(deleted_at=None).filter(wiki_slug=options["address"]).first()
        if article is None:
            raise CommandError(f"No deleted article has the address “{options['address']}”.")
        author = User.objects.filter(username=options["handle"], is_superuser=True, is_active=True).first()
        if author is None:
            raise CommandError(
                f"“{options['handle']}” is no administrator. Name the handle of one after --as."
            )
        try:
            edit = actions.bring_back(article, actions.Change(author, options["why"]))
        except TitleTaken as error:
            raise CommandError(
                f"Another page is called “{article.title}” now. Rename that one, then try again."
            ) from error
        self.stdout.write(self.style.SUCCESS(f"{edit.article.get_absolute_url()} is back."))
