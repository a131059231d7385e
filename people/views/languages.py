"""The page of scarcity."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from people import coverage, gaps, ilr, regions
from people.requests import reader_of
from people.scarcity import Wanted, few, number_of_languages, recorded, soon, tallies
from people.scarcity import rare as find_rare

SHOWN = 8  # of each group, until all are asked for


def wanted_of(params: QueryDict) -> Wanted:
    """What an address asks; what makes no sense is as if it were not there."""

    def level(name: str, usual: int) -> int:
        text = params.get(name, "")
        return ilr.LABELS.index(text) if text in ilr.LABELS else usual

    speaks, reads = ilr.levels(settings.RARE_LANGUAGE_LEVEL)
    return Wanted(
        speaks=level("speaks", speaks),
        reads=level("reads", reads),
        bureau=params.get("where", "")[:60],
        recent=params.get("recent") == "1",
        tested_only=params.get("tested") == "1",
    )


@require_safe
def rare(request: HttpRequest) -> HttpResponse:
    """Languages that few colleagues have at the level, where they sit, and who comes near."""
    reader, wanted = reader_of(request), wanted_of(request.GET)
    counted = tallies(reader, wanted)
    groups, areas = find_rare(reader, wanted, counted)
    world = coverage.world(wanted, counted)
    standings, lacking = gaps.at_risk(reader, wanted, counted), gaps.unrecorded(counted)
    people = recorded(reader, wanted).order_by().values("profile").distinct()
    return render(
        request,
        "people/languages.html",
        {
            "wanted": wanted,
            "narrowed": [words for asked, words in _narrowing(wanted) if asked],
            "groups": groups,
            "areas": areas,
            "standings": [one for one in standings if not wanted.bureau or one.is_in(wanted.bureau)],
            "unrecorded": [one for one in lacking if not wanted.bureau or one.is_in(wanted.bureau)],
            "balances": gaps.by_bureau(standings, lacking),
            "world": world,
            "world_key": [(shade, label, world.key[shade]) for shade, label in _shades()],
            "soon": soon(),
            "levels": ilr.LABELS[1:],
            "speaks": ilr.label(wanted.speaks),
            "reads": ilr.label(wanted.reads),
            "shown": SHOWN,
            "all_of": request.GET.get("all", ""),
            "languages": number_of_languages(counted),
            "people": people.count(),
        },
    )


def _shades() -> list[tuple[str, str]]:
    """The shades of the map, darkest first, with their words."""
    most = ngettext("%(n)d colleague at most", "%(n)d colleagues at most", few()) % {"n": few()}
    shades = [(coverage.NOBODY, _("Nobody")), (coverage.ONE, _("One colleague"))]
    return [
        *shades,
        *([(coverage.FEW, most)] if few() > 1 else []),
        (coverage.ENOUGH, _("Enough colleagues")),
    ]


def _narrowing(wanted: Wanted) -> list[tuple[bool, str]]:
    """What may be asked besides levels: whether it is, and its words."""
    bureau = regions.atlas().by_slug.get(wanted.bureau)
    return [
        (bureau is not None, str(bureau)),
        (wanted.recent, _("Only tests that still count")),
        (wanted.tested_only, _("Only tested levels")),
    ]
