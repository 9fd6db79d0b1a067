"""The routes of labeling: the API, the worker's pages, and the one view that serves pictures."""

from django.urls import path

from labeling import views
from labeling.api import manager, media, worker

API = "api/v1"

urlpatterns = [
    path("tasks", views.tasks, name="tasks"),
    path("tasks/<str:project>", views.task_page, name="task-page"),
    path("media/<str:token>", media.Media.as_view(), name="media"),
    path(f"{API}/me", worker.Me.as_view(), name="me"),
    path(f"{API}/me/projects", worker.MyProjects.as_view(), name="my-projects"),
    path(f"{API}/projects/<str:project>/claims", worker.Claims.as_view(), name="claims"),
    path(f"{API}/answers", worker.Answers.as_view(), name="answers"),
    path(f"{API}/assignments/renew", worker.Renew.as_view(), name="renew"),
    path(f"{API}/assignments/<str:assignment>/skip", worker.Skip.as_view(), name="skip"),
    path(f"{API}/assignments/<str:assignment>/release", worker.Release.as_view(), name="release"),
    path(f"{API}/assignments/<str:assignment>/flag", worker.Flag.as_view(), name="flag"),
    path(f"{API}/projects", manager.Projects.as_view(), name="projects-api"),
    path(f"{API}/projects/<str:project>", manager.ProjectDetail.as_view(), name="project-api"),
    path(f"{API}/projects/<str:project>/status", manager.Status.as_view(), name="status-api"),
    path(f"{API}/projects/<str:project>/imports", manager.Imports.as_view(), name="imports-api"),
    path(
        f"{API}/projects/<str:project>/imports/<str:upload>",
        manager.ImportDetail.as_view(),
        name="import-api",
    ),
    path(
        f"{API}/projects/<str:project>/exports/answers",
        manager.AnswersExport.as_view(),
        name="answers-export",
    ),
]
