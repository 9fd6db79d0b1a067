"""The routes of the auditor's pages."""

from django.urls import path

from quality import views

urlpatterns = [
    path("p/<str:project>/people", views.people, name="project-people"),
]
