-- A million challenges as the services leave them, as far as counts look at them: each has one party that was
-- asked, one clock for its answer, and three lines: raised, settled, closed.

-- Without looking each of the keys up: they are right.
SET session_replication_role = replica;

INSERT INTO challenges_challenge (uuid, key, reference, policy_version_id, raising_id, raised_by_id,
    name_withheld,
    name_released, opened_at, status, stage, stage_reached, episode, version, fast, about, issue,
    other_issues,
    label, age_band, no_single_child, our_pointer, voice_given, scope, child_status, child_cannot_wait,
    skip_reason, pending, returned_once, outcome, impact, settled_at, closed_at, void_reason, unit_owes,
    partners_owe)
SELECT gen_random_uuid(), gen_random_uuid(), upper(lpad(to_hex(n), 7, '0')), $policy, $school, $teacher,
    false,
    false, $start::timestamptz + n * ($days * interval '1 day' / $cases), 'closed', 1 + n % 3, 1 + n % 3,
    1, 3,
    false, (ARRAY['level_of_help', 'information', 'service_gap'])[1 + n % 3],
    (ARRAY['threshold', 'drift_delay', '', 'resources'])[1 + n % 4], '[]', '', 'age_0_4', false, '', false,
    '', '',
    false, '', '', false, (ARRAY['decision_changed', 'decision_stays'])[1 + n % 2], 'too_early',
    $start::timestamptz + n * ($days * interval '1 day' / $cases) + (n % 70) * interval '1 day',
    $start::timestamptz + n * ($days * interval '1 day' / $cases) + (n % 70) * interval '1 day', '', false,
    false
FROM generate_series(1, $cases) AS n;

INSERT INTO challenges_party (challenge_id, setting_id, role, stage, their_pointer, answer, question_open,
    question_used, agreed_to_pending, must_answer_recommendation, recommendation_answer, owes)
SELECT id, (ARRAY[$asked])[1 + id % 4], 'responding', stage, '', '', false, false, false, false, '', false
FROM challenges_challenge;

INSERT INTO challenges_deadline (challenge_id, episode, stage, name, owed_by, audience, started, due,
    overdue_from,
    basis, decided_at, met)
SELECT id, 1, stage, 'reply', 'responding', 'all_parties', opened_at, opened_at, opened_at, '{}', opened_at,
    id % 5 > 0
FROM challenges_challenge;

INSERT INTO challenges_entry (challenge_id, version, episode, stage, step, seat, occurred_at, recorded_at,
    audience,
    codes, words)
SELECT id, version, 1, CASE WHEN version = 1 THEN 1 ELSE stage END,
    (ARRAY['raise', 'settle', 'confirm_settled'])[version], 'seat',
    CASE WHEN version = 1 THEN opened_at ELSE closed_at END,
    CASE WHEN version = 1 THEN opened_at ELSE closed_at END,
    'all_parties', CASE WHEN version = 2 THEN jsonb_build_object('outcome', outcome) ELSE '{}' END, '{}'
FROM (SELECT id, stage, opened_at, closed_at, outcome FROM challenges_challenge) AS c,
    generate_series(1, 3) AS version;

ANALYZE;
