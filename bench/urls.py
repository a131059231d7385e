"""The site's addresses and a bare view: session, user and one indexed read, through the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from diplopedia.models import Article


def bare(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the least that a signed-in page can do."""
    found = list(Article.objects.filter(wiki_slug=slug).values_list("title", flat=True))
    return HttpResponse(f"{request.user.pk} {found}")


urlpatterns = [path("bare/<slug>/", bare), path("", include("diplopedia.urls"))]
