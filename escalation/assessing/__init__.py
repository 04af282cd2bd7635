"""What the method of disclosure control, and a release plan, would do: measured on generated cases.

Plain Python. Nothing here ever sees a real case, and nothing here decides on a release.
"""
