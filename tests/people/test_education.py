"""Where colleagues studied: told in one's own words, seen and found by whom one chose."""

import pytest

from people.merging import merge
from people.models import Education
from tests.people.conftest import person

pytestmark = pytest.mark.django_db
ADDRESS = "/people/farida/edit/education/"


@pytest.fixture
def farida(legal):
    return person("Farida Haidari", "farida", office=legal)


def add(client, **line: str):
    kept = Education.objects.filter(profile__user__username="farida")
    sent = {"education-TOTAL_FORMS": str(len(kept) + 1), "education-INITIAL_FORMS": str(len(kept))}
    for number, one in enumerate(kept):
        sent |= {f"education-{number}-id": str(one.pk), f"education-{number}-institution": one.institution}
        sent |= {f"education-{number}-audience": one.audience}
    new = {"audience": "all", "subject": "", "ended": ""} | line
    return client.post(ADDRESS, sent | {f"education-{len(kept)}-{name}": text for name, text in new.items()})


def test_colleagues_read_and_find_where_somebody_studied(farida, client_for, browse, index):
    own = client_for(farida.user)
    assert "Education" not in browse("/people/farida/")
    assert (
        add(own, institution="Hochschule Zwickau", subject="MA in hydrology", ended="2009").status_code == 302
    )
    page = browse("/people/farida/")
    assert page.index("Education") < page.index("2009") < page.index("MA in hydrology")
    assert "Hochschule Zwickau" in page
    index()
    assert "Farida Haidari" in browse("/people/?q=hydrology+zwickau")


def test_the_latest_comes_first_and_what_has_no_year_last(farida, browse):
    for school, ended in ("Undated", None), ("Early", 1990), ("Late", 2009), ("Later told", 2009):
        Education.objects.create(profile=farida, institution=school, ended=ended)
    page = browse("/people/farida/")
    assert page.index("Later told") < page.index("Late<") < page.index("Early") < page.index("Undated")


def test_what_only_the_office_sees_is_nobody_elses(farida, client_for, browse, legal, index):
    add(client_for(farida.user), institution="Hochschule Zwickau", audience="office")
    index()
    assert "Zwickau" in browse("/people/farida/", user=person("Sam Same", office=legal).user)
    assert "Zwickau" not in browse("/people/farida/")
    assert "Farida Haidari" not in browse("/people/?q=zwickau")


def test_a_line_without_a_school_comes_back_as_it_was_typed(farida, client_for):
    answer = add(client_for(farida.user), institution="", subject="Persian poetry", ended="1066 BC")
    assert answer.status_code == 422
    assert "Persian poetry" in answer.content.decode()
    assert not Education.objects.exists()


def test_it_moves_with_a_merger_once(farida, administrator):
    double = person("Farida Haidari")
    for profile, school in (farida, "LSE"), (double, "lse"), (double, "ENA"):
        Education.objects.create(profile=profile, institution=school)
    merge(farida, double, administrator)
    assert sorted(farida.education.values_list("institution", flat=True)) == ["ENA", "LSE"]
