"""Case studies, as a new hire reads them: by country, period, theme and effect, with what each teaches."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from diplopedia.models import Article
from diplopedia.narrowing import Values, chips, facet, fits

KIND = "case-study"
PER_PAGE = 20
# Silent reading of English non-fiction averages 238 words a minute (Brysbaert 2019); case studies are denser: 220, of
# six characters with the space behind.
CHARACTERS_A_MINUTE = 220 * 6
READ_NEXT = 4
_YEAR = re.compile(r"\b(1[4-9]|20)(\d)\d\b")


@dataclass(frozen=True)
class Case:
    """One case study in the list."""

    article: Article
    places: str
    period: str
    minutes: int
    effect: str

    @property
    def lesson(self) -> str:
        """What it teaches, in a sentence."""
        return str(self.article.facts.get("lessons", ""))


def cases_of(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Keep the case studies, with what the list shows."""
    cases = articles.filter(template__slug=KIND).select_related("template", "latest_edit")
    return (
        cases.prefetch_related("tagged_items__tag", "regions")
        .defer("body", "html", "contents")
        .order_by("title_key")
    )


def minutes(article: Article) -> int:
    """Return how long it takes to read, in whole minutes, at least one."""
    size = article.latest_edit.size if article.latest_edit else 0
    return max(1, math.ceil(size / CHARACTERS_A_MINUTE))


def case(article: Article) -> Case:
    """Return what the list shows of a case study."""
    places = ", ".join(str(region) for region in article.regions.all())
    facts = article.facts
    return Case(article, places, str(facts.get("period", "")), minutes(article), str(facts.get("effect", "")))


def decades(period: str) -> dict[str, str]:
    """Return the decades that a period touches, from its first year to its last: `2010` to `2010s`."""
    years = [int(century + decade) * 10 for century, decade in _YEAR.findall(period)]
    if not years:
        return {}
    return {str(year): _("%(year)ds") % {"year": year} for year in range(min(years), max(years) + 1, 10)}


def values(article: Article) -> Values:
    """Return an article's facet values: facet name to value to label."""
    measured = not str(article.facts.get("effect", "none")).casefold().startswith("none")
    return {
        "country": {region.slug: str(region) for region in article.regions.all()},
        "period": decades(str(article.facts.get("period", ""))),
        "theme": {item.tag.slug: item.tag.name for item in article.tagged_items.all()},
        "effect": {"measured": _("Effect measured")} if measured else {"none": _("None measured")},
    }


@dataclass(frozen=True)
class Next:
    """A case study beside those that were asked for, and what it has in common with them."""

    article: Article
    why: str


def read_next(shown: list[Article], others: Iterable[Article]) -> list[Next]:
    """Return the cases that share most places and themes with those shown."""
    wanted: Counter[str] = Counter()
    for article in shown:
        wanted.update(common(article).keys())
    ranked = []
    for article in others:
        if shared := {slug: label for slug, label in common(article).items() if slug in wanted}:
            best = sorted(shared, key=lambda slug: -wanted[slug])
            ranked.append(
                (-len(shared), article.title_key, Next(article, ", ".join(shared[slug] for slug in best)))
            )
    return [found for _shared, _title, found in sorted(ranked, key=lambda row: row[:2])[:READ_NEXT]]


def common(article: Article) -> dict[str, str]:
    """Return what a case may have in common with others: its places and themes, by name."""
    own = values(article)
    return {**own["country"], **own["theme"]}


def case_studies(request: HttpRequest) -> HttpResponse:
    """Browse case studies by country, period, theme and whether an effect was measured."""
    everything = [(one, values(one)) for one in cases_of(Article.objects.readable_by(request.user))]
    legends = {"country": _("Place"), "period": _("Period"), "theme": _("Theme"), "effect": _("Effect")}
    chosen = {name: request.GET.getlist(name) for name in legends}
    rows = [own for _case, own in everything]
    facets = [facet(name, legend, rows, chosen) for name, legend in legends.items()]
    fitting = [article for article, own in everything if fits(own, chosen)]
    others = [article for article, own in everything if not fits(own, chosen)]
    context = {
        "page": Paginator([case(article) for article in fitting], PER_PAGE).get_page(request.GET.get("page")),
        "facets": facets,
        "chips": chips(request.GET, facets),
        "read_next": read_next(fitting, others),
        "clear_url": reverse("case_studies"),
        "new_url": f"{reverse('new')}?kind={KIND}",
    }
    return render(request, "diplopedia/case_studies.html", context)
