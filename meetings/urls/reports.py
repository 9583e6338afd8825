"""The addresses of progress reports."""

from django.urls import path

from meetings.views import reports

ONE = "rapporter/<slug:report_id>/"

urlpatterns = [
    path("rapporter/", reports.report_list, name="report_list"),
    path("rapporter/ny/", reports.report_new, name="report_new"),
    path("rapporter/mangler/", reports.report_missing, name="report_missing"),
    path("rapporter/<slug:report_id>.pdf", reports.report_pdf, name="report_pdf"),
    path("rapporter/<slug:report_id>.xlsx", reports.report_sheet, name="report_sheet"),
    path(ONE, reports.report_detail, name="report_detail"),
    path(f"{ONE}lukket/", reports.report_closed, name="report_closed"),
    path(f"{ONE}rediger/", reports.report_edit, name="report_edit"),
    path(f"{ONE}tell/", reports.report_count, name="report_count"),
    path(f"{ONE}publiser/", reports.report_publish, name="report_publish"),
    path(f"{ONE}rett/", reports.report_correct, name="report_correct"),
    path(f"{ONE}forkast/", reports.report_discard, name="report_discard"),
    path(f"{ONE}tall/<slug:figure>/", reports.report_figure, name="report_figure"),
    path(f"{ONE}tall/<slug:figure>/personer/", reports.report_people, name="report_people"),
]
