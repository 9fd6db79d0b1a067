"""The routes of learning: the manager's overview pages; the API under ``/api/v1/``."""

from django.urls import path

from learning import api, views

urlpatterns = [
    path("projects", views.projects, name="projects"),
    path("p/<str:project>", views.overview, name="project-overview"),
]

api_urls = [
    path("projects/<str:project>/learning", api.Learning.as_view(), name="learning"),
]
