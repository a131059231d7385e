"""The site's addresses and a bare view: session, user and one indexed read, through the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from diplopedia.models import Article


def bare(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the least that a signed-in page can do."""
    title = Article.objects.values_list("title", flat=True).get(wiki_slug=slug)
    return HttpResponse(f"{request.user.pk} {title}")


urlpatterns = [path("bare/<slug>/", bare), path("", include("diplopedia.urls"))]
