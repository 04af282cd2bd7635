"""A fictional partnership, for a first look and for checks: nothing in it is real."""
