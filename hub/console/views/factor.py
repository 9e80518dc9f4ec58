# SPDX-License-Identifier: Apache-2.0
"""One's second factor: set it up with a phone, make recovery codes anew, take it away (SPEC A9)."""

import base64
from typing import Final

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.console.access import signed_in
from hub.console.forms.session import CodeForm
from hub.console.pages import own_page
from hub.console.views.session import may_pass, slowed
from hub.merchants import factor, resting, sessions, tries
from hub.merchants.doing import deeds_about
from hub.merchants.models import Person

OFFERED: Final = "factor"
"""Where a session keeps, sealed, the secret that its page shows and no phone has proved yet."""
GROUP: Final = 4
"""Letters of the secret between two spaces."""


@slowed
@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def one(request: HttpRequest, person: Person) -> HttpResponse:
    """Show the second factor, or offer one."""
    if not factor.may_have(person):
        raise PermissionDenied
    return _kept(request, person) if person.factor else _offer(request, person)


def _offer(request: HttpRequest, person: Person) -> HttpResponse:
    """Show a secret to a phone until a code proves that it has it."""
    secret = _offered(request, person)
    form = _code_form(request)
    if request.method == "POST" and form.is_valid():
        address = tries.address_of(request)
        tried = tries.attempt(tries.What.CODE, account=person.email, address=address)
        codes = factor.set_up(person, secret, form.cleaned_data["code"])
        if codes is not None:
            tried.succeeded()
            del request.session[OFFERED]
            sessions.end_others(person, but=request.session.session_key)
            return _codes_page(request, person, codes)
        form.add_error(
            "code", _("Ce code n’est pas celui de maintenant : vérifiez l’heure du téléphone.")
        )
    text = base64.b32encode(secret).decode()
    context = {
        "form": form,
        "must": factor.must_have(person),
        "qr": segno.make(factor.address(secret, person), error="m").svg_data_uri(
            border=4, dark="#000", light="#fff"
        ),
        "secret": " ".join(text[i : i + GROUP] for i in range(0, len(text), GROUP)),
    }
    return own_page(request, person, "profile/factor_offer.html", context=context)


def _kept(request: HttpRequest, person: Person) -> HttpResponse:
    """Show what there is; changing it takes a code."""
    form = _code_form(request)
    if request.method == "POST" and form.is_valid() and may_pass(request, person, form):
        if request.POST.get("act") != "remove":
            return _codes_page(request, person, factor.renew_codes(person))
        if factor.must_have(person):
            raise PermissionDenied
        factor.remove(person, by=person)
        messages.success(request, _("Votre mot de passe suffit de nouveau pour entrer."))
        return redirect("console:profile")
    context = {
        "form": form,
        "left": factor.codes_left(person),
        "must": factor.must_have(person),
        "acts": deeds_about(person).select_related("person")[:10],
    }
    return own_page(request, person, "profile/factor.html", context=context)


def _codes_page(request: HttpRequest, person: Person, codes: list[str]) -> HttpResponse:
    """Show recovery codes, this once."""
    return own_page(request, person, "profile/codes.html", context={"codes": codes})


def _code_form(request: HttpRequest) -> CodeForm:
    """A code is not what these pages begin with."""
    form = CodeForm(request.POST or None)
    form.fields["code"].widget.attrs.pop("autofocus")
    return form


def _offered(request: HttpRequest, person: Person) -> bytes:
    """The secret of this session: the page may be opened again before the phone has read it."""
    about = f"offered to {person.pk}"
    kept = request.session.get(OFFERED)
    if kept is None:
        kept = request.session[OFFERED] = resting.seal(factor.new_secret(), about=about)
    return resting.unseal(kept, about=about)
