"""The routes of the manager's pages."""

from django.urls import path

from learning import views

urlpatterns = [
    path("projects", views.projects, name="projects"),
    path("p/<str:project>", views.overview, name="project-overview"),
]
