"""The addresses of the product; each app brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("fagbrev.roof.urls")),
    path("", include("fagbrev.roof.urls_people")),
    path("", include("fagbrev.roof.urls_feed")),
    path("", include("fagbrev.roof.urls_duties")),
    path("", include("fagbrev.roof.urls_calendar")),
    path("", include("fagbrev.drafts.urls")),
    path("", include("programmes.urls_users")),
    path("", include("programmes.urls")),
    path("", include("meetings.urls")),
    path("", include("followup.urls")),
    path("", include("participants.urls")),
]
handler400 = "fagbrev.roof.errors.bad_request"
handler403 = "fagbrev.roof.errors.forbidden"
handler404 = "fagbrev.roof.errors.not_found"
handler500 = "fagbrev.roof.errors.server_error"
