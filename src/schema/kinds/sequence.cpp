// Sequences. OWNED BY is said by the planner when the column exists (own_sequence), because the column's default needs the
// sequence.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>

#include "base/quote.h"
#include "schema/kind.h"
#include "schema/sequence_ddl.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kFields = {
    Field{"type", FieldType::text, "smallint, integer or bigint."},
    Field{"start", FieldType::integer, "START WITH."},
    Field{"increment", FieldType::integer, "INCREMENT BY."},
    Field{"minimum", FieldType::integer, "MINVALUE."},
    Field{"maximum", FieldType::integer, "MAXVALUE."},
    Field{"cache", FieldType::integer, "CACHE: values that a session takes at once."},
    Field{"cycle", FieldType::boolean, "CYCLE: start again at the end."},
    Field{"unlogged", FieldType::boolean, "UNLOGGED (15 and newer)."},
    Field{"owned_by", FieldType::list, "Schema, table and column that own the sequence."},
};

std::string options(const Object& o) {
  return " AS " + o.text("type") + " START WITH " + o.text("start") + " INCREMENT BY " + o.text("increment") + " MINVALUE " +
         o.text("minimum") + " MAXVALUE " + o.text("maximum") + " CACHE " + o.text("cache") +
         (o.flag("cycle") ? " CYCLE" : " NO CYCLE");
}

// For CREATE: what PostgreSQL takes by itself is not said.
std::string unusual_options(const Object& o) {
  const std::vector<std::string> all = {"START WITH " + o.text("start"), "INCREMENT BY " + o.text("increment"),
                                        "MINVALUE " + o.text("minimum"), "MAXVALUE " + o.text("maximum"),
                                        "CACHE " + o.text("cache"),      o.flag("cycle") ? "CYCLE" : "NO CYCLE"};
  std::string out = o.text("type") == "bigint" ? std::string() : " AS " + o.text("type");
  for (const auto& option : without_default_options(all, o.text("type"))) out += " " + option;
  return out;
}

// A sequence can only belong to a table of its own owner. A new table gets its owner after that, and the sequence with it.
void take_owner_of_table(const Object& from, const Object& to, const Database& from_db, Statements& out) {
  const auto column = to.list("owned_by");
  if (column.size() != 3) return;
  const Object* table = from_db.find(KindId::table, {column[0], column[1]});
  const Value owner = table != nullptr ? table->owner : std::nullopt;
  if (owner == from.owner) return;
  const std::string alter = "ALTER SEQUENCE " + ident({to.id.path[0], to.id.path[1]});
  out.push_back({alter + " OWNER TO " + (owner ? ident(*owner) : "CURRENT_USER")});
}

class SequenceKind : public Kind {
 public:
  KindId id() const override { return KindId::sequence; }
  std::string_view slug() const override { return "sequence"; }
  std::string_view keyword() const override { return "SEQUENCE"; }
  std::string_view catalog() const override { return "pg_class"; }
  std::string_view query() const override { return embedded::schema::kinds_sequence; }
  std::span<const Field> fields() const override { return kFields; }
  bool holds_data() const override { return true; }
  std::string grant_target(const Object& object) const override { return "SEQUENCE " + address(object); }
  // The owner of an owned sequence is its table's.
  std::string owner_target(const Object& object) const override {
    return object.value("owned_by") ? std::string() : "SEQUENCE " + address(object);
  }

  Statements create(const Object& object, const Database&) const override {
    return {{std::string(object.flag("unlogged") ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ") + address(object) +
             unusual_options(object)}};
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database&) const override {
    Statements out;
    bool plain = false;
    for (const auto field : changed) {
      if (field == "owned_by") {
        // The new owner may come later in the plan, and may need the sequence: the planner says OWNED BY when it is there.
        if (from.value(field)) out.push_back({"ALTER SEQUENCE " + address(to) + " OWNED BY NONE"});
        take_owner_of_table(from, to, from_db, out);
      } else if (field == "unlogged") {
        out.push_back({"ALTER SEQUENCE " + address(to) + (to.flag(field) ? " SET UNLOGGED" : " SET LOGGED")});
      } else if (!plain) {
        plain = true;
        const auto bounds = [](const Object& o) {
          return SequenceBounds{o.text("start"), o.text("minimum"), o.text("maximum"), o.text("type")};
        };
        std::ranges::move(move_into_bounds(address(to), bounds(from), bounds(to)), std::back_inserter(out));
        out.push_back({"ALTER SEQUENCE " + address(to) + options(to)});
      }
    }
    return Alteration::in_place(std::move(out));
  }
};

}  // namespace

SequenceBounds bounds_of(const std::vector<std::string>& options) {
  SequenceBounds out;
  const auto take = [](const std::string& option, std::string_view word, std::string& into) {
    if (option.starts_with(word)) into = option.substr(word.size());
  };
  for (const auto& option : options) {
    take(option, "START WITH ", out.start);
    take(option, "MINVALUE ", out.minimum);
    take(option, "MAXVALUE ", out.maximum);
  }
  return out;
}

Statements move_into_bounds(const std::string& sequence, const SequenceBounds& from, const SequenceBounds& to) {
  const auto number = [](const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); };
  if (number(to.minimum) <= number(from.minimum) && number(to.maximum) >= number(from.maximum)) return {};
  Statements out;
  if (number(to.start) < number(from.minimum) || number(to.start) > number(from.maximum)) {
    const auto& lower = number(to.minimum) < number(from.minimum) ? to.minimum : from.minimum;
    const auto& upper = number(to.maximum) > number(from.maximum) ? to.maximum : from.maximum;
    const auto width = [](const std::string& type) { return type == "smallint" ? 2 : type == "integer" ? 4 : 8; };
    // Both bounds fit the wider of the types.
    const std::string type = width(to.type) > width(from.type) ? " AS " + to.type : std::string();
    out.push_back({"ALTER SEQUENCE " + sequence + type + " MINVALUE " + lower + " MAXVALUE " + upper});
  }
  out.push_back({"SELECT pg_catalog.setval(" + literal(sequence) + "::pg_catalog.regclass, " + to.start + ", false) FROM " +
                 sequence + " AS s WHERE s.last_value NOT BETWEEN " + to.minimum + " AND " + to.maximum});
  return out;
}

Statement own_sequence(const Object& sequence) {
  const auto column = sequence.list("owned_by");
  return {"ALTER SEQUENCE " + ident({sequence.id.path[0], sequence.id.path[1]}) + " OWNED BY " +
          (column.size() == 3 ? ident({column[0], column[1], column[2]}) : "NONE")};
}

const Kind& make_sequence() {
  static const SequenceKind kind;
  return kind;
}

}  // namespace pga::schema
