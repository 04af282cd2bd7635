"""The words of a challenge's pages: pure functions from a `CaseView` to the shapes of core.web.components.

Nothing here reads the database or decides who may see what: a view holds only what its reader may know.
"""
