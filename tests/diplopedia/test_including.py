"""`{{Title}}` shows another page's text: with the reader's own rights, once, and never without an end."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from diplopedia import kept
from diplopedia.actions import Change, rename
from diplopedia.markdown import TextTooDeep, render
from diplopedia.markdown.including import MOST_INCLUSIONS
from diplopedia.models import Article
from search import outbox
from search.engines import engine
from tests.factories import keep_to, revise, write

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def search_index(tmp_path_factory) -> Iterator[None]:
    """A search index that takes changes: until it has them nothing is kept."""
    with override_settings(SEARCH_URL=f"tantivy://{tmp_path_factory.mktemp('search')}/index"):
        with engine().rebuild() as new, new.swapping():
            pass
        yield


@pytest.fixture
def reads(client_for, outsider):
    """Return a function that opens a page and returns what its text shows."""

    def open_page(article, user=outsider) -> str:
        html = client_for(user).get(article.get_absolute_url()).content.decode()
        return html.partition('<div class="prose')[2]

    return open_page


def negotiators() -> Group:
    return Group.objects.get(name="Negotiators")


def test_a_page_shows_the_text_of_another_and_says_whose_it_is(reads):
    source = write("Visa fees", "## Fees\n\nForty euros.[^1]\n\n[^1]: Since 2020.")
    host = write("Visa desk", "Before.\n\n{{Visa fees}}\n\nAfter.[^1]\n\n[^1]: Ours.")
    html = reads(host)
    assert "Forty euros." in html
    assert '<section class="included" aria-label="From the page Visa fees">' in html
    assert f'href="{source.get_absolute_url()}">Visa fees</a>' in html
    assert '<h3 id="i1-s-fees"' in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert 'href="#i1-fn-1"' in html
    revise(source, "Fifty euros.")
    assert "Fifty euros." in reads(host)


def test_a_section_is_shown_alone(reads):
    write(
        "Visa fees",
        "Lead.\n\n## Fees\n\nForty.[^1]\n\n### Children\n\nFree.\n\n## Hours\n\nNine.\n\n[^1]: Note.",
    )
    html = reads(write("Desk", "{{Visa fees#Fees}}"))
    assert "Forty." in html
    assert "Free." in html
    assert not {"Lead.", "Nine.", "Note."} & set(re.findall(r"[A-Z]\w+\.", html))
    assert "Nine." in reads(write("Hours", "{{visa  FEES#hours}}"))


def test_a_section_that_is_not_there_is_a_link(reads):
    source = write("Visa fees", "Forty.")
    assert f'<a href="{source.get_absolute_url()}#s-fines">Visa fees</a>' in reads(
        write("Desk", "{{Visa fees#Fines}}")
    )


def test_another_name_includes_as_well(reads, outsider):
    rename(write("Zaire", "Kinshasa is the capital."), "Congo", Change(author=outsider))
    assert "Kinshasa is the capital." in reads(write("Desk", "{{Zaire}}"))


def test_what_somebody_may_not_read_looks_like_what_is_not_there(reads, outsider, member):
    secret = write("Accession talks", "Tok3n of the talks.", author=member)
    host = write("Desk", "{{Accession talks}}\n\n{{Nothing here}}", author=member)
    keep_to(secret, negotiators(), by=member)
    assert "Tok3n of the talks." in reads(host, member)
    html = reads(host, outsider)
    assert "Tok3n" not in html
    shown = re.findall(r'<p dir="auto"><a class="wanted" [^>]*>([^<]*)</a></p>', html)
    assert shown == ["{{Accession talks}}", "{{Nothing here}}"]


def test_a_text_is_gone_at_the_next_reading_after_it_was_restricted(reads, outsider, member):
    source = write("Accession talks", "Tok3n of the talks.", author=member)
    host = write("Desk", "{{Accession talks}}")
    outbox.drain(wait=10)
    assert "Tok3n" in reads(host)
    assert kept.shown(host.wiki_slug, outsider, lambda: pytest.fail("It was not kept.")).number == 1
    keep_to(source, negotiators(), by=member)
    assert "Tok3n" not in reads(host)


def test_what_is_included_is_no_text_of_the_host(reads, client_for, outsider):
    source = write("Source", "Xylograph collection.")
    host = write("Host", "{{Source}}\n\nOwn words.")
    assert host.lead == "Own words."
    outbox.drain(wait=10)
    found = client_for(outsider).get("/search/", {"q": "xylograph"}).context["results"]
    assert [(hit.kind, hit.pk) for hit in found] == [("article", source.pk)]


def test_the_included_page_knows_who_includes_it(client_for, outsider):
    source = write("Source", "Text.")
    write("Host", "{{Source#Part}}")
    assert "Host" in client_for(outsider).get(f"{source.get_absolute_url()}links/").content.decode()


# -- without an end -------------------------------------------------------------------------------------------------


def test_a_loop_is_named_and_not_followed(reads):
    first = write("One", "First words.")
    write("Two", "Second words.\n\n{{One}}")
    revise(first, "First words.\n\n{{Two}}")
    html = reads(first)
    assert html.count("First words.") == 1
    assert "The page “One” would include itself here." in html
    itself = write("Mirror", "{{Mirror}}")
    assert "The page “Mirror” would include itself here." in reads(itself)


def test_only_so_many_levels_and_texts_are_included(reads):
    write("L5", "Deepest.")
    for level in range(4, 0, -1):
        write(f"L{level}", f"Level {level}.\n\n{{{{L{level + 1}}}}}")
    html = reads(write("Top", "{{L1}}"))
    assert "Level 3." in html
    assert "Level 4." not in html
    assert ">L4</a></p>" in html
    write("Leaf", "Bomb.")
    write("Branch", "{{Leaf}}\n\n" * 50)
    assert reads(write("Root", "{{Branch}}\n\n" * 50)).count("Bomb.") < MOST_INCLUSIONS


def test_each_level_costs_one_query(reads, django_assert_num_queries, client_for, outsider):
    write("Source", "Text.")
    plain, host = write("Plain", "[[Source]]"), write("Host", "{{Source}}\n\n{{Source}}\n\n[[Source]]")
    client = client_for(outsider)
    client.get(plain.get_absolute_url())
    with django_assert_num_queries(queries_of(client, plain) + 1):
        client.get(host.get_absolute_url())


def queries_of(client, article: Article) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(article.get_absolute_url())
    return len(asked)


# -- what stays as it was written -----------------------------------------------------------------------------------


LITERAL = (
    "See {{Source}} there.", "```\n{{Source}}\n```", "    {{Source}}", "`{{Source}}`", "{{a|b=c}}", "{{@rosa}}",
    "{{ }}", "{{{Source}}}",
)  # fmt: skip


@pytest.mark.parametrize("text", LITERAL)
def test_only_a_line_of_its_own_includes(text):
    rendered = render(text)
    assert 'class="wt"' not in rendered.html
    assert "{{" in rendered.html
    assert not rendered.links


def test_template_syntax_stays_literal(reads):
    html = reads(write("Sums", "{{7*7}}\n\n{{ request.user.password }}"))
    assert "{{7*7}}</a>" in html
    assert "{{request.user.password}}</a>" in html
    assert "49" not in html.partition("</section>")[0]


def test_deep_quotations_around_it_are_bounded():
    with pytest.raises(TextTooDeep):
        render("> " * 60 + "{{Source}}")
