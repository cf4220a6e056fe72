#include "seed/table_filler.h"

#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"

namespace pga::seed {
namespace {

constexpr int kRounds = 40;  // of mending rows that fail checks
constexpr int kFirstVariants = 2;
constexpr int kVariants = 6;                               // of one row in a round
constexpr std::array kNullShares = {0.05, 0.5, 0.2, 0.8};  // checks that count NULLs want more, or fewer
constexpr size_t kShown = 300;                             // bytes of a reason

// The name in double quotes behind a word of a message: constraint "users_key".
std::string named(const std::string& message, const std::string& word) {
  const size_t at = message.find(word + " \"");
  if (at == std::string::npos) return {};
  const size_t begin = at + word.size() + 2;
  return message.substr(begin, message.find('"', begin) - begin);
}

}  // namespace

bool set_triggers(postgres::Connection& connection, bool on) {
  const std::string role = on ? "origin" : "replica";
  if (connection.execute("SAVEPOINT pga_role; SET LOCAL session_replication_role = " + role + "; RELEASE pga_role")) return true;
  (void)connection.execute("ROLLBACK TO pga_role; RELEASE pga_role");
  return false;
}

TableFiller::TableFiller(postgres::Connection& connection, const Catalog& catalog, const Table& table, const Table& through,
                         RowMaker& maker, TakenKeys& taken)
    : connection_(connection),
      table_(table),
      through_(through),
      maker_(maker),
      taken_(taken),
      judge_(connection, catalog, table),
      random_(1, table.name) {}

std::vector<std::pair<std::string, std::string>> TableFiller::keys_of(const Row& row, std::vector<const Key*>* which) const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& key : table_.keys) {
    if (!key.plain) continue;
    std::string text;
    bool known = true;
    for (const int column : key.columns) {
      const Cell& cell = row[static_cast<size_t>(column)];
      if (cell.what == Cell::What::by_default || table_.columns[static_cast<size_t>(column)].generated) known = false;
      if (cell.what == Cell::What::null && !key.nulls_not_distinct) known = false;
      text += (cell.what == Cell::What::null ? "n" : "t" + std::to_string(cell.text.size()) + ":") + cell.text;
    }
    if (!known) continue;
    out.emplace_back(key.name, text);
    if (which != nullptr) which->push_back(&key);
  }
  return out;
}

bool TableFiller::take_keys(const Row& row, std::set<int>& conflict) {
  std::vector<const Key*> which;
  const auto keys = keys_of(row, &which);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (taken_.contains(keys[i])) conflict.insert(which[i]->columns.begin(), which[i]->columns.end());
  }
  if (!conflict.empty()) return false;
  taken_.insert(keys.begin(), keys.end());
  return true;
}

void TableFiller::release_keys(const Row& row) {
  for (const auto& key : keys_of(row)) taken_.erase(key);
}

// The columns that decide the checks which fail.
std::set<int> TableFiller::blamed(const Candidate& candidate) const {
  std::set<int> out;
  for (const size_t check : candidate.failed)
    out.insert(table_.checks[check].deciding.begin(), table_.checks[check].deciding.end());
  return out;
}

// Most variants are drawn by chance. Where other rows were accepted, some take their pattern of NULLs, or their values.
void TableFiller::vary(Row& row, const Candidate& candidate, const std::vector<Row>& good, int variant, int round) {
  const auto all = blamed(candidate);
  const Mood mood = variant % 2 == 0 ? Mood::calm : Mood::bold;
  if (!good.empty() && variant >= kVariants - 2) {
    const Row& like = good[random_.below(good.size())];
    maker_.null_share(0);
    maker_.redraw(row, candidate.number, all, mood);
    for (const int column : all) {
      const auto at = static_cast<size_t>(column);
      const bool copied = variant == kVariants - 1 && !table_.columns[at].unique;
      if (copied || like[at].what == Cell::What::null) row[at] = like[at];
    }
    return;
  }
  std::set<int> some;
  for (const int column : all) {
    if (variant == 0 || random_.chance(0.5)) some.insert(column);
  }
  maker_.null_share(kNullShares[static_cast<size_t>(round + variant) % kNullShares.size()]);
  maker_.redraw(row, candidate.number, some.empty() ? all : some, mood);
}

