# SPDX-License-Identifier: Apache-2.0
"""The addresses of the console; tests/hub/console/test_walls.py has a row for each."""

from django.urls import path
from django.views.i18n import set_language

from hub.console.views import (
    customers,
    dashboard,
    equation,
    giftcards,
    incidents,
    journals,
    limits,
    merchants,
    programmes,
    sales,
    session,
    shelf,
    shops,
    terminals,
)

app_name = "console"

urlpatterns = [
    path("", session.home, name="home"),
    path("connexion/", session.SignIn.as_view(), name="sign-in"),
    path("deconnexion/", session.SignOut.as_view(), name="sign-out"),
    path("langue/", set_language, name="language"),
    path("commerces/", merchants.listing, name="merchants"),
    path("commerces/quitter/", merchants.leave, name="merchant-leave"),
    path("commerces/<slug:merchant>/entrer/", merchants.enter, name="merchant-enter"),
    path("tableau/", dashboard.board, name="dashboard"),
    path("tableau/vif/", dashboard.live, name="dashboard-live"),
    path("boutiques/", shops.listing, name="shops"),
    path("boutiques/ajouter/", shops.add, name="shop-add"),
    path("boutiques/<slug:shop>/", shops.edit, name="shop"),
    path("clients/", customers.listing, name="customers"),
    path("clients/<int:customer>/", customers.one, name="customer"),
    path("programmes/", programmes.listing, name="programmes"),
    path("programmes/ajouter/", programmes.add, name="programme-add"),
    path("programmes/exemple/", programmes.example, name="programme-example"),
    path("programmes/publier/", programmes.publish_all, name="programme-publish"),
    path("programmes/<slug:reward>/", programmes.edit, name="programme"),
    path("cartes-cadeaux/", giftcards.listing, name="giftcards"),
    path("cartes-cadeaux/creer/", giftcards.create, name="giftcard-create"),
    path("cartes-cadeaux/<int:card>/", giftcards.one, name="giftcard"),
    path("transactions/", sales.listing, name="sales"),
    path("transactions/<int:sale>/", sales.one, name="sale"),
    path("terminaux/", terminals.listing, name="terminals"),
    path("terminaux/enroler/", terminals.enrol, name="terminal-enrol"),
    path("terminaux/limites/", limits.edit, name="limits"),
    path("terminaux/<slug:terminal>/journal/", journals.one, name="terminal-journal"),
    path("terminaux/<slug:terminal>/retirer/", journals.retire, name="terminal-retire"),
    path("a-voir/", incidents.listing, name="incidents"),
    path("a-voir/<int:incident>/", incidents.one, name="incident"),
    path("a-voir/mises-de-cote/", shelf.listing, name="shelf"),
    path("a-voir/mises-de-cote/<int:entry>/", shelf.one, name="shelf-one"),
    path("a-voir/mises-de-cote/<int:entry>/corriger/", shelf.correct, name="shelf-correct"),
    path("a-voir/mises-de-cote/<int:entry>/octets/", shelf.original, name="shelf-bytes"),
    path("a-voir/equation/", equation.one, name="equation"),
    path("commerces/a-voir/", incidents.everywhere, name="incidents-all"),
    path("commerces/mises-de-cote/", shelf.everywhere, name="shelf-all"),
    path("commerces/equation/", equation.everywhere, name="equation-all"),
]
