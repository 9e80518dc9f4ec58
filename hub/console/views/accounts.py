# SPDX-License-Identifier: Apache-2.0
"""Sign up, and follow the link of a mail: to activate an account, choose a password, move it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.console.forms.accounts import AskForm, ChooseForm, SignUpForm
from hub.console.views.session import slowed
from hub.merchants import links, tries
from hub.merchants.mailed import Purpose


@slowed
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Take in a business; the answer is the same whether the address is known or not."""
    if not settings.HUB_SIGN_UP:
        raise Http404
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tries.attempt(tries.What.LINK, address=tries.address_of(request))
        given = form.cleaned_data
        links.sign_up(
            given["email"],
            business=given["business"],
            name=given["name"],
            zone=given["zone"],
            password=given["password"],
            page=link_page(request),
            language=_language(request),
        )
        return _sent(request, given["email"])
    return render(request, "console/session/sign_up.html", {"form": form})


@slowed
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Mail a link, to whoever forgot a password or has not activated an account yet."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tries.attempt(tries.What.LINK, address=tries.address_of(request))
        email = form.cleaned_data["email"]
        links.ask_again(email, page=link_page(request), language=_language(request))
        return _sent(request, email)
    return render(request, "console/session/ask.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """Do what a link is for, once a person says so: programs that read mail follow links, too."""
    try:
        link = links.find(secret)
        if link.purpose == Purpose.ACTIVATE:
            if request.method == "POST":
                links.activate(secret)
                messages.success(request, _("Votre compte est activé : connectez-vous."))
                return redirect("console:sign-in")
            return render(request, "console/session/activate.html", {"link": link})
        if link.purpose == Purpose.ADDRESS:
            if request.method == "POST":
                links.take_address(secret)
                messages.success(request, _("Votre compte a cette adresse maintenant."))
                return redirect("console:profile")
            return render(request, "console/session/take_address.html", {"link": link})
        form = ChooseForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            person = links.choose_password(secret, form.cleaned_data["password"])
            here = tries.address_of(request)
            tries.forget(tries.What.PASSWORD, account=person.email, address=here)
            messages.success(request, _("Votre mot de passe est changé : connectez-vous."))
            return redirect("console:sign-in")
    except links.Spent:
        return render(request, "console/session/spent.html", status=404)
    return render(request, "console/session/choose.html", {"form": form, "link": link})


def _sent(request: HttpRequest, email: str) -> HttpResponse:
    links.send_soon()
    context = {"email": email, "demo": settings.HUB_MAILBOX}
    return render(request, "console/session/sent.html", context)


def link_page(request: HttpRequest) -> str:
    """What links open, without their secret."""
    return request.build_absolute_uri(reverse("console:link", args=["x"])).removesuffix("x/")


def _language(request: HttpRequest) -> str:
    return request.LANGUAGE_CODE
