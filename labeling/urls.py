"""The routes of labeling: the worker's pages, making projects, files in, pictures; the API under ``/api/v1/``."""

from django.urls import path

from labeling.api import manager, media, people, worker
from labeling.views import imports, new_project, settings, status, work

urlpatterns = [
    path("tasks", work.tasks, name="tasks"),
    path("tasks/<str:project>", work.task_page, name="task-page"),
    path("projects/new", new_project.new_project, name="new-project"),
    path("p/<str:project>/status", status.project_status, name="project-status"),
    path("p/<str:project>/settings", settings.settings, name="project-settings"),
    path("p/<str:project>/imports", imports.imports, name="imports"),
    path("p/<str:project>/imports/<str:upload>", imports.import_page, name="import-page"),
    path("media/<str:token>", media.Media.as_view(), name="media"),
]

PROJECT = "projects/<str:project>"
SEAT = "assignments/<str:assignment>"

api_urls = [
    path("me", worker.Me.as_view(), name="me"),
    path("me/projects", worker.MyProjects.as_view(), name="my-projects"),
    path(f"{PROJECT}/claims", worker.Claims.as_view(), name="claims"),
    path("answers", worker.Answers.as_view(), name="answers"),
    path("answers/<str:answer>/revise", worker.Revise.as_view(), name="revise"),
    path("assignments/renew", worker.Renew.as_view(), name="renew"),
    path(f"{SEAT}/skip", worker.Skip.as_view(), name="skip"),
    path(f"{SEAT}/release", worker.Release.as_view(), name="release"),
    path(f"{SEAT}/flag", worker.Flag.as_view(), name="flag"),
    path("projects", manager.Projects.as_view(), name="projects-api"),
    path(PROJECT, manager.ProjectDetail.as_view(), name="project-api"),
    path(f"{PROJECT}/status", manager.Status.as_view(), name="status-api"),
    path(f"{PROJECT}/items/withdraw", manager.Withdraw.as_view(), name="withdraw-api"),
    path(f"{PROJECT}/people", people.People.as_view(), name="people-api"),
    path(f"{PROJECT}/people/<str:person>", people.PersonDetail.as_view(), name="person-api"),
    path(f"{PROJECT}/people/<str:person>/bonus", people.Bonus.as_view(), name="bonus-api"),
    path(f"{PROJECT}/imports", manager.Imports.as_view(), name="imports-api"),
    path(f"{PROJECT}/imports/<str:upload>", manager.ImportDetail.as_view(), name="import-api"),
    path(
        f"{PROJECT}/imports/<str:upload>/problems",
        manager.ImportProblems.as_view(),
        name="import-problems",
    ),
    path(f"{PROJECT}/exports/files/<str:job>", manager.ExportFile.as_view(), name="export-file"),
    path(f"{PROJECT}/exports/answers", manager.AnswersExport.as_view(), name="answers-export"),
]
