#include "fuzz_pairs/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "fuzz_pairs/piece.h"
#include "source/source.h"

namespace pga::fuzz {
namespace {

using postgres::Connection;

std::vector<const PieceKind*> kinds_for(int major) {
  std::vector<const PieceKind*> out;
  for (const auto kinds : {type_kinds(), table_kinds(), table_part_kinds(), code_kinds(), other_kinds()}) {
    for (const auto& kind : kinds) {
      if (kind.since <= major) out.push_back(&kind);
    }
  }
  return out;
}

// Runs what pieces say and keeps what is accepted.
class Builder {
 public:
  Builder(Connection& connection, int major) : connection_(connection) { context_.major = major; }

  bool add(const Piece& piece, const PieceKind& kind) {
    const auto made = kind.make(context_, piece);
    if (made.statements.empty() || !attempt(made.statements[0])) return false;
    for (size_t i = 1; i < made.statements.size(); ++i) attempt(made.statements[i]);
    if (made.exists) made.exists(context_);
    kinds_.insert(piece.kind);
    return true;
  }
  bool attempt(const std::string& statement) {
    // Each in a message of its own: a syntax error anywhere in a message keeps all of it from being run, its SAVEPOINT too.
    (void)connection_.execute("SAVEPOINT piece");
    const auto ran = connection_.execute(statement + "; RELEASE piece");
    if (!ran && ran.error().sqlstate == "42601") wrong_ = "the generator writes what is no SQL: " + statement;
    if (ran) {
      script_ += statement + ";\n";
      return true;
    }
    (void)connection_.execute("ROLLBACK TO piece; RELEASE piece");
    return false;
  }
  const std::string& script() const { return script_; }
  const std::set<std::string>& kinds() const { return kinds_; }
  const std::string& wrong() const { return wrong_; }  // "" when all that was refused was refused for what it means

 private:
  Connection& connection_;
  Context context_;
  std::string script_, wrong_;
  std::set<std::string> kinds_;
};

class Generator {
 public:
  Generator(Connection& connection, uint64_t seed)
      : connection_(connection), major_(connection.major()), random_(seed), kinds_(kinds_for(major_)) {}

  Result<Pair> run() {
    std::vector<Piece> pieces;
    const size_t count = 15 + random_.below(45);
    for (size_t i = 0; i < count; ++i) pieces.push_back(new_piece());
    // Mostly in the order in which kinds need each other, with some that come early or late.
    std::map<int, uint64_t> rank;
    for (const auto& piece : pieces) rank[piece.number] = place_of(piece.kind) + random_.below(12);
    std::ranges::stable_sort(pieces, {}, [&](const Piece& piece) { return rank[piece.number]; });
    Pair out;
    PGA_TRY(out.old_sql, build(pieces, out, 0));
    for (int attempt = 0; attempt < 8; ++attempt) {
      auto changed = pieces;
      out.mutations.clear();
      for (size_t i = 0; i < 1 + random_.below(6); ++i) mutate_pieces(changed, out.mutations);
      PGA_TRY(out.new_sql, build(changed, out, random_.chance(0.35) ? 1 + random_.below(4) : 0));
      if (out.new_sql != out.old_sql) break;
    }
    return out;
  }

 private:
  size_t place_of(const std::string& kind) const {
    for (size_t i = 0; i < kinds_.size(); ++i) {
      if (kinds_[i]->name == kind) return i;
    }
    return 0;
  }
  const PieceKind& kind_of(const std::string& name) const { return *kinds_[place_of(name)]; }

  ColumnSeed new_column(int number) { return {number, random_.next(), random_.next(), random_.next(), random_.next()}; }
  Piece new_piece() {
    int total = 0;
    for (const auto* kind : kinds_) total += kind->weight;
    auto left = static_cast<int>(random_.below(static_cast<size_t>(total)));
    Piece piece;
    for (const auto* kind : kinds_) {
      if ((left -= kind->weight) >= 0) continue;
      piece.kind = kind->name;
      break;
    }
    piece.number = next_number_++;
    piece.seed = random_.next();
    piece.detail = random_.next();
    const int columns = 1 + static_cast<int>(random_.below(9));
    for (int i = 0; i < columns; ++i) piece.columns.push_back(new_column(i));
    return piece;
  }

  Result<std::string> build(const std::vector<Piece>& pieces, Pair& pair, size_t further) {
    PGA_CHECK(connection_.execute("BEGIN; SET LOCAL client_min_messages = error; SET LOCAL statement_timeout = '20s'"));
    Builder builder(connection_, major_);
    for (const auto& piece : pieces) builder.add(piece, kind_of(piece.kind));
    if (!builder.wrong().empty()) return fail("generator", builder.wrong());
    std::string script = builder.script();
    if (further > 0) {
      PGA_TRY(const auto statements, mutate(connection_, random_.next(), static_cast<int>(further), pair.mutations));
      for (const auto& statement : statements) script += statement + ";\n";
    }
    pair.kinds.insert(builder.kinds().begin(), builder.kinds().end());
    PGA_CHECK(connection_.execute("ROLLBACK"));
    return script;
  }

