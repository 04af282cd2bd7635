"""An earlier log of the LADO's, in a spreadsheet, brought in behind the wall.

    fields     what can be brought in, and how such columns are often called
    words      the words we know: of the LADO's policy, and of old logs
    referrals  a record of the spreadsheet into a referral
    checks     what is wrong with a referral, or worth a look
    plan       a file and its mapping into all that would happen; nothing is written
    totals     what the LADO compares with the old log and with what was published

Reading and mapping are escalation.sheets; services.importing writes.
"""

from escalation.lado.importing.plan import LadoPlan, plan_import, propose_mapping, read_plan_mapping
from escalation.lado.importing.totals import Totals

__all__ = ["LadoPlan", "Totals", "plan_import", "propose_mapping", "read_plan_mapping"]
