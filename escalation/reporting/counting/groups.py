"""To which group of services an organisation belongs, where one counts by organisation."""

from django.db.models import Case, CharField, F, Max, Min, OuterRef, Subquery, Value, When

from escalation.accounts.models import Setting
from escalation.disclosure.plan import PlanDimension

GROUP, SEVERAL = "setting_group", "several"


def group_of_organisation(dimension: PlanDimension) -> Subquery:
    """One word of the category that all services of an organisation are in, or that they are in several."""
    category = Case(
        *(When(group__in=each.holds, then=Value(each.holds[0])) for each in dimension.categories),
        default=Value(SEVERAL),
        output_field=CharField(),
    )
    theirs = Setting.objects.filter(organisation=OuterRef("organisation")).order_by().values("organisation")
    both = theirs.annotate(least=Min(category), most=Max(category))
    one = Case(When(least=F("most"), then=F("least")), default=Value(SEVERAL), output_field=CharField())
    return Subquery(both.values_list(one))
