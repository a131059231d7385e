"""Every address of the site. Each has a declared policy in tests/url_policies.py."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as admin_urls

from diplopedia.views import (
    adding,
    browsing,
    cases,
    changes,
    drafts,
    editing,
    feeds,
    files,
    history,
    keeping,
    lists,
    looking_back,
    presence,
    reading,
    translating,
)
from diplopedia.views.choosing import name
from diplopedia.views.contributions import contributions
from diplopedia.views.deleted import deleted, deleted_pages
from diplopedia.views.doors import login_door
from diplopedia.views.health import health, ready
from diplopedia.views.help import show_help
from diplopedia.views.joining import join, split
from diplopedia.views.read import read
from diplopedia.views.talk import about_article
from diplopedia.views.thanking import thank
from diplopedia.views.undoing import undo
from discussion.urls import patterns as talk
from home.views import home

article = "wiki/<str:slug>"

urlpatterns = [
    path("", home, name="home"),
    path("health/", health, name="health"),
    path("ready/", ready, name="ready"),
    # All doors to sign in are one: allauth's.
    path("admin/login/", login_door),
    path("_util/login/", login_door),
    path("django-admin/login/", login_door),
    path("admin/password_reset/", login_door),
    path("accounts/", include("people.sign_on_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", include(admin_urls)),
    path("changes/", changes.changes, name="changes"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/discard/", drafts.discard, name="discard"),
    path("feeds/<str:token>/<str:of>.atom", feeds.feed, name="feed"),
    path("feeds/<str:token>/<str:of>/<str:slug>.atom", feeds.feed, name="feed"),
    path("help/", show_help, name="help"),
    path("help/<slug:page>/", show_help, name="help"),
    path("notices/", include("notices.urls")),
    path("search/", include("search.urls")),
    path("people/<str:handle>/contributions/", contributions, name="contributions"),
    path("people/", include("people.urls")),
    path("manners/", include("manners.urls")),
    path("files/add/", adding.add_file, name="add_file"),
    path("files/images/<int:pk>/<int:width>/", files.image, name="image"),
    path("files/documents/<int:pk>/<str:filename>", files.document, name="wagtaildocs_serve"),
    path("files/<path:path>", files.upload, name="upload"),
    path("wiki/", browsing.wiki, name="wiki"),
    path("wiki/new/", editing.new, name="new"),
    path("wiki/preview/", editing.preview, name="preview"),
    path("wiki/kinds/<slug:slug>/", browsing.kind, name="kind"),
    path("wiki/tags/<str:slug>/", browsing.tag, name="tag"),
    path("wiki/regions/<slug:slug>/", browsing.region, name="region"),
    path("wiki/case-studies/", cases.case_studies, name="case_studies"),
    path("wiki/letters/", browsing.letter, name="letters"),
    path("wiki/wanted/", browsing.wanted, name="wanted"),
    path("wiki/name/", name, name="name"),
    path("wiki/lists/", lists.lists, name="lists"),
    path("wiki/lists/lost-sections/", lists.lost_sections, name="lost_sections"),
    path("wiki/lists/deleted/", deleted_pages, name="deleted_pages"),
    path("wiki/lists/<slug:name>/", lists.garden_list, name="list"),
    path("wiki/random/", browsing.random, name="random"),
    path(f"{article}/", reading.article, name="article"),
    path(f"{article}/edit/", editing.edit, name="edit"),
    path(f"{article}/editing/", presence.editing, name="editing"),
    path(f"{article}/history/", history.history, name="history"),
    path(f"{article}/history/<int:number>/", reading.revision, name="revision"),
    path(f"{article}/history/<int:number>/thanks/", thank, name="thank"),
    path(f"{article}/history/<int:number>/restore/", history.restore, name="restore"),
    path(f"{article}/history/<int:number>/undo/", undo, name="undo"),
    path(f"{article}/at/", looking_back.at, name="at"),
    path(f"{article}/blame/", looking_back.paragraphs, name="blame"),
    path(f"{article}/read/", read, name="read"),
    path(f"{article}/compare/", history.compare_edits, name="compare"),
    path(f"{article}/links/", reading.links, name="links"),
    path(f"{article}/talk/", include(talk(at=about_article))),
    path(f"{article}/languages/", translating.languages, name="languages"),
    path(f"{article}/names/", keeping.add_alias, name="add_alias"),
    path(f"{article}/names/<int:alias>/remove/", keeping.remove_alias, name="remove_alias"),
    path(f"{article}/join/", join, name="join"),
    path(f"{article}/split/", split, name="split"),
    path(f"{article}/rename/", keeping.rename, name="rename"),
    path(f"{article}/access/", keeping.access, name="access"),
    path(f"{article}/verify/", keeping.verify, name="verify"),
    path(f"{article}/delete/", keeping.delete, name="delete"),
    path(f"{article}/deleted/", deleted, name="deleted"),
    path("favicon.ico", login_not_required(RedirectView.as_view(url="/static/diplopedia/favicon.svg"))),
]

handler403 = "diplopedia.views.doors.refused"
handler404 = "diplopedia.views.doors.missing"
handler500 = "diplopedia.views.doors.failed"
