"""Reading the wiki: the article, what is around it, its links in both directions and the other names it has."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from diplopedia.actions import Change, add_alias, create_article, delete, rename, restrict, verify
from diplopedia.models import Article
from diplopedia.versions import Version
from people.models import Expertise, Office, Region
from tests.factories import MemberFactory, OfficeFactory, UserFactory, keep_to, revise, write
from tests.visitor import Visitor, fields_of, links, soup, words

pytestmark = pytest.mark.django_db


def region(name: str) -> Region:
    return Region.objects.get(name=name)


# -- the page itself ----------------------------------------------------------------------------------------------


def test_an_article_shows_text_contents_facts_tags_and_regions(reader):
    country = region("Djibouti")
    page = write(
        "Djibouti",
        "A small country on a strait.\n\n## Economy\n\nThe port.\n\n### Trade\n\nMuch.\n\n## Relations\n\nGood.",
        kind="country-profile",
        facts={"capital": "Djibouti City", "former_names": "French Somaliland"},
        tags=frozenset({"Ports", "Red Sea"}),
        regions=frozenset({country.pk}),
    )
    response = reader.opens(page.get_absolute_url())
    tree, text = soup(response), words(response)
    assert [h1.get_text() for h1 in tree.select("h1")] == ["Djibouti"]
    assert [a["href"] for a in tree.select("nav.toc a")] == ["#s-economy", "#s-trade", "#s-relations"]
    assert {tree.select_one(a["href"]).name for a in tree.select("nav.toc a")} == {"h2", "h3"}
    facts = [(row.dt.get_text(), row.dd.get_text().strip()) for row in tree.select("dl.facts div")]
    assert facts == [("Capital", "Djibouti City"), ("Former names", "French Somaliland")]
    assert {"Ports", "Red Sea", "Djibouti"} <= set(links(response))
    assert "Country page" in text
    assert "Not verified yet" in text


def test_the_imprint_says_who_edited_last_and_where_they_were_then(reader):
    office = OfficeFactory(name="East Africa Desk")
    author = UserFactory(first_name="Farida", last_name="Noor")
    author.profile.office = office
    author.profile.save()
    page = write(author=author)
    author.profile.office = OfficeFactory(name="Protocol")
    author.profile.save()
    text = reader.sees(page.get_absolute_url())
    assert "by Farida Noor, East Africa Desk" in text
    assert "Farida Noor, Protocol" not in text


def test_an_article_without_text_facts_or_tags_is_still_a_page(reader):
    page = write("Blank", "x")
    revise(page, "")
    assert "has no text yet" in reader.sees(page.get_absolute_url())


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fa-AF", "rtl")])
def test_a_page_is_set_the_way_its_language_is_written(reader, rosa, language, direction):
    change = Change(author=rosa)
    page = create_article("Port", Version(body="| 1 | 2 |\n| --- | --- |"), change, language=language).article
    shown = soup(reader.opens(page.get_absolute_url())).select_one("article.text")
    assert (shown["lang"], shown["dir"]) == (language, direction)


@pytest.mark.parametrize(
    "place", ["edit", "history", "history/1", "compare", "links", "rename", "access", "delete"]
)
def test_every_view_of_a_page_opens(reader, place):
    page = write(kind="case-study", tags=frozenset({"Ports"}))
    revise(page, "Another text.")
    assert reader.opens(f"{page.get_absolute_url()}{place}/").status_code == 200


# -- links --------------------------------------------------------------------------------------------------------


def test_a_link_leads_to_its_page_and_a_missing_one_to_its_beginning(reader):
    target = write("Addis Ababa", "A city.")
    page = write("Djibouti", "By train from [[addis  ababa|the capital]]; see [[Port of Berbera]].")
    response = reader.opens(page.get_absolute_url())
    assert links(response)["the capital"] == target.get_absolute_url()
    wanted = urlsplit(links(response)["Port of Berbera"])
    assert (wanted.path, parse_qs(wanted.query)["title"]) == ("/wiki/new/", ["Port of Berbera"])
    assert soup(response).select_one("a.wanted")["title"] == "No page yet"


def test_a_red_link_turns_when_its_page_is_written_and_back_when_it_is_deleted(reader):
    page = write("Djibouti", "See [[Port of Berbera]].")
    written = write("Port of Berbera", "A port.")
    assert links(reader.opens(page.get_absolute_url()))["Port of Berbera"] == written.get_absolute_url()
    reader.sends(f"{written.get_absolute_url()}delete/", summary="A mistake")
    assert "/wiki/new/" in links(reader.opens(page.get_absolute_url()))["Port of Berbera"]


def test_a_link_to_a_section_and_to_a_colleague(reader, rosa):
    target = write("Addis Ababa", "A city.\n\n## Getting there\n\nFly.")
    page = write("Djibouti", "See [[Addis Ababa#Getting there]] or ask [[@rosa.celik]].")
    found = set(links(reader.opens(page.get_absolute_url())).values())
    assert f"{target.get_absolute_url()}#s-getting-there" in found
    assert rosa.profile.get_absolute_url() in found


def test_what_links_here_counts_and_lists_the_pages_that_name_it(reader):
    page = write("Addis Ababa", "A city, see [[Addis Ababa]].")
    add_alias(page, "Finfinne")
    for n in range(3):
        write(f"Page {n}", "By way of [[Addis Ababa]] and again [[addis ababa]].")
    write("Old name", "Once [[Finfinne]].")
    assert "Links here 4" in reader.sees(page.get_absolute_url())
    response = reader.opens(f"{page.get_absolute_url()}links/")
    assert {"Page 0", "Page 1", "Page 2", "Old name"} <= set(links(response))
    assert "4 pages link here" in words(response)


def test_wanted_pages_are_listed_with_the_pages_that_ask_for_them(reader):
    for n in range(3):
        write(f"Asking {n}", "See [[Port of Berbera]]." + (" And [[Rare]]." if n == 0 else ""))
    response = reader.opens("/wiki/wanted/")
    tree = soup(response)
    assert [a.get_text() for a in tree.select("main a.wanted")] == ["Port of Berbera", "Rare"]
    assert {"Asking 0", "Asking 1", "Asking 2"} <= set(links(response))


# -- other names --------------------------------------------------------------------------------------------------


def test_a_renamed_page_is_found_under_its_old_title_and_address(reader, rosa):
    page = write("Swaziland", "A kingdom.")
    pointing = write("Neighbours", "See [[Swaziland]].")
    old = page.get_absolute_url()
    rename(page, "Eswatini", Change(rosa))
    page.refresh_from_db()
    assert page.get_absolute_url() != old
    assert reader.opens(old).url == page.get_absolute_url()
    assert links(reader.opens(pointing.get_absolute_url()))["Swaziland"] == page.get_absolute_url()
    assert "Also found as Swaziland" in reader.sees(page.get_absolute_url())


def test_a_page_may_be_renamed_there_and_back(reader, rosa):
    page = write("Swaziland", "A kingdom.")
    old = page.get_absolute_url()
    for title in ("Eswatini", "Swaziland", "Eswatini", "Swaziland"):
        rename(Article.objects.get(pk=page.pk), title, Change(rosa))
    page.refresh_from_db()
    assert (page.title, page.get_absolute_url()) == ("Swaziland", old)
    assert reader.opens("/wiki/eswatini/").url == old
    assert [alias.title for alias in page.other_names.all()] == ["Eswatini"]


def test_renaming_in_another_case_keeps_the_address(reader, rosa):
    page = write("Port notes", "Text.")
    old = page.get_absolute_url()
    response = reader.publishes(f"{old}rename/", title="Port Notes")
    page.refresh_from_db()
    assert (page.title, response.url) == ("Port Notes", old)
    assert not page.other_names.exists()


def test_a_name_given_by_hand_leads_to_the_page(reader):
    page = write("African Union", "An organisation.")
    reader.sends(f"{page.get_absolute_url()}names/", title="AU")
    assert reader.opens("/wiki/au/").url == page.get_absolute_url()
    assert "AU" in reader.sees(f"{page.get_absolute_url()}links/")


def test_a_name_of_several_pages_shows_a_choice(reader):
    first, second = write("African Union", "One."), write("Astronomical unit", "Another.")
    for page in (first, second):
        add_alias(page, "AU")
    response = reader.opens("/wiki/au/")
    assert "“AU” may mean" in words(response)
    assert {first.get_absolute_url(), second.get_absolute_url()} <= set(links(response).values())


def test_a_link_by_a_name_of_several_pages_leads_to_the_choice(reader):
    pages = [write("African Union", "One."), write("Astronomical unit", "Another.")]
    for page in pages:
        add_alias(page, "AU")
    text = write("Metals", "See [[AU]].").get_absolute_url()
    choice = links(reader.opens(text))["AU"]
    assert "“AU” may mean" in reader.sees(choice)
    delete(pages[1], Change(UserFactory()))
    assert links(reader.opens(text))["AU"] == reader.opens(choice).url == pages[0].get_absolute_url()
    delete(pages[0], Change(UserFactory()))
    assert reader.opens(choice).status_code == 404


def test_a_choice_leaves_out_what_one_may_not_read(reader):
    member = MemberFactory()
    first, hidden = write("African Union", "One."), write("Astronomical unit", "Another.", author=member)
    for page in (first, hidden):
        add_alias(page, "AU")
    keep_to(hidden, Group.objects.get(name="Negotiators"), by=member)
    assert reader.opens("/wiki/au/").url == first.get_absolute_url()
    assert "may mean" in Visitor(member).sees("/wiki/au/")


def test_a_title_goes_before_another_name(reader):
    add_alias(write("African Union", "One."), "Gold")
    gold = write("Gold", "A metal.")
    page = write("Metals", "See [[Gold]].")
    assert links(reader.opens(page.get_absolute_url()))["Gold"] == gold.get_absolute_url()
    assert reader.opens("/wiki/gold/").status_code == 200


def test_the_same_language_goes_first(reader):
    english = write("Paris", "A city.")
    french = Article.objects.get(pk=write("Paris (fr)", "Une ville.").pk)
    Article.objects.filter(pk=french.pk).update(language="fr", title="Paris", title_key="paris")
    page = write("Cities", "See [[Paris]] and [[fr:Paris|Paris en français]].")
    found = links(reader.opens(page.get_absolute_url()))
    assert (found["Paris"], found["Paris en français"]) == (
        english.get_absolute_url(),
        french.get_absolute_url(),
    )


# -- missing ------------------------------------------------------------------------------------------------------


def test_a_missing_page_offers_to_write_it_and_names_those_like_it(reader):
    write("Djibouti Post", "Text.")
    response = reader.opens("/wiki/djibouti-desk/")
    assert response.status_code == 404
    assert "There is no page “Djibouti desk”" in words(response)
    assert "Djibouti Post" in links(response)
    assert parse_qs(urlsplit(links(response)["Write this page"]).query)["title"] == ["Djibouti desk"]


def test_no_address_is_a_server_error(reader):
    for slug in (
        "%00",
        "a%00b",
        "-",
        "☃",
        "%ff",
        "x" * 3000,
        "new%0d%0aSet-Cookie: a=b",
        "..",
        "%2e%2e%2fetc",
    ):
        assert reader.opens(f"/wiki/{slug}/").status_code in {301, 400, 404}, slug


# -- around the page ----------------------------------------------------------------------------------------------


def test_people_who_know_are_named_each_with_reasons(reader, rosa, samuel):
    country = region("Djibouti")
    Expertise.objects.create(profile=samuel.profile, region=country, depth=3)
    contact = UserFactory(first_name="Mei", last_name="Lin")
    page = write(
        "Djibouti",
        "Text.",
        author=rosa,
        regions=frozenset({country.pk}),
        contacts=frozenset({contact.profile.pk}),
    )
    response = reader.opens(page.get_absolute_url())
    rows = [" ".join(row.get_text(" ").split()) for row in soup(response).select(".knows li")]
    assert "Contact for this page" in next(row for row in rows if "Mei Lin" in row)
    assert "Knows Djibouti" in next(row for row in rows if "Samuel Okafor" in row)
    assert "1 edit of this page" in next(row for row in rows if "Rosa Çelik" in row)
    assert "Mei Lin" in rows[0]
    assert samuel.profile.get_absolute_url() in links(response).values()
    assert "Reason(" not in words(response)


def test_a_fact_kept_to_oneself_makes_nobody_known(reader, samuel):
    country = region("Djibouti")
    Expertise.objects.create(profile=samuel.profile, region=country, depth=3, audience="me")
    page = write("Djibouti", "Text.", regions=frozenset({country.pk}))
    assert "Samuel Okafor" not in reader.sees(page.get_absolute_url())
    assert "Samuel Okafor" in Visitor(samuel).sees(page.get_absolute_url())


def test_related_pages_share_regions_or_tags(reader):
    country = region("Djibouti")
    page = write("One", "Text.", tags=frozenset({"Ports"}), regions=frozenset({country.pk}))
    write("Same tag", "Text.", tags=frozenset({"Ports"}))
    write("Same place", "Text.", regions=frozenset({country.pk}))
    write("Neither", "Text.", tags=frozenset({"Visas"}))
    found = set(links(reader.opens(page.get_absolute_url())))
    assert {"Same tag", "Same place"} <= found
    assert "Neither" not in found


# -- trust --------------------------------------------------------------------------------------------------------


@pytest.fixture
def owned(rosa) -> Article:
    """A page that Rosa's office owns."""
    office = OfficeFactory(name="East Africa Desk")
    rosa.profile.office = office
    rosa.profile.save()
    page = write(author=rosa)
    Article.objects.filter(pk=page.pk).update(office=office, review_every=6)
    return Article.objects.get(pk=page.pk)


