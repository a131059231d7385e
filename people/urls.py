"""Addresses below /people/. Words stand before handles; nobody can have one of these as a handle."""

from django.urls import path

from people.views import (
    cards,
    directory,
    editing,
    languages,
    merging,
    photos,
    places,
    profiles,
    reading_in,
    taking,
    trusting,
)

app_name = "people"

urlpatterns = [
    path("", directory.browse, name="directory"),
    path("languages/", languages.rare, name="languages"),
    path("me/suggest/", editing.suggest, name="suggest"),
    path("me/", trusting.mine, name="mine"),
    path("me/language/", reading_in.choose, name="language"),
    path("languages/languages.csv", taking.rare_languages, name="take_languages"),
    path("offices/", places.offices, name="offices"),
    path("offices/offices.csv", taking.offices, name="take_offices"),
    path("offices/<slug:slug>/", places.office, name="office"),
    path("search/", taking.take, name="take"),
    path("search/people.csv", taking.table, name="take_table"),
    path("search/people.vcf", taking.contacts, name="take_contacts"),
    path("search/print/", taking.printed, name="take_printed"),
    path("posts/", places.posts, name="posts"),
    path("posts/<slug:slug>/", places.post, name="post"),
    path("confirm/<str:token>/", trusting.still_right, name="still_right"),
    path("<str:handle>/", profiles.profile, name="profile"),
    path("<str:handle>/card/", cards.card, name="card"),
    path("<str:handle>/photo/", photos.edit, name="edit_photo"),
    path("<str:handle>/photo/<str:key>/<int:size>/", photos.photo, name="photo"),
    path("<str:handle>/vcard/", profiles.vcard, name="vcard"),
    path("<str:handle>/confirm/", profiles.confirm, name="confirm"),
    path("<str:handle>/merge/", merging.merge, name="merge"),
    path("<str:handle>/correct/", trusting.correct, name="correct"),
    path("<str:handle>/corrections/", trusting.corrections, name="corrections"),
    path("<str:handle>/endorse/", trusting.endorse, name="endorse"),
    path("<str:handle>/endorse/withdraw/", trusting.withdraw, name="withdraw"),
    path("<str:handle>/edit/", editing.edit, name="edit"),
    path("<str:handle>/edit/<slug:section>/", editing.edit, name="edit_section"),
]
