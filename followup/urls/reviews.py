"""The addresses of reviews and of the actions that follow the person."""

from django.urls import URLPattern, path

from followup.views import action_points, review_room, reviews

AGREED = "deltakere/<slug:participant_id>/avtalt/"
REVIEWS = "deltakere/<slug:participant_id>/vurderinger/"
REVIEW = f"{REVIEWS}<slug:row_id>/"

urlpatterns: list[URLPattern] = [
    path(AGREED, action_points.action_list, name="participant_avtalt"),
    path(f"{AGREED}nytt/", action_points.action_new, name="handling_new"),
    path(f"{AGREED}<slug:row_id>/", action_points.action_edit, name="handling_edit"),
    path(f"{AGREED}<slug:row_id>/gjort/", action_points.action_done, name="handling_done"),
    path(REVIEWS, reviews.review_list, name="participant_vurderinger"),
    path(f"{REVIEWS}ny/<slug:placement_id>/", reviews.review_new, name="vurdering_new"),
    path(REVIEW, reviews.review_detail, name="vurdering_detail"),
    path(f"{REVIEW}endre/", reviews.review_edit, name="vurdering_edit"),
    path(f"{REVIEW}avlys/", reviews.review_cancel, name="vurdering_avlys"),
    path(f"{REVIEW}min-del/", reviews.review_part, name="vurdering_part"),
    path(f"{REVIEW}holdt/", reviews.review_held, name="vurdering_held"),
    path(f"{REVIEW}punkt/", reviews.review_point, name="vurdering_punkt"),
    path(f"{REVIEW}enig/", reviews.review_sign, name="vurdering_signer"),
    path(f"{REVIEW}signer/", review_room.review_room, name="vurdering_rom"),
]