def test_its_office_verifies_a_page_and_later_edits_are_counted(reader, other, owned):
    url = owned.get_absolute_url()
    form = fields_of(reader.opens(url), "form#verify")
    assert reader.sends(f"{url}verify/", number=form["number"]).url == url
    assert "by Rosa Çelik, East Africa Desk" in reader.sees(url)
    other.publishes(f"{url}edit/", body="Another text.")
    other.publishes(f"{url}edit/", body="Another text, spelt.", minor="on")
    assert "1 edit since" in reader.sees(url)
    assert "Verified" in reader.sees(url)


def test_others_cannot_verify(other, owned):
    url = owned.get_absolute_url()
    assert "mark as verified" not in other.sees(url)
    assert other.sends(f"{url}verify/", number="1").status_code == 403
    owned.refresh_from_db()
    assert owned.verified_at is None


def test_a_contact_verifies_too(other, samuel):
    page = write(contacts=frozenset({samuel.profile.pk}))
    other.sends(f"{page.get_absolute_url()}verify/", number="1")
    page.refresh_from_db()
    assert page.verified_by == samuel


def test_only_a_revision_that_is_there_can_be_verified(reader, owned):
    for number in ("", "0", "2", "x", "-1", "99999999999999", "1.0", "٣"):
        assert reader.sends(f"{owned.get_absolute_url()}verify/", number=number).status_code == 404, number


