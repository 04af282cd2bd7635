"""Pages: each introduces people to services and gets out of the way."""
