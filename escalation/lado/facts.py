"""What the step table may know of a referral: plain values, read once, passed to every guard."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Facts:
    """A referral as its guards see it, for one actor. Numbers count rows; `parts` are workflow.Who values."""

    status: str
    limbs: int = 0
    about_lado: bool = False
    handed_over: bool = False
    neighbours: int = 0
    employers: int = 0
    someone_leads: bool = False
    allegations: int = 0
    undecided: int = 0
    strands: int = 0
    open_strands: int = 0
    strands_left: int = 0
    open_letters: int = 0
    open_actions: int = 0
    open_questions: int = 0
    news: bool = False
    duties_needed: bool = False
    dbs_answered: bool = False
    regulator_answered: bool = False
    late_unexplained: bool = False
    head_asked: bool = False
    others: int = 0
    kept_out: int = 0
    support_reads: int = 0
    parts: frozenset[str] = field(default=frozenset())
