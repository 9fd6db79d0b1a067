"""The routes of learning: the manager's overview pages; the API under ``/api/v1/``."""

from django.urls import path

from learning.api import (
    certificates,
    functions,
    listing,
    loop,
    models,
    plan,
    stream,
    synthetic,
    vectors,
)
from learning.views import audits, model, overview, projects
from learning.views import certificates as certificate_pages
from learning.views import functions as function_pages
from learning.views import vectors as vector_pages

urlpatterns = [
    path("projects", projects.projects, name="projects"),
    path("audits", audits.audits, name="audits"),
    path("p/<str:project>/model", model.model, name="model"),
    path("p/<str:project>/certificates", certificate_pages.certificates, name="certificates"),
    path("p/<str:project>/functions", function_pages.functions, name="functions-page"),
    path("p/<str:project>/vectors", vector_pages.vectors, name="vectors"),
    path("p/<str:project>/certificates/<str:number>/audit", audits.audit, name="audit"),
    path("p/<str:project>", overview.overview, name="project-overview"),
    path("p/<str:project>/charts/<str:chart>.csv", overview.chart_file, name="chart-file"),
]

PROJECT = "projects/<str:project>"
CERTIFICATE = f"{PROJECT}/certificates/<str:number>"

api_urls = [
    path(f"{PROJECT}/learning", loop.Learning.as_view(), name="learning"),
    path(f"{PROJECT}/learning/gains", loop.LearningGains.as_view(), name="learning-gains"),
    path(f"{PROJECT}/rounds", listing.Rounds.as_view(), name="rounds-api"),
    path(f"{PROJECT}/models", listing.Models.as_view(), name="models-api"),
    path(f"{PROJECT}/models/compare", models.Compare.as_view(), name="models-compare"),
    path(
        f"{PROJECT}/models/<str:model>/promotion",
        models.Promotion.as_view(),
        name="model-promotion",
    ),
    path(f"{PROJECT}/plan", plan.PlanView.as_view(), name="plan-api"),
    path(f"{PROJECT}/features", vectors.FeaturesView.as_view(), name="features-api"),
    path(f"{PROJECT}/functions", functions.Functions.as_view(), name="functions-api"),
    path(f"{PROJECT}/function-trials", functions.Trials.as_view(), name="function-trials"),
    path(f"{PROJECT}/functions/<str:function>", functions.Function.as_view(), name="function-api"),
    path(f"{PROJECT}/stream", stream.StreamView.as_view(), name="stream-api"),
    path(f"{PROJECT}/synthetic", synthetic.SyntheticView.as_view(), name="synthetic-api"),
    path(f"{PROJECT}/certificates", certificates.Certificates.as_view(), name="certificates-api"),
    path(
        f"{PROJECT}/certificates/forecast",
        certificates.CertificateForecast.as_view(),
        name="certificate-forecast",
    ),
    path(f"{CERTIFICATE}/audit", certificates.Audit.as_view(), name="certificate-audit"),
    path(f"{CERTIFICATE}/look", certificates.Look.as_view(), name="certificate-look"),
    path(f"{CERTIFICATE}/audit-again", certificates.AuditAgain.as_view(), name="certificate-again"),
    path(
        f"{CERTIFICATE}/withdrawal",
        certificates.CertificateWithdrawal.as_view(),
        name="certificate-withdrawal",
    ),
]
