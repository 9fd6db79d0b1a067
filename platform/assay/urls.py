"""Every route of the site. The apps name their own; this file only puts them together."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
