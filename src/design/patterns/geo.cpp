// Where things are, and what is near.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string what =
      statement.subject.empty() ? first_known(draft, {"shop", "store", "place", "venue"}) : statement.subject;
  Table& table = thing(draft, what.empty() ? "place" : what);
  const bool postgis = draft.current().has_extension("postgis");
  std::vector<request::Option> options = {
      {"earth", "latitude and longitude, with the earthdistance index",
       "Extensions that every PostgreSQL brings; a radius in metres, no polygons."},
      {"postgis", "PostGIS geography",
       "Polygons, countries, other projections; an extension of 10 MB that has to be installed."}};
  if (postgis) std::swap(options[0], options[1]);
  const std::string kind =
      choose(draft, singular_of(table.name) + "-position", "How is a position kept?", options,
             postgis ? "PostGIS is here already." : "A radius is what is asked for, and nothing has to be installed.", 3);
  if (kind == "postgis") {
    needs_extension(draft, "postgis");
    table.column({"position", "geography(Point,4326)", false, "", "Longitude, latitude: in this order"});
    table.special_index(
        {"idx_" + table.name + "_position", false, "USING gist (position)", "what is within a distance; the nearest"});
    draft.query("Within 5 km, nearest first",
                "SELECT * FROM " + table.sql_name() +
                    " WHERE ST_DWithin(position, ST_MakePoint($1, $2)::geography, 5000) ORDER BY position <-> ST_MakePoint($1, "
                    "$2)::geography LIMIT 20",
                "idx_" + table.name + "_position");
  } else {
    needs_extension(draft, "cube");
    needs_extension(draft, "earthdistance");
    table.column({"latitude", "double precision", false, "", "Degrees, north is above 0"});
    table.check("latitude", "range", "latitude BETWEEN -90 AND 90");
    table.column({"longitude", "double precision", false, "", "Degrees, east is above 0"});
    table.check("longitude", "range", "longitude BETWEEN -180 AND 180");
    table.check("", "position_whole", "(latitude IS NULL) = (longitude IS NULL)", "Both or neither");
    table.special_index(
        {"idx_" + table.name + "_position", false, "USING gist (ll_to_earth(latitude, longitude))", "what is within a distance"});
    draft.query("Within 5 km, nearest first",
                "SELECT *, earth_distance(ll_to_earth(latitude, longitude), ll_to_earth($1, $2)) AS metres FROM " +
                    table.sql_name() +
                    " WHERE earth_box(ll_to_earth($1, $2), 5000) @> ll_to_earth(latitude, longitude) AND "
                    "earth_distance(ll_to_earth(latitude, longitude), ll_to_earth($1, $2)) <= 5000 ORDER BY metres LIMIT 20",
                "idx_" + table.name + "_position");
  }
  draft.warn("degrees", "Degrees are no metres: a degree of longitude is 111 km at the equator and nothing at the pole.",
             "never compare differences of degrees with a distance");
  draft.warn("position-personal", "Where a person is, is personal data.", "say how long it is kept");
}

}  // namespace

extern const Pattern pattern_geo;
const Pattern pattern_geo = {"geo", "Positions with a search for what is near", &build};

}  // namespace pga::design
