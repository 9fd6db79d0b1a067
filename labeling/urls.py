"""The routes of labeling: the worker's pages and the one view that serves pictures; the API under ``/api/v1/``."""

from django.urls import path

from labeling import views
from labeling.api import media, worker

urlpatterns = [
    path("tasks", views.tasks, name="tasks"),
    path("tasks/<str:project>", views.task_page, name="task-page"),
    path("media/<str:token>", media.Media.as_view(), name="media"),
]

api_urls = [
    path("me", worker.Me.as_view(), name="me"),
    path("me/projects", worker.MyProjects.as_view(), name="my-projects"),
    path("projects/<str:project>/claims", worker.Claims.as_view(), name="claims"),
    path("answers", worker.Answers.as_view(), name="answers"),
    path("assignments/renew", worker.Renew.as_view(), name="renew"),
    path("assignments/<str:assignment>/skip", worker.Skip.as_view(), name="skip"),
    path("assignments/<str:assignment>/release", worker.Release.as_view(), name="release"),
    path("assignments/<str:assignment>/flag", worker.Flag.as_view(), name="flag"),
]
