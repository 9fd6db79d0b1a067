"""The routes of learning: the manager's overview pages; the API under ``/api/v1/``."""

from django.urls import path

from learning import api
from learning.views import model, overview

urlpatterns = [
    path("projects", overview.projects, name="projects"),
    path("p/<str:project>/model", model.model, name="model"),
    path("p/<str:project>", overview.overview, name="project-overview"),
]

api_urls = [
    path("projects/<str:project>/learning", api.Learning.as_view(), name="learning"),
]
