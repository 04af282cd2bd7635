"""The conditions of the LADO step table, one sentence each: None means yes, a sentence says why not."""

from escalation.lado.facts import Facts


def not_about_us(facts: Facts) -> str | None:
    if not facts.about_lado or facts.handed_over:
        return None
    return "This is about the LADO, their manager or a director. A neighbouring LADO must take it."


def a_neighbour(facts: Facts) -> str | None:
    if facts.neighbours:
        return None
    return "No neighbouring LADO has a seat here. Call them, and transfer it once they have taken it."


def not_handed_over(facts: Facts) -> str | None:
    return "The neighbouring LADO has it already." if facts.handed_over else None


def a_limb(facts: Facts) -> str | None:
    return None if facts.limbs else "Say first which of the four parts of the threshold it may meet."


def a_strand(facts: Facts) -> str | None:
    return None if facts.strands else "Add a strand first: the police, children's social care or an employer."


def someone_leads(facts: Facts) -> str | None:
    if facts.employers < 2 or facts.someone_leads:
        return None
    return "There is more than one employer. Say first which of them leads."


def several_employers(facts: Facts) -> str | None:
    return None if facts.employers > 1 else "There is only one employer, or none yet. Add the other first."


def an_allegation(facts: Facts) -> str | None:
    return None if facts.allegations else "Write down what is alleged first."


def every_allegation_has_an_outcome(facts: Facts) -> str | None:
    if not facts.undecided:
        return None
    return "Every allegation needs an outcome of its own. At least one has none yet."


def strands_have_ended(facts: Facts) -> str | None:
    return "A strand is still open. Say how it ended first." if facts.open_strands else None


def duties_needed(facts: Facts) -> str | None:
    if facts.duties_needed:
        return None
    return "No answer is needed here: nothing was substantiated, and the person was not removed."


def dbs_answered(facts: Facts) -> str | None:
    if not facts.duties_needed or facts.dbs_answered:
        return None
    return "Answer the DBS question first: referred on which day, not required and why, or refused by the employer."


def regulator_answered(facts: Facts) -> str | None:
    if not facts.duties_needed or facts.regulator_answered:
        return None
    return "Answer the regulator question first: told on which day, or not required and why."


def lateness_explained(facts: Facts) -> str | None:
    return "The LADO was told late. Say why before this is closed." if facts.late_unexplained else None


def late_unexplained(facts: Facts) -> str | None:
    return None if facts.late_unexplained else "The LADO was not told late, or the reason is known already."


def a_strand_is_left(facts: Facts) -> str | None:
    if facts.strands_left:
        return None
    return "The police, social care and every employer have their strand already. Add an employer first."


def no_open_disagreement(facts: Facts) -> str | None:
    if not facts.head_asked:
        return None
    return "Somebody disagrees with the LADO, and the head of service has not answered yet."


def somebody_kept_out(facts: Facts) -> str | None:
    return None if facts.kept_out else "Nobody is kept out of this, so nobody can be let back in."


def support_reads(facts: Facts) -> str | None:
    return None if facts.support_reads else "Support reads no words of this, so nothing can be ended."


def head_not_asked(facts: Facts) -> str | None:
    return (
        "The head of service has been asked already, and has not answered yet." if facts.head_asked else None
    )


def head_asked(facts: Facts) -> str | None:
    return None if facts.head_asked else "The head of service has not been asked."


def a_letter_waits(facts: Facts) -> str | None:
    return None if facts.open_letters else "No letter waits for an answer."


def an_action_is_open(facts: Facts) -> str | None:
    return None if facts.open_actions else "There is no open action."


def a_question_is_open(facts: Facts) -> str | None:
    return None if facts.open_questions else "There is no question to answer."


def there_is_news(facts: Facts) -> str | None:
    return None if facts.news else "The referrer has added nothing that is not read yet."


def somebody_else(facts: Facts) -> str | None:
    """Whoever loses sight leaves the work to another: it must not fall between two chairs."""
    if facts.others:
        return None
    return "Nobody else of the LADO team could take it. Transfer it to a neighbouring LADO first."
