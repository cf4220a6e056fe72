#include "source/confine.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace pga::source {
namespace {

using sql::TokenType;
using sql::Word;
using Words = std::vector<Word>;

Judgement refuse(std::string why, std::string hint = {}) {
  return {Verdict::refuse, std::move(why), std::move(hint), {}};
}
Judgement skip(std::string why) {
  return {Verdict::skip, std::move(why), {}, {}};
}

template <size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_at(const Words& words, size_t at, std::string_view word) {
  return at < words.size() && words[at].is(word);
}
bool begins(const Words& words, std::initializer_list<std::string_view> wanted) {
  size_t at = 0;
  return std::all_of(wanted.begin(), wanted.end(), [&](auto word) { return is_at(words, at++, word); });
}

constexpr std::array<std::string_view, 12> kServerFunctions = {
    "pg_read_file", "pg_read_binary_file", "pg_ls_dir", "pg_file_write",  "pg_file_unlink", "pg_file_rename",
    "lo_import",    "lo_export",           "dblink",    "dblink_connect", "pg_reload_conf", "pg_terminate_backend"};
constexpr std::array<std::string_view, 10> kUntrusted = {"c",          "plperlu", "pltclu", "plpythonu", "plpython2u",
                                                         "plpython3u", "plsh",    "plr",    "pljavau",   "plluau"};

// COPY: only with the data that stands in the script.
Judgement judge_copy(const Words& words, size_t from) {
  int depth = 0;
  for (size_t i = from + 1; i + 1 < words.size(); ++i) {
    if (words[i].is_symbol('(')) ++depth;
    if (words[i].is_symbol(')')) --depth;
    if (depth != 0 || !(words[i].is("from") || words[i].is("to"))) continue;
    const Word& target = words[i + 1];
    if (target.is("program")) return refuse("COPY … PROGRAM runs a program of the server's machine");
    if (target.type == TokenType::string || target.type == TokenType::dollar) {
      return refuse("COPY with a file of the server's machine", "give the rows as COPY … FROM stdin");
    }
    if (target.is("stdout")) return skip("COPY … TO stdout");
  }
  return {};
}

// Bodies of functions and DO blocks are text for the server: the same words are looked for in them.
// U&"\0070g_read_file": a name that hides from a look at its letters (reliability.md 16).
bool is_escaped(const Word& word) {
  return word.type == TokenType::quoted_word && starts_with_nocase(word.text, "u&");
}

// A function that reaches outside may be created (many real schemas have one), but not called by the script itself.
Judgement judge_body(std::string_view body, int depth, bool runs, bool bodies) {
  const auto words = sql::words(body);
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].is("copy")) {
      size_t end = i;
      while (end < words.size() && !words[end].is_symbol(';')) ++end;
      const Words part(words.begin() + static_cast<long>(i), words.begin() + static_cast<long>(end));
      if (auto judged = judge_copy(part, 0); judged.verdict == Verdict::refuse) return judged;
    }
    if (words[i].is("alter") && is_at(words, i + 1, "system")) return refuse("ALTER SYSTEM changes the server");
    if (runs && words[i].is_name() && i + 1 < words.size() && words[i + 1].is_symbol('(') &&
        (one_of(words[i].text, kServerFunctions) || is_escaped(words[i]))) {
      return refuse(words[i].text + "() reaches outside of the database");
    }
    const bool text = words[i].type == TokenType::string || words[i].type == TokenType::dollar;
    if (bodies && text && depth < 3 && words[i].text.size() > 8) {
      std::string inner = words[i].text;
      const size_t open = inner.find(inner[0] == '$' ? '$' : '\'', inner[0] == '$' ? 1 : 0);
      inner = inner.substr(open + 1);
      const size_t close = inner.rfind(words[i].text.back());
      inner.resize(close == std::string::npos ? inner.size() : close);
      if (words[i].type == TokenType::dollar) inner.resize(std::min(inner.size(), inner.rfind('$')));
      if (words[i].type == TokenType::string) inner = replace_all(inner, "''", "'");
      if (auto judged = judge_body(inner, depth + 1, runs, bodies); judged.verdict == Verdict::refuse) return judged;
    }
  }
  return {};
}

Judgement judge_language(const Words& words) {
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (!words[i].is("language")) continue;
    std::string name = to_lower(replace_all(words[i + 1].text, "'", ""));
    if (one_of(name, kUntrusted) || name.starts_with("u&")) {  // an escaped name could be any of them
      return refuse("the language " + name + " is untrusted: its functions can do anything on the server's machine",
                    "leave these functions out, or give them in plpgsql or sql");
    }
  }
  return {};
}

// CREATE ROLE without PASSWORD '…': the password is never needed here, and must not stay in a server's log.
Judgement judge_role(std::string_view statement, const Words& words) {
  if (!words[0].is("create")) return skip(words[0].text + " " + words[1].text + " (roles belong to the server)");
  std::string text(statement);
  for (size_t i = words.size(); i-- > 0;) {
    if (!words[i].is("password") || i + 1 >= words.size()) continue;
    const bool before = i > 0 && (words[i - 1].is("encrypted") || words[i - 1].is("unencrypted"));
    const size_t begin = words[before ? i - 1 : i].begin;
    text.erase(begin, words[i + 1].end - begin);
  }
  return {Verdict::run, {}, {}, text};
}

