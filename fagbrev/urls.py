"""The addresses of the product; each app brings its own."""

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("", include(module))
    for module in (
        "fagbrev.roof.urls",
        "fagbrev.roof.urls_people",
        "programmes.urls_users",
        "programmes.urls",
        "participants.urls",
    )
    if find_spec(module)
]
handler403 = "fagbrev.roof.errors.forbidden"
handler404 = "fagbrev.roof.errors.not_found"
handler500 = "fagbrev.roof.errors.server_error"
handler400 = "fagbrev.roof.errors.bad_request"
