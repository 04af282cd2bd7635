-- What a quarter's release counts, as somebody who knows the tables would ask for it: a statement for each
-- table. $ended stands for the first of these, the challenges that ended in a time.

-- ended
WITH ended AS (
    SELECT line.challenge_id AS id, line.step, line.recorded_at, c.opened_at, c.issue, c.about
    FROM challenges_entry AS line JOIN challenges_challenge AS c ON c.id = line.challenge_id
    WHERE line.step = ANY(%(ending)s) AND line.recorded_at >= %(begins)s AND line.recorded_at < %(ends)s
        AND NOT EXISTS (
            SELECT 1 FROM challenges_entry AS before
            WHERE before.challenge_id = line.challenge_id AND before.step = ANY(%(ending)s)
                AND before.id < line.id))

-- opened
SELECT count(*) FROM challenges_challenge AS c
WHERE c.imported_at IS NULL AND c.opened_at >= %(begins)s AND c.opened_at < %(ends)s

-- closed
$ended SELECT count(*) FROM ended

-- opened by issue
SELECT c.issue, c.about, count(*) FROM challenges_challenge AS c
WHERE c.imported_at IS NULL AND c.opened_at >= %(begins)s AND c.opened_at < %(ends)s GROUP BY 1, 2

-- opened by setting
SELECT (
    SELECT CASE WHEN min(word) = max(word) THEN min(word) ELSE 'several' END
    FROM (
        SELECT CASE WHEN s."group" IN ('probation', 'voluntary', 'housing') THEN 'other' ELSE s."group" END AS word
        FROM challenges_party AS p JOIN accounts_setting AS s ON s.id = p.setting_id
        WHERE p.challenge_id = c.id AND p.role = 'responding') AS words), count(*)
FROM challenges_challenge AS c
WHERE c.imported_at IS NULL AND c.opened_at >= %(begins)s AND c.opened_at < %(ends)s GROUP BY 1

-- days open
$ended, days AS (
    SELECT day::date, count(*) FILTER (WHERE extract(isodow FROM day) < 6 AND day::date <> ALL(%(shut)s))
        OVER (ORDER BY day) AS number
    FROM generate_series(%(begins)s - interval '200 days', %(ends)s, interval '1 day') AS day)
SELECT CASE WHEN n <= 5 THEN 1 WHEN n <= 10 THEN 2 WHEN n <= 20 THEN 3 WHEN n <= 40 THEN 4 ELSE 5 END, count(*)
FROM (
    SELECT b.number - a.number AS n FROM ended
    JOIN days AS a ON a.day = (ended.opened_at AT TIME ZONE 'Europe/London')::date
    JOIN days AS b ON b.day = (ended.recorded_at AT TIME ZONE 'Europe/London')::date) AS spans
GROUP BY 1

-- stage by issue
$ended SELECT (
    SELECT max(stage) FROM challenges_entry AS s WHERE s.challenge_id = ended.id AND s.episode = 1),
    issue, about, count(*)
FROM ended GROUP BY 1, 2, 3

-- stage by outcome
$ended SELECT (
    SELECT max(stage) FROM challenges_entry AS s WHERE s.challenge_id = ended.id AND s.episode = 1), step, (
    SELECT s.codes ->> 'outcome' FROM challenges_entry AS s
    WHERE s.challenge_id = ended.id AND s.episode = 1 AND s.step = 'settle'
    ORDER BY s.version DESC, s.id DESC LIMIT 1), count(*)
FROM ended GROUP BY 1, 2, 3

-- stage by setting
$ended SELECT (
    SELECT max(stage) FROM challenges_entry AS s WHERE s.challenge_id = ended.id AND s.episode = 1), (
    SELECT CASE WHEN min(word) = max(word) THEN min(word) ELSE 'several' END
    FROM (
        SELECT CASE WHEN s."group" IN ('probation', 'voluntary', 'housing') THEN 'other' ELSE s."group" END AS word
        FROM challenges_party AS p JOIN accounts_setting AS s ON s.id = p.setting_id
        WHERE p.challenge_id = ended.id AND p.role = 'responding') AS words), count(*)
FROM ended GROUP BY 1, 2

-- stage by on time
$ended SELECT (
    SELECT max(stage) FROM challenges_entry AS s WHERE s.challenge_id = ended.id AND s.episode = 1), (
    SELECT bool_or(NOT met) FROM challenges_deadline AS d
    WHERE d.challenge_id = ended.id AND d.episode = 1 AND d.name = ANY(%(clocks)s) AND d.met IS NOT NULL),
    count(*)
FROM ended GROUP BY 1, 2