// One round: some variants of each row that fails, in one query; the best one is kept.
void TableFiller::improve(std::vector<Candidate>& open, const std::vector<Row>& good, int round) {
  std::vector<Row> variants;
  std::vector<size_t> owner;
  for (size_t i = 0; i < open.size(); ++i) {
    variants.push_back(open[i].row);
    owner.push_back(i);
    for (int v = 0; round == 0 && v < kFirstVariants; ++v) {  // most checks are met in the first round then
      variants.push_back(maker_.make(open[i].number));
      owner.push_back(i);
    }
    for (int v = 0; round > 0 && v < kVariants && !open[i].failed.empty(); ++v) {
      variants.push_back(open[i].row);
      vary(variants.back(), open[i], good, v, round);
      owner.push_back(i);
    }
  }
  maker_.null_share(maker_.wish().null_share);
  const auto failed = judge_.failed(variants);
  std::vector<bool> seen(open.size(), false);
  for (size_t v = 0; v < variants.size(); ++v) {
    Candidate& candidate = open[owner[v]];
    if (seen[owner[v]] && failed[v].size() > candidate.failed.size()) continue;
    if (seen[owner[v]] && candidate.failed.empty()) continue;
    seen[owner[v]] = true;
    candidate.failed = failed[v];
    candidate.row = variants[v];
  }
}

std::vector<Row> TableFiller::search() {
  std::vector<Candidate> open;
  std::vector<Row> out;
  for (int i = 0; i < maker_.wish().rows; ++i)
    open.push_back({maker_.make(static_cast<uint64_t>(i)), static_cast<uint64_t>(i), {}, false});
  for (int round = 0; round < kRounds && !open.empty(); ++round) {
    if (judge_.needed()) improve(open, out, round);
    for (auto& candidate : open) {
      std::set<int> conflict;
      if (!candidate.failed.empty()) continue;
      if (take_keys(candidate.row, conflict)) {
        out.push_back(candidate.row);
        candidate.placed = true;
      } else {
        maker_.redraw(candidate.row, candidate.number, conflict, round % 2 == 0 ? Mood::bold : Mood::calm);
      }
    }
    std::erase_if(open, [](const Candidate& c) { return c.placed; });
    // When most rows are there, the last ones are not worth a long search.
    if (round >= 20 && out.size() * 2 >= static_cast<size_t>(maker_.wish().rows)) break;
  }
  if (out.empty() && !open.empty()) {
    out.push_back(open[0].row);  // so that the server says what is wrong with it
    if (table_.root != 0) out_.reason = "no row was found that belongs into this partition";
  }
  return out;
}

std::string TableFiller::insert_sql(const std::vector<Row>& rows) const {
  std::vector<std::string> names;
  bool overriding = false;
  for (size_t i = 0; i < table_.columns.size(); ++i) {
    if (!table_.columns[i].generated) names.push_back(table_.columns[i].name);
    const int there = through_.position(table_.columns[i].name);
    if (there >= 0 && through_.columns[static_cast<size_t>(there)].identity_always) {
      overriding |= std::ranges::any_of(rows, [&](const Row& row) { return row[i].what != Cell::What::by_default; });
    }
  }
  std::string sql = "INSERT INTO " + through_.name;
  if (names.empty()) {
    sql += " DEFAULT VALUES";
    for (size_t i = 1; i < rows.size(); ++i) sql += "; INSERT INTO " + through_.name + " DEFAULT VALUES";
    return sql;
  }
  sql += " (" + ident_list(names) + (overriding ? ") OVERRIDING SYSTEM VALUE VALUES " : ") VALUES ");
  for (size_t r = 0; r < rows.size(); ++r) {
    sql += r == 0 ? "(" : ",(";
    bool first = true;
    for (size_t i = 0; i < table_.columns.size(); ++i) {
      if (table_.columns[i].generated) continue;
      sql += (first ? "" : ",") + sql_of(rows[r][i]);
      first = false;
    }
    sql += ")";
  }
  return sql;
}

Status TableFiller::insert(const std::vector<Row>& rows) {
  auto done = connection_.execute("SAVEPOINT pga_seed; " + insert_sql(rows) + "; RELEASE pga_seed");
  if (!done) (void)connection_.execute("ROLLBACK TO pga_seed; RELEASE pga_seed");
  return done;
}

