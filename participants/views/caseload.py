"""The caseload: the list, search as you type, export, and saved filters."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fagbrev.access.gate import page
from fagbrev.people.roles import COORDINATOR, FADDER, FAGLAERER, LEDER, NORSKLAERER
from participants.caseload.export import MOST_ROWS, export_caseload
from participants.caseload.page import MAY_EXPORT, list_page
from participants.caseload.query import Caseload
from participants.caseload.saved import delete_filter, save_filter
from participants.caseload.search import hits_for
from participants.forms.caseload import SavedFilterForm

LISTS = {COORDINATOR, FAGLAERER, NORSKLAERER, FADDER, LEDER}
READ = ("GET", "HEAD")
LONGEST_QUERY = 500


def _caseload(request: HttpRequest) -> Caseload:
    return Caseload(request.user, timezone.localdate())  # type: ignore[arg-type]


@page(roles=LISTS, methods=READ)
def participant_list(request: HttpRequest) -> HttpResponse:
    """The caseload page; remembers its query, so that the way back from a participant leads to the same list."""
    caseload = _caseload(request)
    asked = caseload.asked(request.GET)
    context = list_page(caseload, asked, list_url=reverse("participant_list"))
    remembered = asked.query(page=context["page"].number)
    if request.session.get("caseload_query", "?") != remembered:
        request.session["caseload_query"] = remembered
    return render(request, "participants/caseload_list.html", context)


@page(roles=LISTS, methods=READ)
def participant_search(request: HttpRequest) -> HttpResponse:
    """At most eight people by name: the bare list for htmx, a page of its own without."""
    typed = request.GET.get("q", "")[:80]
    hits = hits_for(_caseload(request), typed, list_url=reverse("participant_list"))
    name = "_caseload_hits.html" if request.headers.get("HX-Request") else "caseload_search.html"
    response = render(request, f"participants/{name}", {"hits": hits, "typed": typed.strip().replace("\x00", "")})
    response.headers["Vary"] = "HX-Request"
    return response


@page(roles=MAY_EXPORT, methods=READ)
def caseload_export(request: HttpRequest) -> HttpResponse:
    """What is filtered as a spreadsheet; too much at once is refused in words."""
    caseload = _caseload(request)
    asked = caseload.asked(request.GET)
    count = caseload.counts(asked)["asked"]
    if count > MOST_ROWS:
        text = _("Utvalget har %(count)d deltakere. Et regneark kan ha høyst %(most)d. Velg færre, og prøv igjen.")
        messages.error(request, text % {"count": count, "most": MOST_ROWS})
        return redirect(reverse("participant_list") + asked.query())
    response = HttpResponse(
        export_caseload(caseload, asked), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="deltakere-{caseload.today:%Y-%m-%d}.xlsx"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@page(roles=LISTS, methods=("POST",))
def saved_filter_add(request: HttpRequest) -> HttpResponse:
    """Saves the present filter under a name."""
    caseload = _caseload(request)
    form = SavedFilterForm(request.POST, user=request.user)
    asked = caseload.asked(QueryDict(request.POST.get("query", "")[:2000].lstrip("?")))
    list_url = reverse("participant_list")
    query = asked.query()
    if len(query) > LONGEST_QUERY:
        form.add_error(None, _("Utvalget har for mange valg til å lagres. Ta bort noen, og prøv igjen."))
    if not form.is_valid():
        problems = [text for texts in form.errors.values() for text in texts]
        context = list_page(caseload, asked, list_url=list_url) | {
            "saved_name": request.POST.get("name", "")[:200], "saved_errors": problems,
        }  # fmt: skip
        return render(request, "participants/caseload_list.html", context, status=422)
    row = save_filter(by=request.user, name=form.cleaned_data["name"], query=query)  # type: ignore[arg-type]
    messages.success(request, _("Utvalget «%(name)s» er lagret.") % {"name": row.name})
    return redirect(list_url + query)


@page(roles=LISTS, methods=("POST",))
def saved_filter_delete(request: HttpRequest, filter_id: str) -> HttpResponse:
    """Throws away one of the user's own saved filters."""
    if not delete_filter(by=request.user, public_id=filter_id):  # type: ignore[arg-type]
        raise Http404
    messages.success(request, _("Utvalget er slettet."))
    return redirect(reverse("participant_list") + request.session.get("caseload_query", "?"))
