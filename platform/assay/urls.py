"""Every route of the site. The apps name their own; this file only puts them together."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from assay.api import Jobs
from assay.health import health

APPS = ("accounts", "labeling", "quality", "learning")

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/jobs", Jobs.as_view(), name="jobs-api"),
    *(path("", include(f"{app}.urls")) for app in APPS if find_spec(f"{app}.urls")),
]

handler400 = "assay.error_pages.bad_request"
handler403 = "assay.error_pages.forbidden"
handler404 = "assay.error_pages.not_found"
handler500 = "assay.error_pages.server_error"