def test_a_verification_lapses(reader, owned, rosa):
    verify(owned, rosa, owned.latest_edit, when=timezone.now() - dt.timedelta(days=200))
    text = reader.sees(owned.get_absolute_url())
    assert "Review due" in text
    assert "Still right" in text


def test_a_restricted_page_says_to_whom(rosa):
    member = MemberFactory()
    page = write(author=member)
    restrict(page, Group.objects.filter(name="Negotiators"), Office.objects.none(), Change(member))
    assert "Restricted to Negotiators" in Visitor(member).sees(page.get_absolute_url())


def test_facts_lead_where_their_kind_says(reader):
    page = write(
        "Case",
        "Text.",
        kind="case-study",
        facts={"country": region("Djibouti").code, "period": "2019–2021", "made_up": "javascript:alert(1)"},
    )
    response = reader.opens(page.get_absolute_url())
    assert links(response)["Djibouti"] == "/wiki/regions/djibouti/"
    assert "Made up" in words(response)
    assert "javascript:" not in {urlsplit(url).scheme + ":" for url in links(response).values()}


# -- browsing -----------------------------------------------------------------------------------------------------


def test_the_ways_in_count_what_one_may_read(reader):
    country = region("Djibouti")
    write("Djibouti", "x", kind="country-profile", tags=frozenset({"Ports"}), regions=frozenset({country.pk}))
    write("Éclair", "x", tags=frozenset({"Ports"}))
    write("7 sisters", "x")
    text = reader.sees("/wiki/")
    assert "Country pages" in text
    assert "Ports" in text
    assert "Djibouti" in reader.sees("/wiki/kinds/country-profile/")
    assert {"Djibouti", "Éclair"} <= set(links(reader.opens("/wiki/tags/ports/")))
    assert "Djibouti" in links(reader.opens("/wiki/regions/africa/"))
    assert "Éclair" in links(reader.opens("/wiki/letters/", letter="E"))
    assert "7 sisters" in links(reader.opens("/wiki/letters/", letter="#"))


