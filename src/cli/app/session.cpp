#include "cli/app/session.h"

#include <filesystem>
#include <future>

#include "proof/pipeline.h"
#include "schema/kind.h"

namespace pga::app {

Status Session::add(const std::string& text) {
  PGA_TRY(auto source, source::parse_source(text));
  sources_.push_back(std::move(source));
  return {};
}

Result<int> Session::wanted_major() {
  for (const auto& source : sources_) {
    if (source.type != source::SourceType::live) continue;
    PGA_TRY(const auto connection, postgres::Connection::open(source.location));
    return connection.major();
  }
  if (!context_.options.pg_bin.empty()) return 0;
  // Any version will do: the newest whose pg_dump can judge.
  for (const auto& programs : postgres::find_programs()) {
    if (std::filesystem::exists(std::filesystem::path(programs.bin) / "pg_dump")) return programs.major;
  }
  return 0;
}

Result<postgres::Server*> Session::server() {
  if (server_) return &*server_;
  int major = 0;
  if (context_.options.server.empty()) {
    PGA_TRY(major, wanted_major());
  }
  PGA_TRY(auto started, postgres::Server::start(context_.server_options(major)));
  server_.emplace(std::move(started));
  return &*server_;
}

Result<source::Loaded> Session::load(size_t at, const source::LoadOptions& options) {
  PGA_TRY(auto* running, server());
  source::LoadOptions with_build = options;
  with_build.build = proof::build_schema;
  return source::load(sources_[at], *running, with_build);
}

Result<source::Loaded> Session::load_model(size_t at, const source::LoadOptions& options) {
  if (sources_[at].type != source::SourceType::live) return load(at, options);
  source::LoadOptions only_read = options;
  only_read.build_live = false;
  if (server_) return source::load(sources_[at], *server_, only_read);
  return source::read_live(sources_[at]);
}

Status Session::load_models(const source::LoadOptions& options, source::Loaded& first, source::Loaded& second) {
  const auto is_live = [&](size_t at) { return sources_[at].type == source::SourceType::live; };
  if (is_live(0) && is_live(1)) {
    auto other = std::async(std::launch::async, [&] { return source::read_live(sources_[1]); });
    auto one = source::read_live(sources_[0]);
    auto two = other.get();
    PGA_TRY(first, std::move(one));
    PGA_TRY(second, std::move(two));
    return {};
  }
  PGA_TRY(first, load_model(0, options));
  PGA_TRY(second, load_model(1, options));
  return {};
}

schema::Database empty_database(int version) {
  schema::Database out;
  out.version = version;
  schema::Object object;
  object.id = {schema::KindId::schema, {"public"}};
  object.fields.resize(schema::kind_of(object.id.kind).fields().size());
  object.comment = "standard public schema";
  if (version >= 150000) object.owner = "pg_database_owner";
  object.privileges.push_back({true, "", "USAGE", false});
  if (version < 150000) object.privileges.insert(object.privileges.begin(), {true, "", "CREATE", false});
  out.objects.emplace(object.id, std::move(object));
  out.index();
  return out;
}

}  // namespace pga::app
