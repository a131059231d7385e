"""A page kept to a group, as those outside it meet the wiki: by no door, and from the next request on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from diplopedia.actions import Change, LockedOut, add_alias, restrict, verify
from diplopedia.models import Article, WikiDocument, WikiImage
from people.models import Region, User
from search.engines import SearchUnavailable
from tests.factories import OfficeFactory, UserFactory, keep_to, revise, write
from tests.visitor import Visitor, soup, words

pytestmark = pytest.mark.django_db

TOKEN = "zyxquartet"
NONSENSE = "qwevortet"


@pytest.fixture
def negotiators(member: User) -> Group:
    return Group.objects.get(name="Negotiators")


@pytest.fixture
def secret(member: User, negotiators: Group) -> SimpleNamespace:
    """A page whose every part says the token, and what hangs on it."""
    cache.clear()  # Wagtail keeps copies of images there, under keys that come again in every test
    image = WikiImage.objects.create(
        title=f"{TOKEN} image", description=TOKEN, file=get_test_image_file(f"{TOKEN}.png")
    )
    place = Region.objects.get(slug="djibouti")
    page = write(
        f"{TOKEN} title",
        f"{TOKEN} text, see [[{TOKEN} wanted]].\n\n![{TOKEN}](image:{image.pk})",
        author=member,
        kind="case-study",
        facts={"period": f"{TOKEN} period", "lessons": f"{TOKEN} lesson"},
        tags=frozenset({f"{TOKEN} tag"}),
        regions=frozenset({place.pk}),
        contacts=frozenset({member.profile.pk}),
    )
    add_alias(page, f"{TOKEN} alias")
    revise(page, f"{TOKEN} text, see [[{TOKEN} wanted]].", author=member, summary=f"{TOKEN} summary")
    document = WikiDocument.objects.create(
        title=f"{TOKEN} file", article=page, file=ContentFile(b"secret", name=f"{TOKEN}.txt")
    )
    WikiImage.objects.filter(pk=image.pk).update(article=page)
    rendition = image.get_rendition("width-400")
    verify(page, member, page.edits.get(number=1))
    page = keep_to(page, negotiators, by=member)
    return SimpleNamespace(page=page, image=image, rendition=rendition, document=document, member=member)


def page_doors(secret: Any) -> list[str]:
    url = secret.page.get_absolute_url()
    views = (
        "edit history history/1 history/2 history/1/restore compare links rename access delete verify names"
    )
    return [
        url,
        *(f"{url}{view}/" for view in views.split()),
        f"/wiki/{TOKEN}-alias/",
        f"/wiki/tags/{TOKEN}-tag/",
    ]


def file_doors(secret: Any) -> list[str]:
    return [
        reverse("image", args=[secret.image.pk, 400]),
        reverse("image", args=[secret.image.pk, 1200]),
        secret.document.url,
        f"/files/{secret.image.file.name}",
        f"/files/{secret.rendition.file.name}",
        f"/files/{secret.document.file.name}",
    ]


def common_doors(secret: Any) -> list[str]:
    """Addresses that everybody may open, asked so that they would show the page if they could."""
    handle = secret.member.username
    lists = """
        / /changes/ /changes/?kind=case-study /changes/?region=djibouti /changes/?tab=new /changes/?tab=office
        /wiki/ /wiki/wanted/ /wiki/case-studies/ /wiki/case-studies/?country=djibouti /wiki/kinds/case-study/
        /wiki/regions/djibouti/ /wiki/regions/africa/ /wiki/letters/?letter=Z /people/ /search/?q=kind:article
    """
    return [
        *lists.split(),
        f"/changes/?author={handle}",
        f"/people/{handle}/",
        *(f"/wiki/new/?title={part}&kind=plain" for part in ("title", "alias")),
    ]


SEARCHES = (
    "{}",
    "{} title",
    "{} tag",
    "{}*",
    "tag:{}-tag",
    'title:"{} title"',
    "{} lesson",
    "{} file",
    "{}x",
    "by:{}",
)


def words_of(html: str, word: str) -> str:
    """Return a page without what is new in every answer, and without the word that it was asked for."""
    return re.sub(r"nonce-\S+|value=\"[^\"]{30,}\"", "", html).replace(word, "…")


def hidden_from(visitor: Visitor, secret: Any) -> None:
    """Check every door of the wiki as somebody who may not know of the page."""
    for url in [*page_doors(secret), *file_doors(secret)]:
        for response in (visitor.opens(url), visitor.sends(url, body="x", title="x", number="1")):
            assert response.status_code in {404, 405}, (url, response.status_code)
    for url in common_doors(secret):
        said = visitor.opens(url).content.decode().lower()
        assert TOKEN not in said, url
    tagged = [visitor.opens(f"/changes/?tag={word}-tag").content.decode() for word in (TOKEN, NONSENSE)]
    assert words_of(tagged[0], TOKEN) == words_of(tagged[1], NONSENSE)
    for query in SEARCHES:
        found = [
            words_of(visitor.opens(door, q=query.format(word)).content.decode(), word)
            for word in (TOKEN, NONSENSE)
            for door in ("/search/", "/search/suggest/")
        ]
        assert found[:2] == found[2:], query
    preview = visitor.sends(
        "/wiki/preview/", body=f"[[{TOKEN} title]] [[{TOKEN} alias]] ![x](image:{secret.image.pk})"
    )
    assert preview.content.count(b'class="wanted"') == 3


def seen_by(visitor: Visitor, secret: Any) -> None:
    """Check that somebody who may read the page meets it where one would look for it."""
    for url in page_doors(secret):
        assert visitor.opens(url).status_code != 404, url
    for url in file_doors(secret):
        response = visitor.opens(url)
        assert response.status_code == 200, url
        assert b"".join(response.streaming_content), url
    for url in (
        "/changes/",
        "/wiki/case-studies/",
        "/wiki/kinds/case-study/",
        "/wiki/letters/?letter=Z",
        "/wiki/wanted/",
    ):
        assert TOKEN in visitor.opens(url).content.decode(), url
    assert f"{TOKEN} title" in words(visitor.opens("/search/", q=TOKEN))


def test_an_outsider_meets_the_page_by_no_door_and_a_member_by_all(secret, outsider, member):
    hidden_from(Visitor(outsider), secret)
    seen_by(Visitor(member), secret)
    # In this order too: what was made for the member is not shown to the outsider.
    hidden_from(Visitor(outsider), secret)


def test_a_link_to_it_is_red_for_those_outside_and_leads_there_for_those_inside(secret, outsider, member):
    naming = write("Open page", f"See [[{TOKEN} title]], [[{TOKEN} alias]], [[Other]].").get_absolute_url()
    outside, inside = (soup(Visitor(user).opens(naming)) for user in (outsider, member))
    assert len(outside.select(".prose a.wanted")) == 3
    assert [a.get_text() for a in inside.select(".prose a.wanted")] == ["Other"]
    assert len({a["title"] for a in outside.select(".prose a.wanted")}) == 1


def test_nobody_without_an_open_account_gets_further_than_the_sign_in_page(secret, disabled):
    for visitor in (Visitor(None), Visitor(disabled)):
        for url in [*page_doors(secret), *file_doors(secret), *common_doors(secret), f"/search/?q={TOKEN}"]:
            response = visitor.opens(url)
            assert response.status_code == 302, url
            assert response.url.startswith("/accounts/login/"), url


def test_an_administrator_reads_everything(secret, administrator):
    seen_by(Visitor(administrator), secret)


def test_leaving_the_group_and_joining_it_count_at_the_next_request(secret, member, outsider, negotiators):
    inside, outside = Visitor(member), Visitor(outsider)
    seen_by(inside, secret)
    member.groups.remove(negotiators)
    outsider.groups.add(negotiators)
    hidden_from(inside, secret)
    seen_by(outside, secret)


def test_a_closed_account_is_out_at_the_next_request(secret, member):
    visitor = Visitor(member)
    assert visitor.opens(secret.page.get_absolute_url()).status_code == 200
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert visitor.opens(secret.page.get_absolute_url()).url.startswith("/accounts/login/")


@dataclass
class Broken:
    """An engine that answers nothing."""

    def __getattr__(self, name: str) -> Any:
        raise SearchUnavailable("broken for a test")


def test_restricting_counts_at_once_even_when_the_engine_is_down(member, outsider, negotiators):
    page = write(f"{TOKEN} title", "Text.", author=member)
    visitor = Visitor(outsider)
    assert f"{TOKEN} title" in words(visitor.opens("/search/", q=TOKEN))
    with mock.patch("search.outbox.engine", Broken), mock.patch("search.actions.engine", Broken):
        keep_to(page, negotiators, by=member)
        for url in ("/", "/changes/", "/wiki/letters/?letter=Z", page.get_absolute_url()):
            assert TOKEN not in visitor.opens(url).content.decode().replace(page.wiki_slug, ""), url
        assert f"{TOKEN} title" not in words(visitor.opens("/search/", q=TOKEN))
        assert TOKEN not in visitor.opens("/search/suggest/", q=TOKEN[:5]).content.decode()
    # The engine is back and does not know yet.
    with mock.patch("search.outbox.drain_quietly", return_value=0):
        assert f"{TOKEN} title" not in words(visitor.opens("/search/", q=TOKEN))
        assert TOKEN not in visitor.opens("/search/suggest/", q=TOKEN[:5]).content.decode()


def test_a_page_is_kept_and_opened_again_through_its_form(member, outsider, negotiators):
    page = write(f"{TOKEN} title", "Text.", author=member)
    url, inside, outside = page.get_absolute_url(), Visitor(member), Visitor(outsider)
    assert inside.publishes(f"{url}access/", groups=[str(negotiators.pk)]).status_code == 302
    assert "Restricted to Negotiators" in inside.sees(url)
    assert outside.opens(url).status_code == 404
    assert inside.sends(f"{url}access/", inside.form(f"{url}access/") | {"groups": []}).status_code == 302
    assert outside.opens(url).status_code == 200
    summaries = list(page.edits.order_by("number").values_list("kind", "summary"))
    assert summaries[1:] == [
        ("access", "Readable by: Negotiators"),
        ("access", "Readable by: all colleagues"),
    ]


def test_the_form_offers_only_lists_that_hold_something(member, outsider, negotiators):
    url = f"{write('Rivers', 'The Nile.').get_absolute_url()}access/"
    inside = soup(Visitor(member).opens(url))
    assert [legend.get_text() for legend in inside.select("main legend")] == ["Groups"]
    outside = soup(Visitor(outsider).opens(url))
    assert not outside.select("main form")
    assert "You belong to no group and no office" in outside.get_text()


def test_an_office_keeps_a_page_to_its_people_and_those_of_offices_below(member):
    bureau = OfficeFactory(name="Bureau")
    desk, elsewhere = OfficeFactory(name="Desk", parent=bureau), OfficeFactory(name="Elsewhere")
    people = {office: UserFactory() for office in (bureau, desk, elsewhere)}
    for office, user in people.items():
        user.profile.office = office
        user.profile.save()
    page = write(author=people[bureau])
    visitor = Visitor(User.objects.get(pk=people[bureau].pk))
    assert visitor.publishes(f"{page.get_absolute_url()}access/", offices=[str(bureau.pk)]).status_code == 302
    statuses = {
        office.name: Visitor(user).opens(page.get_absolute_url()).status_code
        for office, user in people.items()
    }
    assert statuses == {"Bureau": 200, "Desk": 200, "Elsewhere": 404}


def test_nobody_shuts_themselves_out(outsider, member, negotiators):
    page, visitor = write(author=outsider), Visitor(outsider)
    url = f"{page.get_absolute_url()}access/"
    with pytest.raises(LockedOut):
        restrict(page, [negotiators], [], Change(outsider))
    # Groups that one does not belong to are not even offered, and not taken from a forged form.
    outsider.groups.add(Group.objects.create(name="Drafters"))
    assert "Negotiators" not in visitor.sees(url)
    assert visitor.sends(url, visitor.form(url) | {"groups": [str(negotiators.pk)]}).status_code == 200
    assert not Article.objects.get(pk=page.pk).restricted


def test_a_member_who_would_lose_the_page_is_told_so(member, negotiators):
    other = Group.objects.create(name="Others")
    page = write(author=member)
    restrict(page, [negotiators], [], Change(member))
    page.groups.add(other)
    visitor = Visitor(member)
    response = visitor.publishes(f"{page.get_absolute_url()}access/", groups=[str(other.pk)])
    assert "You would lose this page yourself" in words(response)
    assert set(Article.objects.get(pk=page.pk).groups.all()) == {negotiators, other}


def test_a_deleted_page_is_gone_for_everybody_with_its_files_and_its_row_stays(secret, member):
    visitor = Visitor(member)
    visitor.publishes(f"{secret.page.get_absolute_url()}delete/", summary="Done with")
    for url in [
        secret.page.get_absolute_url(),
        f"{secret.page.get_absolute_url()}history/",
        *file_doors(secret),
    ]:
        assert visitor.opens(url).status_code == 404, url
    for url in ("/", "/changes/", "/wiki/case-studies/", "/wiki/letters/?letter=Z"):
        assert f"{TOKEN} title" not in words(visitor.opens(url)).replace(f"“{TOKEN} title” is deleted", ""), (
            url
        )
    assert f"{TOKEN} title" not in words(visitor.opens("/search/", q=TOKEN))
    page = Article.objects.get(pk=secret.page.pk)
    assert page.body == f"{TOKEN} text, see [[{TOKEN} wanted]]."
    assert [edit.kind for edit in page.edits.order_by("number")] == ["create", "edit", "access", "delete"]


def test_uploads_are_sent_to_be_looked_at_or_saved_never_to_be_run(secret, member):
    visitor = Visitor(member)
    WikiDocument.objects.filter(pk=secret.document.pk).update(title="<script>")
    for url in file_doors(secret):
        response = visitor.opens(url)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "private" in response["Cache-Control"]
        if "txt" in url:
            assert response["Content-Disposition"].startswith("attachment")
            assert response["Content-Type"] == "application/octet-stream"
    for path in ("../secret_key", "..%2f..%2fetc/passwd", "/etc/passwd", "documents/../../x", "%00"):
        assert visitor.opens(f"/files/{path}").status_code in {400, 404}
