# SPDX-License-Identifier: Apache-2.0
"""One's own account: name, address, password, second factor, and where one is signed in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.console.access import signed_in
from hub.console.filters import number_of
from hub.console.forms.profile import NameForm, NewAddressForm, NewPasswordForm
from hub.console.pages import own_page
from hub.console.views.accounts import link_page
from hub.console.views.session import slowed
from hub.merchants import factor, links, tries
from hub.merchants import sessions as open_sessions
from hub.merchants.deeds import Did
from hub.merchants.doing import doing
from hub.merchants.models import Person


@require_http_methods(["GET", "POST"])
@signed_in
def one(request: HttpRequest, person: Person) -> HttpResponse:
    """Show the account; the name is changed here."""
    form = NameForm(request.POST or None, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        person.name = form.cleaned_data["name"]
        with doing(Did.NAMED, by=person, about=person):
            person.save(update_fields=["name"])
        messages.success(request, _("Votre nom est enregistré."))
        return redirect("console:profile")
    context = {
        "form": form,
        "account": person,
        "may_have": factor.may_have(person),
        "signed_in": len(open_sessions.of(person)),
    }
    return own_page(request, person, "profile/one.html", context=context)


@slowed
@require_http_methods(["GET", "POST"])
@signed_in
def address(request: HttpRequest, person: Person) -> HttpResponse:
    """Mail a link to a new address; it is the account's once the link was followed."""
    form = NewAddressForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid() and _is_them(request, person, form):
        email = form.cleaned_data["email"]
        with doing(Did.ADDRESS_ASKED, by=person, about=person):
            links.ask_new_address(
                person, email, page=link_page(request), language=request.LANGUAGE_CODE
            )
        links.send_soon()
        sent = {"email": email, "back": True, "demo": settings.HUB_MAILBOX}
        return render(request, "console/session/sent.html", sent)
    return own_page(request, person, "profile/address.html", context={"form": form})


@slowed
@require_http_methods(["GET", "POST"])
@signed_in
def password(request: HttpRequest, person: Person) -> HttpResponse:
    """Change the password: every other session ends."""
    form = NewPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid() and _is_them(request, person, form):
        person.set_password(form.cleaned_data["password"])
        with doing(Did.PASSWORD_CHOSEN, by=person, about=person):
            person.save(update_fields=["password"])
            open_sessions.end_others(person, but=request.session.session_key)
        update_session_auth_hash(request, person)
        messages.success(
            request, _("Votre mot de passe est changé, et vos autres sessions sont fermées.")
        )
        return redirect("console:profile")
    return own_page(request, person, "profile/password.html", context={"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def sessions(request: HttpRequest, person: Person) -> HttpResponse:
    """List where one is signed in; end one of them, the others, or all."""
    here = request.session.session_key
    if request.method == "POST":
        match request.POST.get("end", ""):
            case "all":
                with doing(Did.SESSIONS_ENDED, by=person, about=person):
                    open_sessions.end_others(person, but=None)
                logout(request)
                messages.success(request, _("Toutes vos sessions sont fermées."))
                return redirect("console:sign-in")
            case "others":
                with doing(Did.SESSIONS_ENDED, by=person, about=person):
                    n = open_sessions.end_others(person, but=here)
                ended = ngettext("%(n)s session fermée.", "%(n)s sessions fermées.", n)
                messages.success(request, ended % {"n": n})
            case one if (session := number_of(one)) is not None:
                with doing(Did.SESSIONS_ENDED, by=person, about=person):
                    open_sessions.end(person, session)
                messages.success(request, _("Cette session est fermée."))
        return redirect("console:sessions")
    rows = [
        {"row": row, "device": open_sessions.device(row.agent), "here": row.key == here}
        for row in open_sessions.of(person)
    ]
    return own_page(request, person, "profile/sessions.html", context={"rows": rows})


def _is_them(request: HttpRequest, person: Person, form: NewAddressForm | NewPasswordForm) -> bool:
    """Whether the password is theirs; guessing it here counts like guessing it at the door."""
    tried = tries.attempt(
        tries.What.PASSWORD, account=person.email, address=tries.address_of(request)
    )
    if person.check_password(form.cleaned_data["current"]):
        tried.succeeded()
        return True
    if tried.closed_until:
        raise tries.TooMany(tried.closed_until)
    form.refuse()
    return False
