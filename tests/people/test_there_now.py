"""Who is at a post: one meaning for the post's page, the list of posts, the directory and the search."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from people.models import Profile, SkillTag
from people.searchables import PeopleSource
from tests.people.conftest import person, served, skilled, speaks

pytestmark = pytest.mark.django_db


def test_whose_profile_alone_says_so_is_there(kabul, browse):
    said = person("Sita Said", post=kabul)
    speaks(said, "pus", "3")
    for address in (
        "/people/posts/kabul/",
        "/people/?now=kabul",
        "/people/?q=Pashto+speaker+in+Kabul",
        "/people/?served=kabul",
    ):
        assert "Sita Said" in browse(address), address
    assert "now there" in browse("/people/?now=kabul")
    assert "Sita Said" not in browse("/people/?served=kabul&from=2010&to=2012").partition("Near matches")[0]
    assert [
        (job.place, job.now, job.principal) for job in next(PeopleSource().entries([said.pk])).assignments
    ] == [("Kabul", True, "all")]


def test_who_was_asked_for_by_years_is_shown_with_the_job_of_those_years(kabul, browse):
    served(person("Ruth Returned", post=kabul), kabul, 2010, 2012, title="Consul")
    page = browse("/people/?served=kabul&from=2010&to=2012").partition("Near matches")[0]
    assert "2010–2012" in page
    assert "now there" not in page


def test_numbers_are_those_of_the_pages_they_lead_to(kabul, browse, reader, client_for):
    person("Sita Said", post=kabul)
    served(person("Jon Job"), kabul, 2022)
    both = person("Bo Both", post=kabul)
    served(both, kabul, 2022)
    served(person("Hana Hidden"), kabul, 2022, audience="me")
    client = client_for(reader)
    assert [number for _post, number in client.get("/people/posts/").context["posts"]] == [3]
    assert client.get("/people/posts/kabul/").context["page"].paginator.count == 3
    answer = client.get("/people/?served=kabul")
    assert answer.context["page"].paginator.count == 3
    ticked = [one for facet in answer.context["facets"] for one in facet.choices if one.value == "kabul"]
    assert [one.count for one in ticked] == [3]


@pytest.mark.parametrize("gone", [{"left_at": dt.date(2025, 1, 1)}, {"historical": True}])
def test_whoever_left_was_there_even_if_nobody_ended_the_job(kabul, browse, gone):
    leaver = person("Lena Leaver")
    served(leaver, kabul, 2018, title="Consul")
    Profile.objects.filter(pk=leaver.pk).update(**gone)
    assert "Lena Leaver" in browse("/people/posts/kabul/")
    assert "2018–now" not in browse("/people/posts/kabul/")


def test_the_address_of_a_skill_is_its_own(browse):
    SkillTag.objects.create(name="C++", slug="c")
    SkillTag.objects.create(name="C", slug="c_1")
    skilled(person("Cy Plus"), "C++")
    skilled(person("Cee Plain"), "C")
    page = browse("/people/?skill=c")
    assert "Cy Plus" in page
    assert "Cee Plain" not in page.partition("Near matches")[0]


def test_forgetting_longer_ago_than_there_were_days_is_refused():
    with pytest.raises(CommandError):
        call_command("forget_disclosures", days=5_000_000)
