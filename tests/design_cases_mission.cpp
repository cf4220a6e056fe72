// The requests of the mission, and what every design does: columns, relations, rules.
#include "design_cases.h"

namespace pga::testing {
namespace {

const char* const kUsersAndEvents =
    "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, "
    "created_at timestamptz NOT NULL DEFAULT now()); CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
    "title "
    "text NOT NULL, type text NOT NULL, starts_at timestamptz NOT NULL, user_id bigint NOT NULL REFERENCES users);";

const char* const kRows =
    "INSERT INTO users (email, name) VALUES ('a@x.org', 'A'), ('b@x.org', 'B'); INSERT INTO events (title, type, starts_at, "
    "user_id) "
    "VALUES ('One', 'talk', '2026-01-01', 1), ('Two', 'talk', '2026-02-01', 1);";

}  // namespace

std::vector<DesignCase> design_cases_mission() {
  return {
      {"comments",
       "I need to add a comments table that links to both users and events",
       kUsersAndEvents,
       kRows,
       {"INSERT INTO comments (event_id, author_id, body) VALUES (1, 1, 'first')",
        "INSERT INTO comments (event_id, author_id, body, parent_id) VALUES (1, 2, 'answer', 1)",
        "INSERT INTO comments (event_id, body) VALUES (2, 'nobody signed in')",
        "UPDATE comments SET deleted_at = now() WHERE id = 1",
        "DELETE FROM users WHERE id = 2",  // the text stays
        "INSERT INTO comments (event_id, author_id, body) SELECT 1, 1, repeat('x', 10000)"},
       {{"INSERT INTO comments (event_id, author_id, body) VALUES (99, 1, 'x')", "comments_event_id_fkey"},
        {"INSERT INTO comments (event_id, author_id, body) VALUES (1, 99, 'x')", "comments_author_id_fkey"},
        {"INSERT INTO comments (event_id, author_id, body) VALUES (1, 1, '')", "comments_body_length"},
        {"INSERT INTO comments (event_id, author_id, body) SELECT 1, 1, repeat('x', 10001)", "comments_body_length"},
        {"INSERT INTO comments (event_id, author_id, body, parent_id) VALUES (2, 1, 'about another event', 1)",
         "comments_parent_fkey"},
        {"INSERT INTO comments (author_id, body) VALUES (1, 'about nothing')", "event_id"}},
       {{"SELECT id, body FROM comments WHERE event_id = 1 ORDER BY created_at, id LIMIT 50",
         "idx_comments_event_id_created_at_id"},
        {"SELECT id FROM comments WHERE author_id = 1 ORDER BY created_at DESC LIMIT 20", "idx_comments_author_id_created_at"}}},
      {"slow_query",
       "The events query is slow when filtering by date and type",
       kUsersAndEvents,
       kRows,
       {"INSERT INTO events (title, type, starts_at, user_id) SELECT 'E' || i, (ARRAY['talk', 'concert', 'meetup', 'course'])[1 "
        "+ i % 4], "
        "timestamptz '2026-01-01' + i * interval '1 minute', 1 FROM generate_series(1, 20000) i",
        "ANALYZE events"},
       {},
       {{"SELECT * FROM events WHERE type = 'talk' AND starts_at >= '2026-01-05' AND starts_at < '2026-01-06' ORDER BY starts_at",
         "idx_events_type_starts_at"}}},
      {"user_activity",
       "track user activity, keep it 90 days",
       kUsersAndEvents,
       kRows,
       {"INSERT INTO activities (user_id, kind, subject) VALUES (1, 'event.viewed', 'event:1')",
        "INSERT INTO activities (kind) VALUES ('page.viewed')",
        "INSERT INTO activities (user_id, kind, props, at) VALUES (2, 'ticket.bought', '{\"seats\": 2}', now() + interval '2 "
        "months')",
        "DELETE FROM users WHERE id = 2",  // the log outlives the account
        "SELECT activities_make_partitions(12)", "SELECT activities_drop_partitions()",
        "SELECT activities_drop_partitions(interval '0')"},
       {{"INSERT INTO activities (user_id, kind) VALUES (1, 'Not A Kind')", "activities_kind_shape"},
        {"INSERT INTO activities (user_id, kind) VALUES (1, '')", "activities_kind_length"},
        {"INSERT INTO activities (user_id, kind) VALUES (99, 'x')", "activities_user_id_fkey"},
        {"INSERT INTO activities (kind, props) VALUES ('x', '[1]')", "activities_props_object"},
        {"INSERT INTO activities (kind, at) VALUES ('x', '2001-01-01')", "no partition of relation"},
        {"SELECT activities_drop_partitions(interval '-1 day')", "must not be negative"}},
       {{"SELECT at, kind FROM activities WHERE user_id = 1 ORDER BY at DESC LIMIT 50", "_user_id_at_idx"},
        {"SELECT count(*) FROM activities WHERE kind = 'x' AND at >= now() - interval '7 days'", "_kind_at_idx"}}},
      {"email_verification",
       "Can you create a migration to add email verification to users?",
       kUsersAndEvents,
       kRows,
       {"INSERT INTO user_tokens (user_id, purpose, token_hash, sent_to) VALUES (1, 'verify_email', sha256('a'), 'a@x.org')",
        "INSERT INTO user_tokens (user_id, purpose, token_hash, sent_to) VALUES (2, 'verify_email', sha256('b'), 'b@x.org')",
        "UPDATE user_tokens SET used_at = now() WHERE token_hash = sha256('a') AND used_at IS NULL AND expires_at > now()",
        "INSERT INTO user_tokens (user_id, purpose, token_hash, sent_to) VALUES (1, 'verify_email', sha256('c'), 'a@x.org')",
        "UPDATE users SET email_verified_at = now() WHERE id = 1", "UPDATE users SET email = 'new@x.org' WHERE id = 1",
        "DO $$BEGIN ASSERT (SELECT email_verified_at IS NULL FROM users WHERE id = 1), 'a new address is verified'; END$$"},
       {{"INSERT INTO user_tokens (user_id, purpose, token_hash, sent_to) VALUES (2, 'verify_email', sha256('d'), 'b@x.org')",
         "idx_user_tokens_user_id_purpose"},
        {"INSERT INTO user_tokens (user_id, purpose, token_hash, sent_to) VALUES (2, 'sign_in', sha256('b'), 'b@x.org')",
         "user_tokens_token_hash_key"},
        {"INSERT INTO user_tokens (user_id, purpose, token_hash, sent_to) VALUES (2, 'sign_in', 'short', 'b@x.org')",
         "user_tokens_token_hash_length"},
        {"INSERT INTO user_tokens (user_id, purpose, token_hash, sent_to) VALUES (2, 'anything', sha256('e'), 'b@x.org')",
         "user_tokens_purpose_known"},
        {"INSERT INTO user_tokens (user_id, purpose, token_hash, sent_to, expires_at) VALUES (2, 'sign_in', sha256('f'), "
         "'b@x.org', now() "
         "- interval '1 day')",
         "user_tokens_expires_at_later"}},
       {{"SELECT user_id FROM user_tokens WHERE token_hash = sha256('x') AND used_at IS NULL", "user_tokens_token_hash_key"}}},
      {"soft_delete",
       "soft delete events",
       kUsersAndEvents,
       kRows,
       {"UPDATE events SET deleted_at = now() WHERE id = 1",
        "DO $$BEGIN ASSERT (SELECT count(*) = 1 FROM live_events), 'a deleted row is seen'; END$$",
        "UPDATE events SET deleted_at = NULL WHERE id = 1",
        "DO $$BEGIN ASSERT (SELECT count(*) = 2 FROM live_events), 'a row does not come back'; END$$"},
       {{"INSERT INTO live_events (title, type, starts_at, user_id) VALUES ('x', 'y', now(), 99)", "events_user_id_fkey"}},
       {}},
      {"audit",
       "audit events",
       kUsersAndEvents,
       kRows,
       {"INSERT INTO events (title, type, starts_at, user_id) VALUES ('Three', 'talk', '2026-03-01', 1)",
        "DO $$BEGIN ASSERT (SELECT count(*) = 1 FROM audit_logs WHERE operation = 'INSERT' AND row_key = '{\"id\": 3}'), 'not "
        "logged'; END$$",
        "SELECT set_config('app.user_id', '7', false)", "UPDATE events SET title = 'Drei' WHERE id = 3",
        "DO $$BEGIN ASSERT (SELECT old_row = '{\"title\": \"Three\"}' AND new_row = '{\"title\": \"Drei\"}' AND actor = '7' FROM "
        "audit_logs "
        "WHERE operation = 'UPDATE'), 'not logged as changed'; END$$",
        "UPDATE events SET title = title WHERE id = 3", "DELETE FROM events WHERE id = 3",
        "DO $$BEGIN ASSERT (SELECT count(*) = 3 FROM audit_logs), 'three changes'; END$$"},
       {{"INSERT INTO audit_logs (relation, operation) VALUES ('x', 'LOOK')", "audit_logs_operation_known"}},
       {}},
      {"relations",
       "A venue has a name, a city and a capacity. Each event belongs to one venue. Users can register for many events. "
       "The capacity of a venue is greater than 0.",
       kUsersAndEvents,
       kRows,
       {"INSERT INTO venues (name, city, capacity) VALUES ('Hall', 'Berlin', 100)",
        "UPDATE events SET venue_id = 1 WHERE id = 1"},
       {{"INSERT INTO venues (name, city, capacity) VALUES ('Hall', 'Berlin', 0)", "capacity"},
        {"INSERT INTO venues (name, city, capacity) VALUES (' Hall', 'Berlin', 1)", "venues_name_length"},
        {"UPDATE events SET venue_id = 99 WHERE id = 1", "events_venue_id_fkey"},
        {"INSERT INTO venues (name, city, capacity) VALUES ('Hall', '', 1)", "venues_city_length"},
        {"INSERT INTO user_events (user_id, event_id) VALUES (1, 99)", "user_events_event_id_fkey"},
        {"INSERT INTO user_events (user_id, event_id) VALUES (1, 1), (1, 1)", "user_events_pkey"}},
       {}},
  };
}

}  // namespace pga::testing
