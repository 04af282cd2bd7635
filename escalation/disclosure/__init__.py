"""Disclosure control: how a figure may leave. Plain Python: it knows neither Django nor the rest of the log.

docs/disclosure.md has the method, its proof, its limits and its figures.
"""
