"""Organizations and tokens, for those who manage them. What is not yours does not exist."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiToken, Organization, User
from accounts.queries import MANAGERS, memberships_of, organizations_of, tokens_managed_by
from accounts.services import manage_token_of, revoke_managed
from accounts.strict import StrictSerializer

LONGEST_DAYS = 36_500


class OrganizationOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField(help_text="Mine.")


class OrganizationsOutput(serializers.Serializer[Any]):
    organizations = OrganizationOutput(many=True)


class TokenInput(StrictSerializer):
    user = serializers.CharField(
        max_length=150,
        required=False,
        help_text="Name of an account that the organization made; without it, my own.",
    )
    name = serializers.CharField(max_length=100, default="", allow_blank=True)
    days = serializers.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, default=None, allow_null=True
    )


class TokenOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    user = serializers.CharField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewTokenOutput(TokenOutput):
    token = serializers.CharField(help_text="It is told once.")


class TokensOutput(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Address of the page after this one.")
    previous = serializers.CharField(allow_null=True)
    results = TokenOutput(many=True)


class TokenPages(CursorPagination):
    page_size = 100
    ordering = "-id"


class Organizations(APIView):
    """Where I belong, and as what."""

    @extend_schema(responses=OrganizationsOutput, operation_id="organizations")
    def get(self, request: Request) -> Response:
        mine = memberships_of(_user(request))
        rows = [
            {"id": one.organization.public_id, "name": one.organization.name, "role": one.role}
            for one in mine
        ]
        return Response({"organizations": rows})


class Tokens(APIView):
    """My own tokens, and those of accounts that the organization made."""

    query_parameters = {"GET": ("cursor",)}

    @extend_schema(
        parameters=[OpenApiParameter("cursor", description="From `next` or `previous`.")],
        responses=TokensOutput,
        operation_id="tokens",
        filters=False,
    )
    def get(self, request: Request, organization: str) -> Response:
        """The newest first; what they are is never told again."""
        found = _managed(request, organization)
        pages = TokenPages()
        tokens = tokens_managed_by(_user(request), found)
        page: Any = pages.paginate_queryset(tokens, request, view=self)
        return pages.get_paginated_response([_token_json(token) for token in page])

    @extend_schema(request=TokenInput, responses={201: NewTokenOutput}, operation_id="create_token")
    def post(self, request: Request, organization: str) -> Response:
        """A token that works from now on."""
        found = _managed(request, organization)
        body = TokenInput(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        made = manage_token_of(
            found,
            said.get("user"),
            actor=_user(request),
            name=said["name"],
            lifetime=timedelta(days=said["days"]) if said["days"] else None,
        )
        return Response({**_token_json(made.token), "token": made.secret}, status=201)


class TokenDetail(APIView):
    """One token."""

    @extend_schema(responses={204: None}, operation_id="revoke_token")
    def delete(self, request: Request, organization: str, api_token: str) -> Response:
        """From the next request on it is nothing. Repeating it changes nothing."""
        found = _managed(request, organization)
        tokens = tokens_managed_by(_user(request), found)
        known = tokens.filter(digest__startswith=api_token).first()
        if known is None or len(api_token) != ID_LENGTH:
            raise NotFound
        revoke_managed(found, known, actor=_user(request))
        return Response(status=204)


ID_LENGTH = 16


def _token_json(token: ApiToken) -> dict[str, Any]:
    """Named by the beginning of its digest, from which the token cannot be found."""
    return {
        "id": token.digest[:ID_LENGTH],
        "user": token.user.username,
        "name": token.name,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # the permission class let nobody else in
    return request.user


def _managed(request: Request, public_id: str) -> Organization:
    mine = organizations_of(_user(request), MANAGERS).filter(public_id=public_id)
    organization = mine.first()
    if organization is None:
        raise NotFound
    return organization
