"""An earlier log of challenges, in a spreadsheet, brought into this one.

    fields   what can be brought in, and how such columns are often called
    words    the words we know: of the policy in force, of the directory, and of old logs
    directory who is where
    cases    a record of the spreadsheet into a case
    checks   what is wrong with a case, or worth a look
    plan     a file and its mapping into all that would happen; nothing is written
    totals   what the keeper compares with the old log

Reading and mapping are escalation.sheets, which knows nothing of challenges; services.import_cases writes.
"""

from escalation.challenges.importing.directory import Directory
from escalation.challenges.importing.plan import Plan, plan_import, propose_mapping, read_plan_mapping
from escalation.challenges.importing.totals import Totals

__all__ = ["Directory", "Plan", "Totals", "plan_import", "propose_mapping", "read_plan_mapping"]
