// Time and space: bookings, seats, what comes again, measurements, positions.
#include "design_cases.h"

namespace pga::testing {
namespace {

const char* const kUsers = "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);";
const char* const kUserRows = "INSERT INTO users (email) VALUES ('a@x.org'), ('b@x.org'), ('c@x.org');";
const char* const kEvents =
    "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE); CREATE TABLE events "
    "(id "
    "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL);";

}  // namespace

std::vector<DesignCase> design_cases_time() {
  return {
      {"booking",
       "reserve rooms by hour",
       kUsers,
       kUserRows,
       {"INSERT INTO rooms DEFAULT VALUES", "INSERT INTO rooms DEFAULT VALUES",
        "INSERT INTO bookings (room_id, user_id, status, during) VALUES (1, 1, 'confirmed', '[2026-01-01 10:00Z,2026-01-01 "
        "11:00Z)')",
        "INSERT INTO bookings (room_id, user_id, status, during) VALUES (1, 2, 'confirmed', '[2026-01-01 11:00Z,2026-01-01 "
        "12:00Z)')",
        "INSERT INTO bookings (room_id, user_id, status, during) VALUES (2, 2, 'confirmed', '[2026-01-01 10:00Z,2026-01-01 "
        "12:00Z)')",
        "INSERT INTO bookings (room_id, user_id, status, during) VALUES (1, 2, 'cancelled', '[2026-01-01 10:30Z,2026-01-01 "
        "12:00Z)')",
        "INSERT INTO bookings (room_id, user_id, during, held_until) VALUES (1, 2, '[2026-01-02 10:30Z,2026-01-02 12:00Z)', "
        "now())"},
       {{"INSERT INTO bookings (room_id, user_id, status, during) VALUES (1, 2, 'confirmed', '[2026-01-01 10:59Z,2026-01-01 "
         "11:30Z)')",
         "bookings_no_overlap"},
        {"UPDATE bookings SET status = 'confirmed' WHERE status = 'cancelled'", "bookings_no_overlap"},
        {"INSERT INTO bookings (room_id, user_id, status, during) VALUES (1, 2, 'confirmed', 'empty')", "bookings_during_shape"},
        {"INSERT INTO bookings (room_id, user_id, status, during) VALUES (1, 2, 'confirmed', '[2026-02-01,)')",
         "bookings_during_shape"},
        {"INSERT INTO bookings (room_id, user_id, status, during) VALUES (1, 2, 'confirmed', '[2026-02-01,2026-02-02]')",
         "bookings_during_shape"},
        {"INSERT INTO bookings (room_id, user_id, during) VALUES (1, 2, '[2026-03-01,2026-03-02)')", "bookings_held_until_given"},
        {"DELETE FROM rooms WHERE id = 1", "bookings_room_id_fkey"}},
       {{"SELECT * FROM bookings WHERE room_id = 1 AND during && tstzrange('2026-01-01', '2026-01-08') AND status <> 'cancelled'",
         "bookings_no_overlap"},
        {"SELECT id FROM bookings WHERE status = 'held' AND held_until < now()", "idx_bookings_held_until"}}},
      {"capacity",
       "users register for events, max 2 seats",
       kEvents,
       "INSERT INTO users (email) VALUES ('a@x.org'), ('b@x.org'), ('c@x.org'); INSERT INTO events (title) VALUES ('One'), "
       "('Two');",
       {"INSERT INTO registrations (event_id, user_id) VALUES (1, 1), (1, 2)",
        "INSERT INTO registrations (event_id, user_id, status) VALUES (1, 3, 'waiting')",
        "DO $$BEGIN ASSERT (SELECT seats_taken = 2 AND capacity = 2 FROM events WHERE id = 1); END$$"},
       {{"UPDATE registrations SET status = 'registered' WHERE user_id = 3", "events_seats_taken_capacity"},
        {"UPDATE events SET capacity = 1 WHERE id = 1", "events_seats_taken_capacity"},
        {"INSERT INTO registrations (event_id, user_id) VALUES (1, 1)", "registrations_pkey"},
        {"INSERT INTO registrations (event_id, user_id) VALUES (9, 1)", "registrations_event_id_fkey"},
        {"UPDATE registrations SET status = 'late'", "registrations_status_known"}},
       {{"SELECT * FROM registrations WHERE event_id = 1 AND status = 'waiting' ORDER BY created_at LIMIT 1",
         "idx_registrations_event_id_created_at"},
        {"SELECT * FROM registrations WHERE user_id = 1 ORDER BY created_at DESC", "idx_registrations_user_id_created_at"}}},
      {"recurrence",
       "opening hours",
       "",
       "",
       {"INSERT INTO recurrence_rules (title, tz, starts_local, duration, until_local) VALUES ('Open', 'Europe/Berlin', "
        "'2026-03-23 09:00', '8 hours', '2026-04-06 09:00')",
        "SELECT make_occurrences('2026-12-31')", "SELECT make_occurrences('2026-12-31')",
        // 9 o'clock in Berlin is 8:00 UTC in winter and 7:00 UTC from 29 March 2026 on.
        "DO $$BEGIN ASSERT (SELECT array_agg(lower(during) ORDER BY 1) = '{2026-03-23 08:00Z,2026-03-30 07:00Z,2026-04-06 "
        "07:00Z}'::timestamptz[] FROM occurrences); END$$",
        "UPDATE occurrences SET status = 'moved', during = '[2026-03-31 07:00Z,2026-03-31 15:00Z)' WHERE original_start = "
        "'2026-03-30 09:00'",
        "SELECT make_occurrences('2026-12-31')", "DO $$BEGIN ASSERT (SELECT count(*) = 3 FROM occurrences); END$$"},
       {{"INSERT INTO recurrence_rules (title, tz, starts_local, duration) VALUES ('x', 'Europe/Berlin', '2026-01-01', '0')",
         "recurrence_rules_duration_range"},
        {"INSERT INTO recurrence_rules (title, tz, starts_local, duration) VALUES ('x', 'Berlin time', '2026-01-01', '1h')",
         "recurrence_rules_tz_shape"},
        {"INSERT INTO recurrence_rules (title, tz, starts_local, duration, every) VALUES ('x', 'UTC', '2026-01-01', '1h', 'eon')",
         "recurrence_rules_every_known"},
        {"INSERT INTO occurrences (rule_id, original_start, during) VALUES (1, '2026-03-23 09:00', '[2026-01-01,2026-01-02)')",
         "occurrences_pkey"}},
       {{"SELECT * FROM occurrences WHERE during && tstzrange('2026-03-01', '2026-03-08') AND status <> 'cancelled'",
         "idx_occurrences_during"}}},
      {"time_series",
       "temperature readings every 10 seconds",
       "",
       "",
       {"INSERT INTO sensors DEFAULT VALUES",
        "INSERT INTO readings (sensor_id, at, temperature) SELECT 1, date_trunc('hour', now(), 'UTC') + i * interval '10 "
        "seconds', 20 + i % 2 FROM generate_series(0, 359) i",
        "SELECT readings_sum_up(now() - interval '1 hour')", "SELECT readings_sum_up(now() - interval '1 hour')",
        "DO $$BEGIN ASSERT (SELECT count(*) = 1 AND bool_and(readings = 360 AND total = 7380 AND low = 20 AND high = 21) FROM "
        "reading_hours); END$$",
        "SELECT readings_make_partitions(3)"},
       {{"INSERT INTO readings (sensor_id, at, temperature) VALUES (1, now(), 'NaN')", "readings_temperature_number"},
        {"INSERT INTO readings (sensor_id, at, temperature) VALUES (1, date_trunc('hour', now(), 'UTC'), 1)", "_pkey"},
        {"INSERT INTO readings (sensor_id, at, temperature) VALUES (1, '2001-01-01', 1)", "no partition of relation"},
        {"INSERT INTO latest_readings (sensor_id, at) VALUES (99, now())", "latest_readings_sensor_id_fkey"}},
       {{"SELECT hour FROM reading_hours WHERE sensor_id = 1 AND hour >= '2026-01-01' ORDER BY hour", "reading_hours_pkey"}}},
      {"geo",
       "find shops near me",
       "",
       "",
       {"INSERT INTO shops (latitude, longitude) VALUES (52.52, 13.405), (48.137, 11.575)", "INSERT INTO shops DEFAULT VALUES",
        // Berlin to Munich is 504 km as the crow flies.
        "DO $$BEGIN ASSERT (SELECT abs(earth_distance(ll_to_earth(a.latitude, a.longitude), ll_to_earth(b.latitude, "
        "b.longitude)) - 504000) < 5000 FROM shops a, shops b WHERE a.id = 1 AND b.id = 2); END$$",
        "DO $$BEGIN ASSERT (SELECT array_agg(id) = '{1}' FROM shops WHERE earth_box(ll_to_earth(52.5, 13.4), 5000) @> "
        "ll_to_earth(latitude, longitude)); END$$"},
       {{"INSERT INTO shops (latitude, longitude) VALUES (91, 0)", "shops_latitude_range"},
        {"INSERT INTO shops (latitude, longitude) VALUES (0, 181)", "shops_longitude_range"},
        {"INSERT INTO shops (latitude) VALUES (1)", "shops_position_whole"},
        {"INSERT INTO shops (longitude) VALUES (1)", "shops_position_whole"}},
       {{"SELECT id FROM shops WHERE earth_box(ll_to_earth(52.5, 13.4), 5000) @> ll_to_earth(latitude, longitude)",
         "idx_shops_position"}}},
  };
}

}  // namespace pga::testing
