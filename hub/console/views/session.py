# SPDX-License-Identifier: Apache-2.0
"""Sign in, with a second factor where there is one, sign out, and go where one's work is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.console.access import STAY, stay_of
from hub.console.forms.session import CodeForm, SignInForm
from hub.merchants import factor, stays, tries
from hub.merchants.deeds import Did
from hub.merchants.doing import note
from hub.merchants.models import Person, Role

WAITING: Final = "waiting"
"""Where a session keeps who has shown a password and not the second factor yet."""
LASTS: Final = timedelta(minutes=10)
"""How long the second factor is waited for."""


def slowed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer with the page that says when to try again, where tries run out."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except tries.TooMany as many:
            pause = max(many.until - timezone.now(), timedelta(seconds=1))
            page = render(request, "console/session/locked.html", {"pause": pause}, status=429)
            page.headers["Retry-After"] = str(int(pause.total_seconds()) + 1)
            return page

    return guarded


class SignIn(LoginView):
    """The sign-in page; who guesses is slowed down, known or not."""

    form_class = SignInForm
    template_name = "console/session/sign_in.html"
    redirect_authenticated_user = True
    extra_context = {"sign_up": settings.HUB_SIGN_UP}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Count the try before any password is looked at."""
        posted = self.request.POST.get("username", "")
        if self.request.method == "POST" and posted:
            self.tried = tries.attempt(
                tries.What.PASSWORD,
                account=posted.strip().lower(),
                address=tries.address_of(self.request),
            )
        return super().get_form_kwargs()

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Sign in, or ask for the second factor of whoever has one."""
        self.tried.succeeded()
        person: Any = form.get_user()  # type: ignore[attr-defined]  # of AuthenticationForm
        if not person.factor:
            note(Did.SIGNED_IN, by=person, about=person)
            return super().form_valid(form)  # type: ignore[arg-type]
        session = self.request.session
        session.cycle_key()
        session[WAITING] = {
            "person": person.pk,
            "word": person.get_session_auth_hash(),
            "since": timezone.now().isoformat(),
            "next": self.get_success_url(),
        }
        return redirect("console:sign-in-code")

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """After the last try say how long to wait; an empty field was no try."""
        if not form.non_field_errors() and hasattr(self, "tried"):
            self.tried.undo()
        elif form.non_field_errors() and self.tried.closed_until:
            raise tries.TooMany(self.tried.closed_until)
        return super().form_invalid(form)  # type: ignore[arg-type]


@slowed
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of whoever has shown their password."""
    person = _waiting(request)
    if person is None:
        return redirect("console:sign-in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and may_pass(request, person, form):
        after = request.session.pop(WAITING)["next"]
        login(request, person)
        note(Did.SIGNED_IN, by=person, about=person)
        _say_codes_left(request, person, form.cleaned_data["code"])
        return redirect(after)
    context = {"form": form, "person": person, "demo": settings.HUB_MAILBOX}
    return render(request, "console/session/code.html", context)


def may_pass(request: HttpRequest, person: Person, form: CodeForm) -> bool:
    """Whether the code that was typed proves the second factor; else the form says so.

    Raises:
        TooMany: it was tried too often.
    """
    address = tries.address_of(request)
    tried = tries.attempt(tries.What.CODE, account=person.email, address=address)
    if factor.proves(person, form.cleaned_data["code"]):
        tried.succeeded()
        return True
    if tried.closed_until:
        raise tries.TooMany(tried.closed_until)
    form.refuse()
    return False


class SignOut(LogoutView):
    """Signs out, by a form only."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """End the session, and with it a stay in a merchant's space."""
        person: Any = request.user
        if person.is_authenticated:
            stays.leave(request.session.get(STAY), person)
            note(Did.SIGNED_OUT, by=person, about=person)
        return super().post(request, *args, **kwargs)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Open the page each account begins with."""
    match request.user.role:  # type: ignore[union-attr]  # login_required
        case Role.SHOP:
            return redirect("console:till")
        case Role.OPERATOR if stay_of(request) is None:
            return redirect("console:merchants")
    return redirect("console:dashboard")


def _waiting(request: HttpRequest) -> Person | None:
    """Who has shown a password lately, if it still is theirs and their account open."""
    kept = request.session.get(WAITING)
    if kept is None:
        return None
    since = datetime.fromisoformat(kept["since"])
    person = Person.objects.filter(pk=kept["person"]).select_related("merchant").first()
    lapsed = timezone.now() - since > LASTS
    fits = person and person.may_enter and person.get_session_auth_hash() == kept["word"]
    if lapsed or not fits:
        request.session.pop(WAITING)
        return None
    return person


def _say_codes_left(request: HttpRequest, person: Person, typed: str) -> None:
    if len("".join(typed.split())) == factor.DIGITS:
        return
    left = factor.codes_left(person)
    messages.warning(
        request,
        ngettext(
            "Ce code de secours ne sert plus. Il vous en reste %(n)s.",
            "Ce code de secours ne sert plus. Il vous en reste %(n)s.",
            left,
        )
        % {"n": left},
    )
