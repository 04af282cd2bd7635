"""Open forums: planned by the business unit, for those who are invited."""

from django.urls import path

from .views import door, handout, planning, pledges, promotion, pulse, sittings, topics

urlpatterns = [
    path("forums/", sittings.forums, name="forums"),
    path("forums/new/", planning.new, name="new-forum"),
    path("forums/topics/", topics.topics, name="topics"),
    path("forums/topics/new/", topics.new, name="new-topic"),
    path("forums/topics/<uuid:uuid>/", topics.topic, name="topic"),
    path("forums/topics/<uuid:uuid>/change/", topics.edit, name="change-topic"),
    path("forums/board/", pledges.board, name="forum-board"),
    path("forums/pledges/<uuid:uuid>/", pledges.ending, name="pledge"),
    path("forums/<uuid:uuid>/pledge/", pledges.new, name="new-pledge"),
    path("forums/<uuid:uuid>/hand-out/", handout.page, name="forum-hand-out"),
    path("forums/<uuid:uuid>/hand-out.pdf", handout.pdf, name="forum-hand-out-pdf"),
    path("policy-promotion/", promotion.promotion, name="promotion"),
    path("policy-promotion/remind/", promotion.reminding, name="remind-promotion"),
    path("policy-promotion/<int:number>/", promotion.confirming, name="confirm-promotion"),
    path("pulse/<str:pulse>/", pulse.asked, name="pulse"),
    path("pulse/<str:pulse>/thanks/", pulse.thanks, name="pulse-thanks"),
    path("forums/<uuid:uuid>/", sittings.forum, name="forum"),
    path("forums/<uuid:uuid>/come/", sittings.coming, name="come-to-forum"),
    path("forums/<uuid:uuid>/door/", door.door, name="forum-door"),
    path("forums/<uuid:uuid>/change/", planning.edit, name="change-forum"),
    path("forums/<uuid:uuid>/invite/", planning.inviting, name="invite-to-forum"),
    path("forums/<uuid:uuid>/topics/", topics.choosing, name="topics-of-forum"),
    path("forums/<uuid:uuid>/close/", planning.closing, name="close-forum"),
    path("forums/<uuid:uuid>/cancel/", planning.cancelling, name="cancel-forum"),
]

RULES = {
    "forums": "forums",
    "forum": "a forum",
    "come-to-forum": "coming to a forum",
    "forum-door": "the door of a forum",
    "topics": "topics of forums",
    "new-topic": "beginning a topic",
    "topic": "a topic",
    "change-topic": "a topic",
    "topics-of-forum": "planning forums",
    "forum-board": "forums",
    "pledge": "what came of a pledge",
    "new-pledge": "planning forums",
    "forum-hand-out": "a forum",
    "forum-hand-out-pdf": "a forum",
    "promotion": "policy promotion",
    "remind-promotion": "reminding of the policy",
    "confirm-promotion": "confirming a promotion",
    "pulse": "a pulse",
    "pulse-thanks": "after a pulse",
    "new-forum": "planning forums",
    "change-forum": "planning forums",
    "invite-to-forum": "planning forums",
    "close-forum": "planning forums",
    "cancel-forum": "planning forums",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
