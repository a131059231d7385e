"""A page is kept to a group, and from then on does not exist for anybody else."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.factories import write


def test_a_restricted_page_does_not_exist_for_others(visit, index, settled, member, outsider):
    article = write("Quokkatreaty", "The quokkatreaty text.", author=member)
    index()
    page = visit(member, f"{article.get_absolute_url()}access/")
    page.get_by_label("Negotiators").check()
    page.get_by_role("button", name="Set who may read it").click()
    expect(page.get_by_text("Restricted to Negotiators").first).to_be_visible()

    other = visit(outsider, article.get_absolute_url())
    expect(other.get_by_role("heading", level=1)).to_contain_text("There is no page")
    other.goto("/search/?q=quokkatreaty")
    expect(other.locator(".hit")).to_have_count(0)
    other.goto("/changes/")
    expect(other.get_by_text(re.compile("quokkatreaty", re.IGNORECASE))).to_have_count(0)

    settled()
    page.goto("/search/?q=quokkatreaty")
    expect(page.get_by_role("link", name="Quokkatreaty").first).to_be_visible()
