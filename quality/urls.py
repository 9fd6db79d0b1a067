"""The routes of the auditor's pages, and of labels and people under ``/api/v1/``."""

from django.urls import path

from quality import views
from quality.api import decisions, manager, rules

urlpatterns = [
    path("p/<str:project>/people", views.people, name="project-people"),
]

PROJECT = "projects/<str:project>"

api_urls = [
    path(f"{PROJECT}/labels", manager.Labels.as_view(), name="labels-api"),
    path(f"{PROJECT}/annotators", manager.Annotators.as_view(), name="annotators-api"),
    path(f"{PROJECT}/quality", manager.Quality.as_view(), name="quality-api"),
    path(
        f"{PROJECT}/items/<str:item>/provenance",
        manager.ItemProvenance.as_view(),
        name="provenance-api",
    ),
    path(f"{PROJECT}/rules", rules.Rules.as_view(), name="rules-api"),
    path(f"{PROJECT}/rules/dry-run", rules.RulesTried.as_view(), name="rules-tried"),
    path(f"{PROJECT}/survey", rules.SurveyView.as_view(), name="survey-api"),
    path(f"{PROJECT}/decisions", decisions.Decisions.as_view(), name="decisions-api"),
    path(
        f"{PROJECT}/decisions/<str:decision>/reversal",
        decisions.Reversal.as_view(),
        name="reversal-api",
    ),
    path(f"{PROJECT}/appeals", decisions.Appeals.as_view(), name="appeals-api"),
    path(f"{PROJECT}/appeals/<str:appeal>", decisions.AppealAnswer.as_view(), name="appeal-answer"),
    path("me/decisions", decisions.MyDecisions.as_view(), name="my-decisions"),
    path("me/appeals", decisions.MyAppeals.as_view(), name="my-appeals"),
    path(f"{PROJECT}/exports/labels", manager.LabelsExport.as_view(), name="labels-export"),
]
