"""Section 11 assurance: the business unit asks, an organisation shows."""

from django.urls import path

from .models import STEP_PLACES
from .views import packs, pages, steps

urlpatterns = [
    path("assurance/", pages.assurance, name="assurance"),
    path("assurance/standards/", pages.standards, name="assurance-standards"),
    path("assurance/new/", pages.new, name="new-assurance-request"),
    path("packs/", packs.packs, name="evidence-packs"),
    path("packs/new/", packs.begin, name="begin-pack"),
    path("packs/<uuid:uuid>/", packs.pack, name="evidence-pack"),
    path("packs/<uuid:uuid>/write/", packs.write, name="write-pack"),
    path("packs/<uuid:uuid>/offer/", packs.offer, name="offer-pack"),
    path("packs/<uuid:uuid>/send-back/", packs.send_back, name="send-pack-back"),
    path("packs/<uuid:uuid>/sign/", packs.sign, name="sign-pack"),
    path("packs/<uuid:uuid>/comment/", packs.say, name="comment-pack"),
    path("assurance/<uuid:uuid>/", pages.one, name="assurance-request"),
    path("assurance/<uuid:uuid>/answer/", steps.answer, name="assurance-answer"),
    *(
        path(f"assurance/<uuid:uuid>/{place}/", steps.step, {"name": name}, name=f"assurance-{place}")
        for name, place in STEP_PLACES.items()
        if name not in ("save", "answer")
    ),
]

RULES = {
    "assurance": "assurance",
    "assurance-standards": "assurance",
    "new-assurance-request": "asking for assurance",
    "assurance-request": "an assurance request",
    "assurance-answer": "answering an assurance request",
    "assurance-act": "answering an assurance request",
    "assurance-more-time": "reviewing an assurance request",
    "assurance-send-back": "reviewing an assurance request",
    "assurance-rate": "reviewing an assurance request",
    "assurance-follow-up": "reviewing an assurance request",
    "assurance-close": "reviewing an assurance request",
    "assurance-ask-again": "reviewing an assurance request",
    "assurance-take-back": "reviewing an assurance request",
    "evidence-packs": "evidence packs",
    "evidence-pack": "an evidence pack",
    "begin-pack": "making evidence packs",
    "write-pack": "making evidence packs",
    "send-pack-back": "making evidence packs",
    "sign-pack": "making evidence packs",
    "offer-pack": "offering an evidence pack",
    "comment-pack": "commenting on an evidence pack",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
