import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.text import slugify

from diplopedia.models import Article
from people.models import Assignment, Office, Post, Profile, User
from tests.factories import OfficeFactory, write
from tests.people.conftest import person, served, speaks

pytestmark = pytest.mark.django_db


def test_moving_an_office_moves_what_lies_under_it(legal):
    top, treaties = OfficeFactory.create(), OfficeFactory.create(parent=legal)
    sea = OfficeFactory.create(parent=treaties)
    legal.parent = top
    legal.save()
    sea.refresh_from_db()
    assert sea.lineage == (top.pk, legal.pk, treaties.pk, sea.pk)
    assert set(Office.objects.subtree(legal)) == {legal, treaties, sea}
    legal.refresh_from_db()
    legal.parent = None
    legal.save()
    sea.refresh_from_db()
    assert list(sea.lineage) == [legal.pk, treaties.pk, sea.pk]


def test_an_office_is_not_part_of_itself(legal):
    below = OfficeFactory.create(parent=legal)
    legal.parent = below
    with pytest.raises(ValidationError, match="part of itself"):
        legal.clean()


def test_offices_of_one_bureau_stand_by_name(legal, browse):
    for name, parent in (("Zoos", None), ("Élan", legal), ("Aviation", None), ("Far away", legal)):
        OfficeFactory.create(name=name, parent=parent)
    page = browse("/people/offices/")
    order = ("Aviation", legal.name, "Élan", "Far away", "Zoos")
    assert sorted(order, key=lambda name: page.index(f">{name}<")) == list(order)


def test_offices_count_the_people_under_them(legal, browse):
    person("Tia Treaty", office=OfficeFactory.create(name="Treaties", slug="treaties", parent=legal))
    person("Lou Legal", office=legal)
    gone = person("Gil Gone", office=legal)
    Profile.objects.filter(pk=gone.pk).update(left_at="2020-01-01")
    page = browse("/people/offices/")
    assert "2 colleagues" in page
    page = browse("/people/offices/legal/")
    assert "Tia Treaty" in page
    assert "Gil Gone" not in page
    assert "Treaties" in page
    browse("/people/offices/none/", status=404)


def test_a_post_tells_who_is_there_and_who_was(kabul, browse):
    person("Nia Now", post=kabul)
    served(person("Jo Job"), kabul, 2023, title="Consul")
    served(person("Pat Past"), kabul, 2010, 2013, title="Attaché")
    page = browse("/people/posts/kabul/")
    now, before = page.split("Served here before")
    assert "2 colleagues now" in now
    assert "Nia Now" in now
    assert "Jo Job" in now
    assert "Pat Past" in before
    assert "2010–2013" in before


def test_posts_open_and_closed(kabul, nairobi, browse):
    nairobi.closed = 1990
    nairobi.save()
    assert "Nairobi" not in browse("/people/posts/")
    assert "Nairobi" in browse("/people/posts/?closed=1")
    assert "Closed in 1990" in browse("/people/posts/nairobi/")


def test_posts_stand_as_in_a_dictionary(kabul, browse):
    for city in ("APP Alexandria", "Zürich", "Évian", "abidjan"):
        Post.objects.create(city=city, slug=slugify(city))
    page = browse("/people/posts/")
    cities = ("abidjan", "APP Alexandria", "Évian", "Kabul", "Zürich")
    assert sorted(cities, key=page.index) == list(cities)


@pytest.fixture
def polyglots(kabul):
    people = [person(f"Poly Glot{number}", post=kabul) for number in range(4)]
    speaks(people[0], "tir", "4", "3+")
    speaks(people[1], "tir", "2+", "2")
    speaks(people[2], "som", "2", "2")
    for one in people:
        speaks(one, "fra", "4", "4")
    return people


def first_table(page: str) -> str:
    return page.split("<tbody>")[1].split("</tbody>")[0]


def test_rare_languages_fewest_first(polyglots, browse):
    page = browse("/people/languages/")
    assert page.index("Somali") < page.index("Tigrinya")
    assert "nobody at 3/3 or better" in page
    assert "French" not in first_table(page)
    assert "3 languages are recorded" in page
    assert "Poly Glot0" in page.split("Tigrinya")[1]
    assert "nearest" in page


def test_another_level_another_scarcity(polyglots, browse):
    page = browse("/people/languages/?speaks=2&reads=2")
    assert "nobody at 2/2" not in page
    assert "with</span> 2 colleagues" in page


def test_where_it_is_spoken(polyglots, browse):
    speaks(polyglots[0], "khm", "1", "1")
    assert "Khmer" not in browse("/people/languages/?where=bureau-af")
    assert "Khmer" in browse("/people/languages/?where=bureau-eap")