// Which columns to draw again. Empty: all.
std::set<int> TableFiller::learn(const Error& error, Mood& mood) {
  const auto& state = error.sqlstate;
  if (state == "23502") {
    const int column = table_.position(named(error.message, "column"));
    if (column >= 0) {
      maker_.not_null(column);
      return {column};
    }
  }
  if (state == "23505" || state == "23P01") {
    const auto name = named(error.message, "constraint");
    for (const auto& key : table_.keys) {
      if (key.name == name) return {key.columns.begin(), key.columns.end()};
    }
  }
  if (state == "23503") {
    const auto name = named(error.message, "constraint");
    for (const auto& key : table_.foreign_keys) {
      if (key.name == name) return {key.columns.begin(), key.columns.end()};
    }
  }
  if (state == "23514") {
    const auto name = named(error.message, "constraint");
    for (size_t i = 0; i < table_.checks.size(); ++i) {
      if (table_.checks[i].name == name && !name.empty()) return table_.checks[i].deciding;
    }
  }
  mood = Mood::calm;
  return {};
}

// No row was accepted yet: values are worth more attempts than a trigger that refuses whatever comes.
bool TableFiller::hopeless(int patience) const {
  const auto& state = last_error_.sqlstate;
  if (state == "54001" || state == "57014") return true;  // endless recursion, or too long
  const bool about_values = state.starts_with("22") || state.starts_with("23");
  return failures_ >= (about_values ? patience : patience / 3);
}

// The rows that can be inserted, each tried again with what the last error taught. `patience`: failures before the first success.
void TableFiller::insert_one_by_one(std::vector<Row> rows, int patience) {
  int failures = 0;
  failures_ = 0;
  const int budget = maker_.wish().rows * 8 + 40;
  for (size_t r = 0; r < rows.size() && failures < budget && connection_.alive(); ++r) {
    Mood mood = Mood::bold;
    for (int attempt = 0; attempt < 15; ++attempt) {
      const auto done = insert({rows[r]});
      if (done) {
        ++out_.rows;
        break;
      }
      last_error_ = done.error();
      ++failures;
      ++failures_;
      if (out_.rows == 0 && hopeless(patience)) return;
      if (failures >= budget) return;
      const auto columns = learn(last_error_, mood);
      release_keys(rows[r]);
      for (int redraw = 0; redraw < 20; ++redraw) {
        std::set<int> conflict;
        maker_.redraw(rows[r], r + static_cast<uint64_t>(attempt + 1) * rows.size(), redraw == 0 ? columns : conflict, mood);
        if (take_keys(rows[r], conflict)) break;
        maker_.redraw(rows[r], r + static_cast<uint64_t>(attempt + 1 + redraw) * rows.size(), conflict, mood);
        conflict.clear();
        if (take_keys(rows[r], conflict)) break;
      }
    }
  }
}

std::string TableFiller::missing_parent() const {
  for (size_t i = 0; i < table_.foreign_keys.size(); ++i) {
    const auto& key = table_.foreign_keys[i];
    if (key.target == table_.oid || maker_.has_parent(i)) continue;
    return "foreign key " + comment_safe(key.name) + " needs a row of a table that has none";
  }
  return {};
}

long long TableFiller::count() {
  const auto rows = connection_.execute_rows("SELECT count(*) FROM ONLY " + table_.name);
  return rows ? rows->integer(0, 0) : 0;
}

TableFilled TableFiller::run() {
  out_.reason = missing_parent();
  if (!out_.reason.empty()) return std::move(out_);
  const auto rows = search();
  if (!out_.reason.empty()) return std::move(out_);
  auto done = insert(rows);
  if (done) {
    out_.rows = static_cast<int>(rows.size());
  } else {
    last_error_ = done.error();
    insert_one_by_one(rows, 60);
  }
  // Rows that a trigger or a rule took away, or refused: once more without them. Foreign keys hold all the same, because their
  // values were taken from rows that exist.
  if (out_.rows == 0 || (through_.triggers && count() == 0)) {
    out_.rows = 0;
    if (set_triggers(connection_, false)) {
      done = insert(rows);
      if (done) {
        out_.rows = static_cast<int>(rows.size());
      } else {
        insert_one_by_one(rows, 60);
      }
      set_triggers(connection_, true);
      out_.without_triggers = out_.rows > 0;
    }
  }
  if (out_.rows == 0) out_.reason = comment_safe(last_error_.message).substr(0, kShown);
  for (size_t i = 0; i < table_.columns.size(); ++i) {
    if (table_.columns[i].sequence && maker_.explicit_sequence(static_cast<int>(i)))
      out_.explicit_sequences.insert(static_cast<int>(i));
  }
  if (!maker_.wish().promised.empty()) out_.promised = rows;
  return std::move(out_);
}

}  // namespace pga::seed
