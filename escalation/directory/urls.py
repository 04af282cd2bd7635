"""The directory: who acts for which setting, kept by its own lead, and what is missing in it."""

from django.urls import path

from .views import dates, gaps, pages, seats, shutting

urlpatterns = [
    path("directory/", pages.directory, name="directory"),
    path("directory/gaps/", gaps.board, name="directory-gaps"),
    path("directory/<uuid:uuid>/", pages.setting, name="directory-setting"),
    path("directory/<uuid:uuid>/details/", pages.details, name="directory-details"),
    path("directory/<uuid:uuid>/seats/new/", seats.new, name="directory-new-seat"),
    path("directory/<uuid:uuid>/seats/<int:number>/", seats.change, name="directory-seat"),
    path("directory/<uuid:uuid>/seats/<int:number>/end/", seats.end, name="directory-end-seat"),
    path("directory/<uuid:uuid>/shut/", shutting.new, name="directory-shut"),
    path("directory/<uuid:uuid>/shut/<int:number>/end/", shutting.end, name="directory-end-shut"),
    # Closed days, school holidays, numbers to call: two people of the business unit change them
    path("dates/", dates.dates, name="dates"),
    path("dates/propose/<slug:change>/", dates.new, name="propose-dates"),
    path("dates/<uuid:uuid>/decide/", dates.decide, name="decide-dates"),
]

RULES = {
    "directory": "directory",
    "directory-gaps": "gaps in the directory",
    "directory-setting": "directory",
    "directory-details": "keeping the directory",
    "directory-new-seat": "keeping the directory",
    "directory-seat": "keeping the directory",
    "directory-end-seat": "keeping the directory",
    "directory-shut": "keeping the directory",
    "directory-end-shut": "keeping the directory",
    "dates": "days and numbers",
    "propose-dates": "proposing days and numbers",
    "decide-dates": "confirming days and numbers",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
