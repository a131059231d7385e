import pytest
from django.core.exceptions import ValidationError

from people.models import Office, Profile
from tests.factories import OfficeFactory
from tests.people.conftest import person, served, speaks

pytestmark = pytest.mark.django_db


def test_moving_an_office_moves_what_lies_under_it(legal):
    top, treaties = OfficeFactory.create(), OfficeFactory.create(parent=legal)
    sea = OfficeFactory.create(parent=treaties)
    legal.parent = top
    legal.save()
    sea.refresh_from_db()
    assert sea.lineage == (top.pk, legal.pk, treaties.pk, sea.pk)
    assert list(sea.ancestors_and_self()) == [top, legal, treaties, sea]
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


@pytest.fixture
def polyglots(kabul):
    people = [person(f"Poly Glot{number}", post=kabul) for number in range(4)]
    speaks(people[0], "tir", "4", "3+")
    speaks(people[1], "tir", "2+", "2")
    speaks(people[2], "som", "2", "2")
    for one in people:
        speaks(one, "fra", "4", "4")
    return people


def test_rare_languages_fewest_first(polyglots, browse):
    page = browse("/people/languages/")
    assert page.index("Somali") < page.index("Tigrinya")
    assert "nobody at 3/3 or better" in page
    assert "French" not in page.split("<tbody>")[1]
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
    assert "Somali" not in browse("/people/languages/")
