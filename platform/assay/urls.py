"""Every route of the site. The apps name their own; this file only puts them together.

An app's ``urls`` module has ``urlpatterns`` for pages, ``api_urls`` for what stands under ``/api/v1/``, or both.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularJSONAPIView

from assay import api_pages, views
from assay.api import Jobs
from assay.health import health
from assay.log_file import log_file

Routes = list[URLPattern | URLResolver]

APPS = ("accounts", "labeling", "quality", "learning")


def _route_modules() -> list[ModuleType]:
    return [import_module(f"{app}.urls") for app in APPS if find_spec(f"{app}.urls")]


def _all(name: str) -> Routes:
    return [route for module in _route_modules() for route in getattr(module, name, [])]


api_urls: Routes = [
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("docs", api_pages.docs, name="api-docs"),
    path("jobs", Jobs.as_view(), name="jobs-api"),
    *_all("api_urls"),
]

urlpatterns: Routes = [
    path("", views.home, name="home"),
    path("jobs", views.jobs, name="jobs"),
    path("jump", views.jump, name="jump"),
    path("organizations/<str:organization>/log.csv", log_file, name="log-file"),
    path("jobs/<str:job>/<str:job_act>", views.change_job, name="job-act"),
    path("health", health, name="health"),
    path("api/v1/", include(api_urls)),
    *_all("urlpatterns"),
]

handler400 = "assay.error_pages.bad_request"
handler403 = "assay.error_pages.forbidden"
handler404 = "assay.error_pages.not_found"
handler500 = "assay.error_pages.server_error"
