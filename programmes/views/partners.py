"""Pages of the partners and their contacts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fagbrev.access.gate import page
from fagbrev.people.roles import COORDINATOR
from programmes.access import STAFF, may_edit
from programmes.forms.partners import ContactForm, PartnerForm
from programmes.lists import PARTNER_DOES, contacts_of, partners_for_list
from programmes.models import Partner, PartnerContact
from programmes.views.editing import edit_page, kept_query, page_of, remove_page, sent


def _does(partner: Partner) -> str:
    """What a partner does, in words."""
    words = [label for name, label in PARTNER_DOES.items() if getattr(partner, name)]
    return ", ".join(words).capitalize()


@page(roles=STAFF, methods=("GET", "HEAD"))
def partner_list(request: HttpRequest) -> HttpResponse:
    """The partners, by name and what they do."""
    text, does = request.GET.get("q", "").strip()[:80], request.GET.get("gjor", "")
    closed = request.GET.get("bruk") == "nei"
    rows = page_of(request, partners_for_list(text=text, does=does, closed=closed))
    for row in rows:
        row.does = _does(row)
    shown = {
        "page": rows,
        "query": kept_query(request),
        "text": text,
        "does": does,
        "choices": PARTNER_DOES.items(),
        "closed": closed,
        "is_filtered": bool(text or does or closed),
        "may_edit": may_edit(request.user, timezone.localdate()),
    }
    return render(request, "programmes/partner_list.html", shown)


@page(roles=STAFF, methods=("GET", "HEAD"))
def partner_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One partner with its contacts."""
    partner = get_object_or_404(Partner, public_id=public_id)
    shown = {
        "partner": partner,
        "does": _does(partner),
        "contacts": contacts_of(partner),
        "may_edit": may_edit(request.user, timezone.localdate()),
    }
    return render(request, "programmes/partner_detail.html", shown)


@page(roles={COORDINATOR})
def partner_new(request: HttpRequest) -> HttpResponse:
    """A partner that was not there."""
    form = PartnerForm(sent(request), request=request)
    back = (reverse("partner_list"), "Partnere")
    return edit_page(
        request, form, title=_("Ny partner"), back=back, saved=_("Partneren er lagret."), url=Partner.get_absolute_url
    )


@page(roles={COORDINATOR})
def partner_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes a partner."""
    partner = get_object_or_404(Partner, public_id=public_id)
    form = PartnerForm(sent(request), instance=partner, request=request)
    back = (partner.get_absolute_url(), partner.name)
    return edit_page(request, form, title=_("Endre partner"), back=back, saved=_("Partneren er lagret."))


@page(roles={COORDINATOR})
def contact_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """A named person at a partner."""
    partner = get_object_or_404(Partner, public_id=public_id)
    form = ContactForm(sent(request), instance=PartnerContact(partner=partner), request=request)
    back = (partner.get_absolute_url(), partner.name)
    return edit_page(request, form, title=_("Ny kontaktperson"), back=back, saved=_("Kontaktpersonen er lagret."))


@page(roles={COORDINATOR})
def contact_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changes a contact."""
    contact = get_object_or_404(PartnerContact, public_id=public_id)
    form = ContactForm(sent(request), instance=contact, request=request)
    back, gone = (contact.partner.get_absolute_url(), contact.partner.name), reverse("contact_remove", args=[public_id])
    return edit_page(
        request, form, title=_("Endre kontaktperson"), back=back, saved=_("Kontaktpersonen er lagret."), remove_url=gone
    )


@page(roles={COORDINATOR})
def contact_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Removes a contact."""
    contact = get_object_or_404(PartnerContact, public_id=public_id)
    back = (contact.partner.get_absolute_url(), contact.partner.name)
    text = f"{contact.name} blir borte fra {contact.partner.name}."
    return remove_page(
        request, contact, title=_("Fjern kontaktpersonen?"), text=text, back=back, removed=_("Kontaktpersonen er fjernet.")
    )
