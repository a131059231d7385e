"""Addresses of the code of conduct, of reports and of the queue."""

from django.urls import path

from manners import views

app_name = "manners"

urlpatterns = [
    path("conduct/", views.conduct, name="conduct"),
    path("queue/", views.queue, name="queue"),
    path("reports/<int:report>/", views.report, name="report"),
    path("report/<slug:kind>/<int:pk>/", views.report_thing, name="report_thing"),
]
