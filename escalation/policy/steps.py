"""The names of steps that a policy may speak of: what meets a milestone, and what starts one.

Who may take a step, and when, is the step table's matter (challenges); a test there holds the names equal.
"""

RAISE = "raise"
"""Sending the challenge: no row of the step table, but a policy can say by when."""

CODES_OF = {"reply": "answer", "add_note": "method", "answer_recommendation": "recommendation_answer"}
"""What a step was answered with, or how it was done: the name of that answer, and of its vocabulary."""

STEP_NAMES = frozenset(
    (
        "accept_transfer",
        "acknowledge_withdrawal",
        "add_note",
        "agree_hold",
        "agree_return",
        "allocate",
        "answer_question",
        "answer_recommendation",
        "ask_own_lead",
        "ask_question",
        "cancel_transfer",
        "check_form",
        "close_unconfirmed",
        "code_issue",
        "complete_action",
        "complete_form",
        "confirm_settled",
        "convene",
        "correct",
        "decide",
        "decline_proposal",
        "decline_to_move_up",
        "end_hold",
        "escalate",
        "give_pulse",
        "mark_duplicate",
        "match",
        "not_settled",
        "offer_call",
        "offer_transfer",
        "propose_hold",
        "propose_return",
        "put_on_record",
        "recommend",
        "reopen",
        "reply",
        "resume",
        "say_learning",
        "say_treated",
        "send_form_back",
        "set_hold",
        "settle",
        "suggest_learning",
        "thank",
        "void",
        "withdraw",
    )
)
