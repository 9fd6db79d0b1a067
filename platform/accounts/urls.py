"""The routes of signing in and out, one's own account, organizations, and joining them; and their API."""

from django.urls import path

from accounts import api
from accounts.views import account, joining, organization, signing

ORGANIZATION = "organizations/<str:organization>"

urlpatterns = [
    path("sign-in", signing.SignIn.as_view(), name="sign-in"),
    path("sign-in/<str:secret>", signing.sign_in_link, name="sign-in-link"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("join/<str:secret>", joining.join, name="join"),
    path("account", account.account, name="account"),
    path("account/tokens", account.tokens, name="my-tokens"),
    path("account/sessions", account.sessions, name="my-sessions"),
    path("account/look", account.look, name="look"),
    path("organizations", organization.organizations, name="organizations"),
    path(ORGANIZATION, organization.organization, name="organization"),
    path(f"{ORGANIZATION}/log", organization.log, name="audit-log"),
    path(f"{ORGANIZATION}/members/<str:member>", organization.member, name="member"),
    path(f"{ORGANIZATION}/links/<str:link>/revoke", organization.revoke_link, name="revoke-link"),
]

TOKENS = "organizations/<str:organization>/tokens"

api_urls = [
    path("organizations", api.Organizations.as_view(), name="organizations-api"),
    path(TOKENS, api.Tokens.as_view(), name="tokens-api"),
    path(f"{TOKENS}/<str:api_token>", api.TokenDetail.as_view(), name="token-api"),
]
