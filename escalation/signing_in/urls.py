"""Codes by mail, the second step of signing in, how one signs in, and what to do when that step is lost."""

from django.urls import path

from .views import by_mail, lost, passkeys, second_step, with_council

urlpatterns = [
    path("sign-in/by-mail/", by_mail.by_mail, name="by-mail"),
    path("sign-in/by-mail/code/", by_mail.mailed_code, name="mailed-code"),
    path("sign-in/with/", with_council.failed, name="council-failed"),
    path("sign-in/with/<slug:slug>/", with_council.there, name="council"),
    path("sign-in/with/<slug:slug>/back/", with_council.back, name="council-back"),
    path("second-step/", second_step.second_step, name="second-factor"),
    path("second-step/set-up/", second_step.set_up, name="set-up-factor"),
    path("second-step/set-up/picture/", second_step.picture, name="factor-picture"),
    path("second-step/set-up/passkey/", passkeys.add, name="add-passkey"),
    path("second-step/lost/", lost.lost, name="lost-factors"),
    path("second-step/lost/<uuid:uuid>/", lost.decide, name="lost-factor"),
    path("how-you-sign-in/", second_step.how, name="how-you-sign-in"),
    path("how-you-sign-in/again/", by_mail.say_again, name="say-again"),
    path("how-you-sign-in/password/", second_step.password, name="change-password"),
    path("how-you-sign-in/printed-codes/", second_step.printed, name="printed-codes"),
    path("how-you-sign-in/without/<int:number>/", passkeys.end, name="end-factor"),
]

RULES = {
    "by-mail": "open form",
    "mailed-code": "open form",
    "council-failed": "open",
    "council": "sign-in of an organisation",
    "council-back": "sign-in of an organisation",
    "second-factor": "own second step",
    "set-up-factor": "own second step",
    "factor-picture": "own picture of a code",
    "how-you-sign-in": "own way in",
    "say-again": "own second step",
    "change-password": "own second step",
    "printed-codes": "own second step",
    "add-passkey": "own second step",
    "end-factor": "own factor",
    "lost-factors": "lost second steps",
    "lost-factor": "deciding on a lost second step",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
