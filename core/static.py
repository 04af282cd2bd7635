"""Style sheets and scripts under names that change with what is in them."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """Django's, which also rewrites what one JavaScript module imports from another."""

    support_js_module_import_aggregation = True
