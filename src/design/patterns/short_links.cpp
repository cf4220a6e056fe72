// Short addresses, with what was clicked.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/partitions.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement&) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string clicks = choose(draft, "link-clicks", "What is kept of clicks?",
                                    {{"raw", "each for 90 days, and sums by day for ever",
                                      "Questions about referrers can be answered; personal data that ends."},
                                     {"sums", "sums by day only", "A row a link and day; nothing personal."}},
                                    "Who looks at numbers asks where they came from.", 2);
  Table& links = thing(draft, "link");
  links.column({"code", "text COLLATE \"C\"", true, "", "Random: what is counted up can be walked through"});
  links.check("code", "shape", "code ~ '^[0-9A-Za-z_-]{4,32}$'");
  links.unique({"code"});
  links.column({"target_url", "text", true, "", "Where it leads to"});
  links.check("target_url", "shape", "target_url ~ '^https?://' AND octet_length(target_url) <= 8192");
  links.reference("owner_id", users, OnDelete::set_null, false, "Whose it is");
  links.column({"expires_at", "timestamptz", false, "", ""});
  links.column({"disabled_at", "timestamptz", false, "", "Set when it leads to something bad"});
  links.special_index({"idx_" + links.name + "_target", false, "(md5(target_url))",
                       "whether an address has a link already: a long one would not fit into an index"});
  links.says("Short addresses");
  const auto link = draft.target(links.name);
  Table& days = draft.table("link_day");
  days.reference("link_id", link, OnDelete::cascade, true, "", false);
  days.column({"day", "date", true, "", "UTC"});
  days.column({"clicks", "bigint", true, "DEFAULT 0", ""});
  days.check("clicks", "range", "clicks >= 0");
  days.key({"link_id", "day"});
  days.storage = "WITH (fillfactor = 70)";
  days.says("Clicks by day");
  if (clicks == "raw") {
    Table& raw = draft.table("click");
    raw.column({"id", "bigint", true, "GENERATED ALWAYS AS IDENTITY", ""});
    raw.column({"at", "timestamptz", true, "DEFAULT now()", ""});
    raw.column({"link_id", link.types[0], true, "", "No foreign key: a link that goes must not scan all partitions"});
    raw.text("referrer", 0, 500, false);
    raw.text("country", 2, 2, false, "From the address, which is not kept");
    raw.key({"at", "id"});
    raw.index({"link_id", "at DESC"}, "the clicks of one link");
    raw.says("Clicks as they happen");
    partition_by_time(draft, raw, {.column = "at", .step = "day", .ahead = 7, .keep_days = 90});
    function(
        draft, "link_days_sum_up", "since date DEFAULT current_date - 1", "date",
        fmt::format(
            "RETURNS bigint\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS $$\nDECLARE\n  done "
            "bigint;\nBEGIN\n  -- Whole days are made again: running it twice changes nothing.\n  INSERT INTO {0} (link_id, day, "
            "clicks)\n    SELECT c.link_id, (c.at AT TIME ZONE 'UTC')::date, count(*) FROM {1} c WHERE c.at >= "
            "since::timestamp AT TIME ZONE 'UTC' AND c.link_id IN (SELECT id FROM {2}) GROUP BY 1, 2\n    ON CONFLICT (link_id, "
            "day) DO UPDATE SET clicks = excluded.clicks;\n  GET DIAGNOSTICS done = ROW_COUNT;\n  RETURN done;\nEND\n$$",
            qualified(days), qualified(raw), qualified(links)),
        "Makes the sums from that day on again; every few minutes");
    draft.warn("click-personal", "Who clicked what, from where, is personal.", "no address is kept; the rows go after 90 days");
  } else {
    draft.query("Count",
                "INSERT INTO " + days.sql_name() +
                    " AS d (link_id, day, clicks) VALUES ($1, current_date, 1) ON CONFLICT (link_id, day) DO UPDATE SET clicks = "
                    "d.clicks + 1",
                days.name + "_pkey");
    draft.warn("hot-link", "All clicks on one link wait for one row.", "collect them for some seconds in the application");
  }
  draft.query("Where it leads to",
              "SELECT target_url FROM " + links.sql_name() +
                  " WHERE code = $1 AND disabled_at IS NULL AND (expires_at IS NULL OR expires_at > now())",
              links.name + "_code_key");
  draft.query("Is there one already",
              "SELECT code FROM " + links.sql_name() + " WHERE md5(target_url) = md5($1) AND target_url = $1",
              "idx_" + links.name + "_target");
}

}  // namespace

extern const Pattern pattern_short_links;
const Pattern pattern_short_links = {"short-links", "Short links with clicks by day", &build};

}  // namespace pga::design
