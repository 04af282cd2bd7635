"""The Escalation Policy: open for everybody to read, and made anew by two people of the business unit."""

from django.urls import path

from .views import drafts, pieces, reading

urlpatterns = [
    path("policy/", reading.policy, name="policy"),
    path("policy/<int:number>/", reading.version, name="policy-version"),
    path("policy/<int:number>/changes/", reading.changed, name="policy-changes"),
    path("policy/of/<uuid:uuid>/", reading.of_challenge, name="policy-of-challenge"),
    path("policy/<int:number>/file/", drafts.version_file, name="policy-file"),
    # A new version: begun, written by several, tried, offered, approved by another
    path("policy/drafts/", drafts.drafts, name="policy-drafts"),
    path("policy/drafts/<uuid:uuid>/", drafts.draft, name="policy-draft"),
    path("policy/drafts/<uuid:uuid>/read/", drafts.as_read, name="policy-draft-read"),
    path("policy/drafts/<uuid:uuid>/preview/", drafts.preview, name="policy-preview"),
    path("policy/drafts/<uuid:uuid>/file/", drafts.draft_file, name="policy-draft-file"),
    path("policy/drafts/<uuid:uuid>/about/", pieces.about, name="policy-about"),
    path("policy/drafts/<uuid:uuid>/stages/<int:number>/", pieces.stage, name="policy-stage"),
    path(
        "policy/drafts/<uuid:uuid>/stages/<int:number>/times/<int:clock>/", pieces.clock, name="policy-clock"
    ),
    path("policy/drafts/<uuid:uuid>/words/<slug:vocabulary>/", pieces.words, name="policy-words"),
    path("policy/drafts/<uuid:uuid>/notes/", pieces.notes, name="policy-notes"),
]

RULES = {
    "policy": "open",
    "policy-version": "open",
    "policy-changes": "open",
    "policy-of-challenge": "policy of a challenge",
    "policy-file": "reading a new policy",
    "policy-draft-read": "reading a new policy",
    "policy-preview": "reading a new policy",
    "policy-draft-file": "reading a new policy",
    "policy-drafts": "writing the policy",
    "policy-draft": "writing the policy",
    "policy-about": "writing the policy",
    "policy-stage": "writing the policy",
    "policy-clock": "writing the policy",
    "policy-words": "writing the policy",
    "policy-notes": "writing the policy",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