@pytest.mark.parametrize("asked", ["speaks=x", "where=%27", "all=none", "recent=1&tested=1"])
def test_nonsense_never_fails(polyglots, browse, asked):
    browse(f"/people/languages/?{asked}")


def test_leavers_are_not_counted(polyglots, browse):
    Profile.objects.filter(pk=polyglots[2].pk).update(left_at="2020-01-01")
    assert "Somali" not in first_table(browse("/people/languages/"))


# --- office and post pages ---------------------------------------------------------------------------------------


def words_of(browse, address: str) -> str:
    main = BeautifulSoup(browse(address), "html.parser").select_one("main")
    return re.sub(r"\s+([,.])", r"\1", " ".join(main.get_text(" ").split()))


def test_an_office_shows_its_head_first_and_who_led_it_before(legal, browse):
    treaties = OfficeFactory.create(name="Treaties", slug="treaties", parent=legal)
    person("Ada Able", office=legal, title="Desk Officer")
    person("Zoe Zest", office=legal, title="Director")
    person("Bea Under", office=treaties, title="Director General")
    dan = person("Dan Deputy", office=legal, title="Deputy Director")
    for name, title, office, ended, audience in (
        ("Lee Led", "Directrice", legal, 2019, "all"),
        ("Sam Section", "Head of Section", legal, 2018, "all"),
        ("Dee Desk", "Desk Officer", treaties, 2020, "all"),
        ("Hal Hidden", "Director", legal, 2021, "me"),
    ):
        Assignment.objects.create(
            profile=person(name), office=office, title=title, audience=audience,
            started=dt.date(ended - 3, 1, 1), ended=dt.date(ended, 1, 1),
        )  # fmt: skip
    page = words_of(browse, "/people/offices/legal/")
    assert "4 colleagues with those of the offices under it" in page
    assert page.index("Zoe Zest Head") < page.index("Ada Able") < page.index("Bea Under")
    assert page.count(" Head Dir") == 1
    assert dan.name in page
    led, before = page.split("Led it before")[1].split("Served here before")
    assert "2016–2019 Lee Led" in led
    assert "Sam Section" not in led
    assert "Dee Desk, Desk Officer Treaties" in before
    assert "Hal Hidden" not in page


def test_an_office_shows_languages_and_posts_as_far_as_the_reader_may_know(legal, kabul, browse):
    speaks(person("Ada Able", office=legal, post=kabul), "prs", "3")
    speaks(person("Bob Best", office=legal, post=kabul), "prs", "2")
    speaks(person("Hal Hidden", office=legal), "pus", "4", audience="me")
    page = words_of(browse, "/people/offices/legal/")
    assert "Dari 2 (1 at 3 or better)" in page
    assert "Pashto" not in page
    assert "Embassy Kabul 2" in page


def test_an_office_lists_the_pages_it_answers_for_those_due_first(legal, browse):
    due, fresh, secret = (write(title) for title in ("Zebra rules", "Ant rules", "Secret rules"))
    for page in (due, fresh, secret):
        page.office = legal
        page.save()
    long_ago = timezone.now() - dt.timedelta(days=500)
    Article.objects.filter(pk=due.pk).update(verified_at=long_ago, review_every=12)
    Article.objects.filter(pk=secret.pk).update(restricted=True)
    page = words_of(browse, "/people/offices/legal/")
    assert "Pages it answers for 2 1 is due for review" in page
    assert page.index("Zebra rules review due") < page.index("Ant rules")
    assert "Secret rules" not in page


def test_pages_of_leavers_are_in_the_queue_of_their_office(legal, browse):
    other = OfficeFactory.create(name="Other", slug="other")
    gil = person("Gil Gone", office=legal)
    theirs, deserted, kept = (write(title) for title in ("Sea law", "Air law", "Land law"))
    for page, contact in ((theirs, gil), (kept, person("Stan Stays", office=legal))):
        page.contacts.add(contact)
        page.save()
    Article.objects.filter(pk=deserted.pk).update(office=other)
    assert "has left" not in words_of(browse, "/people/offices/legal/")
    Profile.objects.filter(pk=gil.pk).update(left_at="2020-01-01")
    gone = person("Olga Other", office=other)
    Profile.objects.filter(pk=gone.pk).update(left_at="2020-01-01")
    assert "1 page whose contact or office has left" in words_of(browse, "/people/offices/legal/")
    everything = words_of(browse, "/wiki/lists/left/")
    assert "Sea law Gil Gone has left" in everything
    assert "Air law nobody works in Other any more" in everything
    assert "Land law" not in everything
    ours = words_of(browse, "/wiki/lists/left/?office=legal")
    assert "Sea law" in ours
    assert "Air law" not in ours