def test_case_studies_are_narrowed_by_facets(reader):
    country = region("Djibouti")
    write(
        "First",
        "x",
        kind="case-study",
        regions=frozenset({country.pk}),
        facts={"effect": "Visas fell by half"},
    )
    write("Second", "x", kind="case-study", tags=frozenset({"Radio"}), facts={"effect": "None measured"})
    assert {"First", "Second"} <= set(links(reader.opens("/wiki/case-studies/")))
    narrowed = links(reader.opens("/wiki/case-studies/", country="djibouti"))
    assert "First" in narrowed
    assert "Second" not in narrowed
    assert "First" not in links(reader.opens("/wiki/case-studies/", effect="none"))


def test_any_page_leads_somewhere(reader):
    assert reader.opens("/wiki/random/").url == "/wiki/"
    page = write()
    assert reader.opens("/wiki/random/").url == page.get_absolute_url()


def test_recent_changes_show_the_newest_edit_of_each_page_a_day(reader, rosa, samuel):
    page = write("Djibouti", "One.", author=rosa)
    revise(page, "Two.", author=samuel, summary="Better words")
    write("Eritrea", "One.", author=rosa)
    text = reader.sees("/changes/")
    assert "3 edits of 2 pages" in text
    assert "Better words" in text
    assert "Eritrea" not in links(reader.opens("/changes/", author="samuel.okafor"))
    assert "Better words" not in reader.sees("/changes/", tab="new")


