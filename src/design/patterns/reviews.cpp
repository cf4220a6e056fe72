// Ratings: each person once, or once for each purchase.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const auto users = draft.people();
  std::string what =
      statement.subject.empty() || singular_of(statement.subject) == users.one || singular_of(statement.subject) == "review"
          ? first_known(draft, {"product", "event", "place", "book", "shop"})
          : statement.subject;
  const auto target = draft.target(what.empty() ? "product" : what);
  const std::string on = target.one + "_id", who = users.one + "_id";
  const auto low = statement.high ? statement.count.value_or(1) : 1, high = statement.high.value_or(5);
  const std::string line = first_known(draft, {"order_line", "order_item", "purchase"});
  std::vector<request::Option> options = {
      {"person", "one a person", "The key is the pair; a second one replaces the first."},
      {"purchase", "one a purchase", "Who did not buy cannot review; needs lines of orders."}};
  const std::string kind = choose(draft, target.one + "-reviews", "How many reviews may one person write?", options,
                                  "One voice a person; a purchase is not known everywhere.", 2);
  Table& reviews = draft.table(statement.object.empty() ? "review" : statement.object);
  if (!reviews.existing && kind == "purchase") reviews.id();
  reviews.reference(on, target, OnDelete::cascade, true, "", false);
  reviews.reference(who, users, OnDelete::cascade, true, "", false);
  if (kind == "purchase") {
    const auto bought = draft.target(line.empty() ? "purchase" : line);
    reviews.reference(bought.one + "_id", bought, OnDelete::restrict_, true, "What was bought", false);
    reviews.unique({bought.one + "_id"}, "One a purchase");
    reviews.index({on, "created_at DESC"}, "the reviews of one " + spoken(target.one) + ", newest first");
    reviews.index({who}, "the reviews of one person");
  }
  reviews.column({"rating", "smallint", true, "", fmt::format("{} to {}", low, high)});
  reviews.check("rating", "range", fmt::format("rating BETWEEN {} AND {}", low, high));
  reviews.text("body", 0, 10000, false);
  reviews.one_of("status", {"published", "pending", "hidden"}, "published");
  reviews.created_at();
  reviews.updated_at();
  if (kind == "person") {
    reviews.key({on, who});
    reviews.index({on, "created_at DESC"}, "the reviews of one " + spoken(target.one) + ", newest first", "status = 'published'");
    reviews.index({who}, "the reviews of one person");
  }
  reviews.says("What people think of each " + spoken(target.one));
  Table& stats = draft.table(target.one + "_rating");
  stats.reference(on, target, OnDelete::cascade, true, "", false);
  stats.key({on});
  stats.column({"ratings", "bigint", true, "DEFAULT 0", "How many"});
  stats.column({"total", "bigint", true, "DEFAULT 0", "Their sum: the average is total / ratings, and never drifts"});
  stats.check("", "possible", fmt::format("ratings >= 0 AND total BETWEEN ratings * {} AND ratings * {}", low, high));
  stats.storage = "WITH (fillfactor = 70)";
  stats.says("The sum of the ratings of each " + spoken(target.one) + "; kept by a trigger");
  const std::string name = reviews.name + "_sum";
  trigger_function(
      draft, name,
      fmt::format(
          "BEGIN\n  IF TG_OP <> 'INSERT' AND OLD.status = 'published' THEN\n    UPDATE {0} SET ratings = ratings - 1, total = "
          "total - OLD.rating WHERE {1} = OLD.{1};\n  END IF;\n  IF TG_OP <> 'DELETE' AND NEW.status = 'published' "
          "THEN\n    INSERT INTO {0} ({1}) VALUES (NEW.{1}) ON CONFLICT DO NOTHING;\n    UPDATE {0} SET ratings = ratings + 1, "
          "total = total + NEW.rating WHERE {1} = NEW.{1};\n  END IF;\n  RETURN NULL;\nEND",
          qualified(stats), ident(on)),
      "sums the ratings that are published");
  trigger(reviews, name, "AFTER INSERT OR DELETE OR UPDATE OF rating, status, " + ident(on), "FOR EACH ROW", name);
  draft.query("The average, with how many",
              fmt::format("SELECT round(total::numeric / nullif(ratings, 0), 2), ratings FROM {} WHERE {} = $1", stats.sql_name(),
                          ident(on)),
              stats.name + "_pkey");
  draft.query("The newest",
              fmt::format("SELECT * FROM {} WHERE {} = $1 AND status = 'published' ORDER BY created_at DESC LIMIT 20",
                          reviews.sql_name(), ident(on)),
              "idx_" + reviews.name + "_" + on + "_created_at");
  draft.warn("average-drift", "A stored average cannot be corrected when a rating changes: sum and number can.", "");
}

}  // namespace

extern const Pattern pattern_reviews;
const Pattern pattern_reviews = {"reviews", "Ratings and reviews, each person once", &build};

}  // namespace pga::design
