"""The routes of the auditor's pages, and of labels and people under ``/api/v1/``."""

from django.urls import path

from quality import views
from quality.api import gold, manager

urlpatterns = [
    path("p/<str:project>/people", views.people, name="project-people"),
]

PROJECT = "projects/<str:project>"

api_urls = [
    path(f"{PROJECT}/gold", gold.Gold.as_view(), name="gold-api"),
    path(f"{PROJECT}/labels", manager.Labels.as_view(), name="labels-api"),
    path(f"{PROJECT}/annotators", manager.Annotators.as_view(), name="annotators-api"),
    path(f"{PROJECT}/quality", manager.Quality.as_view(), name="quality-api"),
    path(
        f"{PROJECT}/items/<str:item>/provenance",
        manager.ItemProvenance.as_view(),
        name="provenance-api",
    ),
    path(f"{PROJECT}/exports/labels", manager.LabelsExport.as_view(), name="labels-export"),
]