LISTS = ["/wiki/", "/wiki/letters/", "/wiki/wanted/", "/wiki/case-studies/", "/changes/", "/wiki/tags/ports/"]


def test_a_strange_page_number_is_no_error(reader):
    write("Page", "x [[Y]]", tags=frozenset({"Ports"}))
    for url in [*LISTS, "/wiki/page/history/", "/wiki/page/links/"]:
        for number in ("abc", "0", "-1", "99999999999999999999", "1e3", "9" * 5000, "", "١"):
            assert reader.opens(url, page=number).status_code == 200, (url, number)


def test_a_strange_filter_is_no_error(reader):
    write("Page", "x", tags=frozenset({"Ports"}))
    names = ("letter", "kind", "region", "tag", "author", "tab", "country", "section", "number")
    for value in ("☃", "x" * 5000, "'\"<", "-1"):
        for url in [*LISTS, "/wiki/page/history/", "/wiki/page/edit/", "/wiki/kinds/how-to/"]:
            assert reader.opens(url, **dict.fromkeys(names, value)).status_code == 200, (url, value)


def test_a_person_named_with_a_slash_breaks_no_page(reader):
    page = write("Handover", kind="handover-note", facts={"successor": "Ana Silva / Bo Li"})
    assert "Ana Silva / Bo Li" in reader.sees(page.get_absolute_url())
