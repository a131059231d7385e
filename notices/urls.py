"""Addresses below /notices/."""

from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("", views.notices, name="list"),
    path("seen/", views.seen, name="seen"),
    path("watching/", views.watching, name="watching"),
    path("watch/", views.watch, name="watch"),
    path("settings/", views.preferences, name="preferences"),
    path("feeds/", views.feeds, name="feeds"),
    path("stop/<str:token>/", views.stop, name="stop"),
]
