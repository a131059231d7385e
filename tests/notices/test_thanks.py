"""Thanks for an edit: one click, once, told to the author and shown beside the edit."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diplopedia.models import Thanks
from diplopedia.thanking import thank
from notices.models import Notice
from tests.factories import UserFactory, keep_to, revise, write
from tests.visitor import soup

pytestmark = pytest.mark.django_db


def thank_address(page, number: int) -> str:
    return f"{page.get_absolute_url()}history/{number}/thanks/"


def test_one_click_thanks_once_and_tells_the_author(reader, writer):
    page = write("Port", author=writer.user)
    url = f"{page.get_absolute_url()}history/"
    button = soup(reader.opens(url)).select_one("button[form=thank]")
    assert button["formaction"] == thank_address(page, 1)
    for _ in range(2):
        assert reader.sends(button["formaction"], {"next": url}).url == url
    assert Thanks.objects.count() == 1
    assert "Thanked by Samuel Okafor" in reader.sees(url)
    assert not soup(reader.opens(url)).select("button[form=thank]")
    assert "Samuel Okafor thanked you for revision 1" in writer.sees("/notices/")
    assert Notice.objects.filter(user=writer.user).count() == 1


def test_the_comparison_has_the_button_and_the_names_too(reader, writer):
    page = write("Port", author=writer.user)
    revise(page, "Another text.", author=writer.user)
    url = f"{page.get_absolute_url()}compare/?to=2"
    assert soup(reader.opens(url)).select_one("button[form=thank]")
    thank(reader.user, page.edits.get(number=2))
    assert "Thanked by Samuel Okafor" in writer.sees(url)


def test_nobody_thanks_themselves_and_no_get_thanks(writer, reader):
    page = write("Port", author=writer.user)
    assert writer.sends(thank_address(page, 1)).status_code == 403
    assert reader.opens(thank_address(page, 1)).status_code == 405
    assert not soup(writer.opens(f"{page.get_absolute_url()}history/")).select("button[form=thank]")
    assert not Thanks.objects.exists()


def test_thanks_for_a_page_one_may_not_read_are_for_a_page_that_is_not_there(reader, member):
    page = keep_to(write("Secret", author=member), Group.objects.get(name="Negotiators"), by=member)
    assert reader.sends(thank_address(page, 1)).status_code == 404
    assert not Thanks.objects.exists()


def test_a_history_takes_as_many_queries_with_many_thanks(reader, writer):
    page = write("Port", author=writer.user)
    for n in range(5):
        revise(page, f"Text {n}.", author=writer.user)

    def queries() -> int:
        reader.opens(f"{page.get_absolute_url()}history/")
        with CaptureQueriesContext(connection) as captured:
            reader.opens(f"{page.get_absolute_url()}history/")
        return len([query for query in captured if "notices_" not in query["sql"]])

    before = queries()
    for edit in page.edits.all():
        for _ in range(5):
            thank(UserFactory(), edit)
    assert queries() == before
    assert "and 2 more" in reader.sees(f"{page.get_absolute_url()}history/")
