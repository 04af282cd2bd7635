"""Free text that people type: what can be stored, its digest, and the field it is kept in."""

from core.text.digest import digest_of
from core.text.fields import ErasableTextField, storable

__all__ = ["ErasableTextField", "digest_of", "storable"]
