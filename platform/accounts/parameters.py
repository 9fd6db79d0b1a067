"""Addresses that say everything they mean: a parameter that a view does not know is refused, not ignored."""

from typing import TYPE_CHECKING

from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView  # at run time it imports this module, for the settings


class KnownParameters(BasePermission):
    """Lets no parameter in the address pass that the view does not name.

    A view names them by method: ``query_parameters = {"GET": ("cursor", "limit")}``.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        known = getattr(view, "query_parameters", {}).get(request.method, ())
        unknown = [name[:100] for name in request.query_params if name not in known]
        if unknown:
            raise ValidationError({name: ["Unknown parameter."] for name in unknown[:20]})
        return True
