# SPDX-License-Identifier: Apache-2.0
"""Sign in, sign out, and go where one's work is."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hub.console.access import ENTERED
from hub.console.forms.session import SignInForm
from hub.merchants.models import Role


class SignIn(LoginView):
    """The sign-in page; django-axes slows down who guesses."""

    form_class = SignInForm
    template_name = "console/session/sign_in.html"
    redirect_authenticated_user = True
    extra_context = {"sign_up": settings.HUB_SIGN_UP}


class SignOut(LogoutView):
    """Signs out, by a form only."""

    http_method_names = ["post", "options"]


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Open the page each account begins with."""
    match request.user.role:  # type: ignore[union-attr]  # login_required
        case Role.SHOP:
            return redirect("console:sales")
        case Role.OPERATOR if ENTERED not in request.session:
            return redirect("console:merchants")
    return redirect("console:dashboard")
