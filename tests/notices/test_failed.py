"""What failed of the notices is shown to administrators with its reason, and tried again."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from notices import actions
from notices.models import Event, Letter, Watch

pytestmark = pytest.mark.django_db
FAILED, RETRY = "/admin/failed-notices/", "/admin/failed-notices/retry/"


@pytest.fixture
def failures(samuel):
    """A saved search, an event and a letter that failed."""
    watch = actions.watch(samuel, "search", "zebra")
    event = Event.objects.create(kind="edit", subject_kind="article", subject_pk=5)
    letter = Letter.objects.create(user=samuel)
    for row, why in ((watch, "no grammar"), (event, "no subject"), (letter, "no mailbox")):
        row.failed(ValueError(why))
    return watch, event, letter


def test_an_administrator_sees_what_failed_and_why_and_tries_one_again(failures, administrator, client):
    client.force_login(administrator)
    page = client.get(FAILED).content.decode()
    for words in (
        "no grammar",
        "no subject",
        "no mailbox",
        f"Saved search {failures[0].pk}",
        "Try all again",
    ):
        assert words in page
    assert "zebra" not in page  # what somebody watches is theirs alone
    answer = client.post(RETRY, {"row": f"event:{failures[1].pk}"}, follow=True)
    assert "1 is tried again" in answer.content.decode()
    assert (Event.objects.get().tries, Watch.objects.get().tries) == (0, 1)
    for nonsense in ("", "event:", "event:1٣", "letter:" + "9" * 30, "people:1"):
        client.post(RETRY, {"row": nonsense})
    assert (Watch.objects.get().tries, Letter.objects.get().tries) == (1, 1)
    client.post(RETRY)
    assert (Watch.objects.get().tries, Letter.objects.get().tries) == (0, 0)


@pytest.mark.parametrize("stopped", [True, False])
def test_a_search_that_nobody_waits_for_is_not_among_what_failed(
    failures, samuel, administrator, client, stopped
):
    if stopped:
        actions.unwatch(samuel, "search", "zebra")
    else:
        type(samuel).objects.filter(pk=samuel.pk).update(is_active=False)
    client.force_login(administrator)
    assert "no grammar" not in client.get(FAILED).content.decode()
    client.post(RETRY)
    assert Watch.objects.get().error
    assert not Letter.objects.get().tries


def test_it_is_among_the_reports(administrator, client):
    client.force_login(administrator)
    assert "Failed notices" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("staff", [False, True])
def test_it_is_closed_to_others(failures, outsider, client, staff):
    if staff:
        outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(outsider)
    for answer in (client.get(FAILED), client.post(RETRY), client.get(RETRY)):
        assert answer.status_code in ((403, 405) if staff else (302, 403, 405))
        assert b"no mailbox" not in answer.content
    assert Letter.objects.troubled().exists()
