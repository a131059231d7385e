"""Choosing a photo, with scripts and without, and the card over a link to a colleague."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from people import photos
from people.models import Profile
from tests.factories import write


def picture() -> bytes:
    """A wide picture: its left is red, its middle green."""
    whole = Image.new("RGB", (600, 200), "green")
    whole.paste("red", (0, 0, 200, 200))
    held = io.BytesIO()
    whole.save(held, "PNG")
    return held.getvalue()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photo_is_chosen_and_the_square_with_it(visit, member, scripts):
    own = f"/people/{member.username}/"
    page = visit(member, own, scripts=scripts)
    page.get_by_role("link", name="Add a photo").click()
    page.get_by_label("Picture").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": picture()}
    )
    slider = page.get_by_label("Left or right")
    expect(slider).to_be_visible(visible=scripts)
    if scripts:
        slider.press("Home")
    page.get_by_role("button", name="Save").click()
    face = page.locator(".who-head img.mono")
    expect(face).to_have_js_property("naturalWidth", photos.LARGE)
    with Image.open(io.BytesIO(photos.read(Profile.objects.get(user=member), photos.LARGE))) as kept:
        red, green, _blue = kept.getpixel((160, 160))
    assert (red > green) is scripts


def test_a_card_opens_over_a_link_to_a_colleague_and_closes_with_escape(visit, member, outsider):
    member.profile.title = "Vice Consul"
    member.profile.save()
    page = visit(outsider, write(body=f"Ask [[@{member.username}]] about it.").get_absolute_url())
    link, card = page.locator(".prose a", has_text=str(member.profile)), page.get_by_role("tooltip")
    link.hover()
    expect(card).to_contain_text("Vice Consul")
    expect(link).to_have_attribute("aria-describedby", "whocard")
    card.hover()
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.mouse.move(0, 0)
    while not link.evaluate("link => link === document.activeElement"):
        page.keyboard.press("Tab")
    expect(card).to_be_visible()
    page.keyboard.press("Tab")
    expect(card).to_have_count(0)
