"""Section 11 assurance: the business unit asks, an organisation shows."""

from django.urls import path

from .models import STEP_PLACES
from .views import packs, pages, ratings, samples, steps

urlpatterns = [
    path("assurance/", pages.assurance, name="assurance"),
    path("assurance/standards/", pages.standards, name="assurance-standards"),
    path("assurance/new/", pages.new, name="new-assurance-request"),
    path("assurance/ratings/", ratings.ratings, name="self-ratings"),
    path("assurance/ratings/<int:number>/<int:standard>/", ratings.rate, name="rate-oneself"),
    path("dip-samples/", samples.samples, name="dip-samples"),
    path("dip-samples/new/", samples.draw, name="draw-sample"),
    path("dip-samples/findings/", samples.findings, name="findings"),
    path("dip-samples/<uuid:uuid>/", samples.sample, name="dip-sample"),
    path("dip-samples/<uuid:uuid>/<int:number>/", samples.case, name="sample-case"),
    path("dip-samples/<uuid:uuid>/finding/", samples.finding, name="sample-finding"),
    path("dip-samples/<uuid:uuid>/agree/", samples.agreeing, name="agree-finding"),
    path("dip-samples/<uuid:uuid>/send-back/", samples.send_back, name="send-finding-back"),
    path("dip-samples/<uuid:uuid>/end/", samples.ending, name="end-sample"),
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
    "self-ratings": "how organisations see themselves",
    "rate-oneself": "rating one’s own organisation",
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
    "dip-samples": "dip samples",
    "draw-sample": "drawing a dip sample",
    "end-sample": "ending a dip sample",
    "dip-sample": "a dip sample",
    "sample-case": "reading for a dip sample",
    "sample-finding": "reading for a dip sample",
    "send-finding-back": "reading for a dip sample",
    "agree-finding": "agreeing to a finding",
    "findings": "what dip samples found",
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
