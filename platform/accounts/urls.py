"""The routes of signing in and out; organizations and tokens under ``/api/v1/``."""

from django.urls import path

from accounts import api, views

urlpatterns = [
    path("sign-in", views.SignIn.as_view(), name="sign-in"),
    path("sign-in/<str:secret>", views.sign_in_link, name="sign-in-link"),
    path("sign-out", views.sign_out, name="sign-out"),
]

TOKENS = "organizations/<str:organization>/tokens"

api_urls = [
    path("organizations", api.Organizations.as_view(), name="organizations-api"),
    path(TOKENS, api.Tokens.as_view(), name="tokens-api"),
    path(f"{TOKENS}/<str:api_token>", api.TokenDetail.as_view(), name="token-api"),
]
