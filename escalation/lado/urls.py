"""The LADO's pages, behind the wall; and the three pages by which anybody tells the LADO."""

from django.urls import URLPattern, path

from escalation.lado.views import contact, lists, people, referral, samples, seats, steps, telling, where

app_name = "lado"
urlpatterns: list[URLPattern] = [
    path("tell-lado/", telling.refer, name="refer"),
    path("tell-lado/receipt/", telling.receipt, name="receipt"),
    path("tell-lado/challenge/<uuid:uuid>/", telling.seal, name="seal"),
    path("lado/", lists.lists, name="list"),
    path("lado/contact/", contact.contact, name="contact"),
    path("lado/search/", lists.search, name="search"),
    path("lado/where/", where.where, name="where"),
    path("lado/team/", seats.team, name="team"),
    path("lado/team/new/", seats.give, name="give_seat"),
    path("lado/team/<int:number>/end/", seats.end, name="end_seat"),
    path("lado/samples/", samples.samples, name="samples"),
    path("lado/samples/new/", samples.draw, name="draw_sample"),
    path("lado/samples/<uuid:uuid>/", samples.sample, name="sample"),
    path("lado/samples/<uuid:uuid>/<int:number>/", samples.record, name="sample_record"),
    path("lado/samples/<uuid:uuid>/finding/", samples.finding, name="sample_finding"),
    path("lado/samples/<uuid:uuid>/give/", samples.give, name="give_finding"),
    path("lado/samples/<uuid:uuid>/send-back/", samples.send_back, name="send_finding_back"),
    path("lado/samples/<uuid:uuid>/end/", samples.end, name="end_sample"),
    path("lado/<uuid:uuid>/", referral.referral, name="referral"),
    path("lado/<uuid:uuid>/people/", people.people, name="people"),
    path("lado/<uuid:uuid>/<slug:name>/", steps.step, name="step"),
]

RULES = {
    "refer": "tell the LADO",
    "receipt": "receipt",
    "seal": "sealed copy",
    "list": "lado list",
    "contact": "lado contact",
    "search": "lado search",
    "where": "lado list",
    "team": "lado team",
    "give_seat": "lado seats",
    "end_seat": "end a lado seat",
    "samples": "lado samples",
    "draw_sample": "drawing a lado sample",
    "sample": "a lado sample",
    "sample_record": "a record of a lado sample",
    "sample_finding": "the finding of a lado sample",
    "give_finding": "the finding of a lado sample",
    "send_finding_back": "the finding of a lado sample",
    "end_sample": "the finding of a lado sample",
    "referral": "lado record",
    "people": "lado people",
    "step": "lado step",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
