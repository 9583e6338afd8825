"""Django's admin, off unless ADMIN_ENABLED: configuration only, for superusers with a second factor; nobody's record is in it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from fagbrev.people.factors import has_second_factor
from fagbrev.web.asking import lead_to_sign_in
from programmes.models import (
    CalendarBreak,
    CompetenceGoal,
    Criterion,
    Curriculum,
    ExamWindow,
    GoalSet,
    NorwegianTestWindow,
    RoutineForm,
    RoutineStep,
    Semester,
    Setting,
    Trade,
)

CONFIGURATION = [
    Trade,
    Criterion,
    Curriculum,
    GoalSet,
    CompetenceGoal,
    RoutineStep,
    RoutineForm,
    Semester,
    CalendarBreak,
    ExamWindow,
    NorwegianTestWindow,
    Setting,
]


class OperatorSite(AdminSite):
    """A site of its own, so that nothing registers itself: no accounts, authenticators or records."""

    site_header = site_title = _("Fagbrev: oppsett")
    index_title = _("Oppsett")

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers with a passkey or an authenticator."""
        user: Any = request.user
        return user.is_active and user.is_superuser and has_second_factor(user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in page; who is signed in and lands here may not come in."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return lead_to_sign_in(request, "/admin/")


site = OperatorSite(name="admin")
for model in CONFIGURATION:
    site.register(model)