  void mutate_pieces(std::vector<Piece>& pieces, std::vector<std::string>& names) {
    if (pieces.empty()) pieces.push_back(new_piece());
    const size_t at = random_.below(pieces.size());
    Piece& piece = pieces[at];
    const std::string which = fmt::format("{} {}", piece.kind, piece.number);
    const bool table =
        piece.kind == "table" || piece.kind == "partitioned" || piece.kind == "inherited" || piece.kind == "foreign_table";
    switch (random_.below(table ? 12 : 6)) {
      case 0:
        names.push_back("drop " + which);
        pieces.erase(pieces.begin() + static_cast<long>(at));
        break;
      case 1:
      case 2: {
        auto added = new_piece();
        names.push_back(fmt::format("add {} {}", added.kind, added.number));
        pieces.push_back(std::move(added));
        break;
      }
      case 3:
      case 4:
        names.push_back("change " + which);
        piece.seed = random_.next();
        break;
      case 5:
        names.push_back("change details of " + which);
        piece.detail = random_.next();
        break;
      default:
        mutate_column(piece, which, names);
    }
  }

  void mutate_column(Piece& piece, const std::string& which, std::vector<std::string>& names) {
    if (piece.columns.empty()) piece.columns.push_back(new_column(0));
    const size_t at = random_.below(piece.columns.size());
    auto& column = piece.columns[at];
    const std::string name = fmt::format("{} column {}", which, column.number);
    switch (random_.below(6)) {
      case 0: {
        int number = 0;
        for (const auto& each : piece.columns) number = std::max(number, each.number + 1);
        names.push_back(fmt::format("add column {} to {}", number, which));
        const auto where = random_.chance(0.7) ? piece.columns.size() : at;
        piece.columns.insert(piece.columns.begin() + static_cast<long>(where), new_column(number));
        break;
      }
      case 1:
        names.push_back("drop " + name);
        piece.columns.erase(piece.columns.begin() + static_cast<long>(at));
        break;
      case 2:
        names.push_back("type of " + name);
        column.type = random_.next();
        break;
      case 3:
        names.push_back("default of " + name);
        column.value = random_.next();
        break;
      case 4:
        names.push_back("null of " + name);
        column.null = random_.next();
        break;
      default:
        names.push_back("extras of " + name);
        column.extra = random_.next();
    }
  }

  Connection& connection_;
  int major_;
  Random random_;
  std::vector<const PieceKind*> kinds_;
  int next_number_ = 1;
};

}  // namespace

std::set<std::string> all_piece_kinds(int major) {
  std::set<std::string> out;
  for (const auto* kind : kinds_for(major)) out.emplace(kind->name);
  return out;
}

Status make_roles(postgres::Server& server) {
  PGA_TRY(auto connection, Connection::open(server.url("postgres")));
  for (const char* role : {"fuzz_a", "fuzz_b"}) {
    PGA_TRY(const auto there, connection.query("SELECT 1 FROM pg_roles WHERE rolname = $1", {role}));
    if (there.size() == 0) PGA_CHECK(connection.execute(std::string("CREATE ROLE ") + role));
  }
  return {};
}

Result<Pair> generate(postgres::Server& server, uint64_t seed) {
  PGA_CHECK(make_roles(server));
  PGA_TRY(const auto database, server.create_database());
  Result<Pair> out = tl::unexpected(Error{});
  {
    PGA_TRY(auto connection, Connection::open(server.url(database)));
    out = Generator(connection, seed).run();
  }
  PGA_CHECK(server.drop_database(database));
  return out;
}

Result<Pair> mutate_schema(postgres::Server& server, const std::string& sql, const std::string& file, uint64_t seed) {
  PGA_TRY(const auto database, server.create_database());
  Pair out{sql, sql, {}, {}};
  {
    PGA_TRY(auto connection, Connection::open(server.url(database)));
    PGA_TRY(const auto notes, source::run_script(connection, sql, file));
    PGA_CHECK(connection.execute("RESET ALL; BEGIN; SET LOCAL client_min_messages = error"));
    Random random(seed);
    std::string behind = "\n\nRESET ALL;\n";
    const uint64_t inner = random.next();
    PGA_TRY(const auto statements, mutate(connection, inner, 1 + static_cast<int>(random.below(5)), out.mutations));
    for (const auto& statement : statements) behind += statement + ";\n";
    out.new_sql += behind;
    PGA_CHECK(connection.execute("ROLLBACK"));
  }
  PGA_CHECK(server.drop_database(database));
  return out;
}

}  // namespace pga::fuzz