def test_a_post_tells_whom_to_ask_and_what_is_written_about_it(kabul, browse):
    person("Amb Assador", post=kabul, title="Ambassador", available_questions=True)
    served(person("Pat Past", available_questions=True), kabul, 2010, 2013)
    served(person("Hal Hidden", available_questions=True), kabul, 2011, 2012, audience="me")
    Post.objects.create(city="Herat", slug="herat", country=kabul.country, closed=1990)
    Post.objects.filter(pk=kabul.pk).update(emergency_phone="+93 555 0100")
    write("Moving to Kabul")
    write("Kabulistan")
    filed = write("Elections of 2009")
    filed.regions.add(kabul.country)
    filed.save()
    page = words_of(browse, "/people/posts/kabul/")
    assert "Amb Assador Head Ambassador" in page
    ask = page.split("Ready for questions")[1].split("Served here before")[0]
    assert ask.index("Amb Assador") < ask.index("Pat Past")
    assert "Hal Hidden" not in page
    assert "Pages about it Moving to Kabul" in page
    assert "Pages on Afghanistan Elections of 2009" in page
    assert "Kabulistan" not in page
    assert "Other posts in Afghanistan Embassy Herat Closed in 1990." in page
    assert "+93 555 0100" in page


def test_who_is_counted_at_places_is_whom_the_directory_lists(legal, kabul, browse):
    here = person("Hana Here", office=legal, post=kabul)
    person("Lena Left", office=legal, post=kabul, left_at=dt.date(2024, 5, 1))
    person("Horace Historical", office=legal, post=kabul, historical=True)
    closed = person("Clara Closed", office=legal, post=kabul)
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    for people in (Profile.objects.directory_whole(), Profile.objects.directory()):
        assert list(people.filter(office=legal)) == [here]
    for address, name in ("/people/offices/", legal.name), ("/people/posts/", "Kabul"):
        page = BeautifulSoup(browse(address), "html.parser").find("main").get_text(" ", strip=True)
        assert re.search(rf"{name}\D* 1\b", page), page


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL decides by the size of the table")
def test_people_are_counted_without_reading_what_they_write_or_looking_up_each_account(legal):
    plan = (
        Profile.objects.directory_whole().filter(office__in=[legal.pk]).order_by().values("office").explain()
    )
    assert "SEARCH people_profile USING INDEX people_by_office" in plan, plan
    assert "USING INDEX closed_accounts" in plan, plan
    assert "SEARCH people_user" not in plan, plan


@pytest.mark.parametrize("address", ["/people/offices/legal/", "/people/posts/kabul/"])
def test_a_long_place_costs_as_much_as_a_short_one(
    legal, kabul, client_for, reader, address, django_assert_max_num_queries
):
    client = client_for(reader)
    for number in range(2):
        _fill(number, legal, kabul)
    client.get(address)
    with django_assert_max_num_queries(12) as few:
        client.get(address)
    for number in range(2, 14):
        _fill(number, legal, kabul)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def _fill(number: int, office: Office, post: Post) -> None:
    one = person(f"Now Here{number}", office=office, post=post, available_questions=True)
    speaks(one, ("prs", "pus", "fra", "som")[number % 4], "3")
    served(one, post, 2000, 2004, title="Ambassador", office=office)
    OfficeFactory.create(parent=office)
    page = write(f"Kabul {number}")
    page.office = office
    page.regions.add(post.country)
    page.contacts.add(one)
    page.save()


@pytest.mark.parametrize("asked", ["before=x", "before=99999&page=99", "before=0", "before=-1"])
def test_an_odd_page_of_a_place_never_fails(legal, kabul, browse, asked):
    browse(f"/people/offices/legal/?{asked}")
    browse(f"/people/posts/kabul/?{asked}")


def test_languages_here_count_the_parts_of_a_larger_one(kabul, browse):
    for name, codes in {
        "Ada Both": ("zho", "cmn"),
        "Ben Mandarin": ("cmn",),
        "Cleo Cantonese": ("yue",),
    }.items():
        someone = person(name, post=kabul)
        for code in codes:
            speaks(someone, code, "3" if code == "cmn" else "2")
    page = BeautifulSoup(browse("/people/posts/kabul/"), "html.parser")
    here = {
        " ".join(row.get_text(" ").replace("( ", "(").split()) for row in page.select("dl.facts--wide > div")
    }
    assert {"Chinese 3 (2 at 3 or better)", "Mandarin 2 (2 at 3 or better)", "Cantonese 1"} <= here