Judgement judge_database(const Words& words) {
  if (words[0].is("alter")) {
    for (const auto& word : words) {
      if (word.is("set") || word.is("reset"))
        return skip("ALTER DATABASE … SET (settings of a database are not part of a schema)");
    }
  }
  return refuse(to_lower(words[0].text) + " database is not possible in a schema script",
                "leave it out: the script is loaded into a database of its own (pg_dump without -C)");
}

Judgement judge_set(const Words& words) {
  size_t at = 1;
  if (is_at(words, at, "session") || is_at(words, at, "local")) ++at;
  static constexpr std::array<std::string_view, 5> kLimits = {"statement_timeout", "lock_timeout", "transaction_timeout",
                                                              "idle_in_transaction_session_timeout", "idle_session_timeout"};
  if (at < words.size() && one_of(words[at].text, kLimits)) return {Verdict::skip, {}, {}, {}};  // every dump has them
  return {};
}

Judgement judge_subscription(const Words& words) {
  for (size_t i = 0; i + 2 < words.size(); ++i) {
    if (words[i].is("connect") && words[i + 1].is_symbol('=') &&
        (words[i + 2].is("false") || words[i + 2].is("off") || words[i + 2].text == "'false'" || words[i + 2].text == "0")) {
      return {};
    }
  }
  return refuse("CREATE SUBSCRIPTION would connect to another server", "add WITH (connect = false), as pg_dump writes it");
}

}  // namespace

Judgement judge_statement(std::string_view statement, const Words& words) {
  if (words.empty()) return skip({});
  const Word& first = words[0];
  if (first.is("copy")) {
    if (statement.find(';') != std::string_view::npos && statement.find('\\') != std::string_view::npos) {
      return refuse("COPY with both ';' and a backslash in its options");  // see reliability.md 16: two readings
    }
    return judge_copy(words, 0);
  }
  if (first.is("load")) return refuse("LOAD loads a library into the server");
  if (first.is("set")) return judge_set(words);
  const bool makes = first.is("create") || first.is("alter") || first.is("drop");
  if (makes && words.size() > 2) {
    const Word& second = words[1];
    if (second.is("system")) return refuse("ALTER SYSTEM changes the server");
    if (second.is("database")) return judge_database(words);
    if (second.is("tablespace")) return refuse(first.text + " tablespace reaches outside of the database");
    if (second.is("subscription") && first.is("create")) return judge_subscription(words);
    const bool role = second.is("role") || second.is("group") || (second.is("user") && !words[2].is("mapping"));
    if (role) return judge_role(statement, words);
    if (second.is("extension") && one_of(words.back().text, kUntrusted)) {
      return refuse("the extension " + words.back().text + " is an untrusted language");
    }
    if (auto judged = judge_language(words); judged.verdict != Verdict::run) return judged;
  }
  if (begins(words, {"comment", "on", "database"})) return skip("COMMENT ON DATABASE (its name differs here)");
  if (begins(words, {"reassign", "owned"})) return {};
  if (first.is("grant") || first.is("revoke")) {
    for (size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i].is("on") && (words[i + 1].is("database") || words[i + 1].is("tablespace"))) {
        return skip(to_lower(first.text) + " on " + words[i + 1].text + " (its name differs here)");
      }
    }
    return {};
  }
  if (first.is("comment")) return {};
  const bool creates = first.is("create");
  bool routine = first.is("do");
  for (size_t i = 1; creates && i < words.size() && i < 5; ++i) routine |= words[i].is("function") || words[i].is("procedure");
  return judge_body(statement, 0, !creates, routine);
}

Judgement judge_meta_command(std::string_view command) {
  const auto name = command.substr(0, command.find_first_of(" \t\r\n"));
  static constexpr std::array<std::string_view, 16> kRefused = {"\\connect", "\\c",     "\\!",    "\\copy", "\\o",     "\\out",
                                                                "\\w",       "\\write", "\\g",    "\\gx",   "\\gexec", "\\gset",
                                                                "\\if",      "\\elif",  "\\else", "\\endif"};
  if (one_of(name, kRefused)) {
    return refuse("the psql command " + std::string(name) + " is not possible in a schema script",
                  "leave it out, or give the statements that it would run");
  }
  if (name == "\\restrict" || name == "\\unrestrict" || name == "\\.") return {Verdict::skip, {}, {}, {}};
  return skip("the psql command " + std::string(name));
}

bool can_batch(const Words& words) {
  if (words.size() < 3) return false;
  for (const auto& word : words) {
    if (word.is("concurrently")) return false;
  }
  static constexpr std::array<std::string_view, 6> kFirst = {"create", "alter", "comment", "grant", "revoke", "security"};
  static constexpr std::array<std::string_view, 6> kAlone = {"role", "user", "group", "extension", "subscription", "database"};
  return words[0].type == TokenType::word && one_of(words[0].text, kFirst) && !one_of(words[1].text, kAlone);
}

std::string created_extension(const Words& words) {
  if (!begins(words, {"create", "extension"})) return {};
  const size_t at = begins(words, {"create", "extension", "if", "not", "exists"}) ? 5 : 2;
  return at < words.size() ? words[at].text : std::string();
}

bool sets_session(const Words& words) {
  if (words.empty()) return false;
  if (words[0].is("set") || words[0].is("reset")) return true;
  if (!words[0].is("select")) return false;
  for (size_t i = 1; i < words.size() && i < 5; ++i) {
    if (words[i].is("set_config")) return true;
  }
  return false;
}

}  // namespace pga::source
