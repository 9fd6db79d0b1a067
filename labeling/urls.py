"""The routes of labeling. The API under ``/api/v1``; pages and media beside it."""

from django.urls import include, path

from labeling import views
from labeling.api import worker

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

page_urls = [
    path("tasks", views.tasks, name="tasks"),
    path("tasks/<str:project>", views.task_page, name="task-page"),
]

urlpatterns = [path("api/v1/", include(api_urls)), *page_urls]
