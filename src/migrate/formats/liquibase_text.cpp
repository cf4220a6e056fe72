#include "migrate/formats/liquibase_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "migrate/formats/support.h"

namespace pga::migrate {
namespace {

// What stands behind "--", if the line is "-- word …" with this word (any case); nullptr data otherwise.
std::string_view behind(std::string_view line, std::string_view word) {
  line = trim(line);
  if (!line.starts_with("--")) return {};
  line = trim(line.substr(2));
  return starts_with_nocase(line, word) ? line.substr(word.size()) : std::string_view{};
}

bool is(std::string_view line, std::string_view word) {
  return behind(line, word).data() != nullptr;
}

// "author:id", either of them in double quotes if it has spaces.
std::string quoted_word(std::string_view& text, char until) {
  text = trim(text);
  if (text.starts_with('"')) {
    const auto end = std::min(text.find('"', 1), text.size());
    std::string out(text.substr(1, end - 1));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (until != ' ' && text.starts_with(until)) text.remove_prefix(1);
    return out;
  }
  const auto end = std::min(text.find(until), text.size());
  std::string out(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return out;
}

std::string attribute(std::string_view attributes, std::string_view name) {
  for (const auto& word : split(attributes, ' ')) {
    if (!starts_with_nocase(word, name) || word.size() <= name.size() || word[name.size()] != ':') continue;
    return replace_all(word.substr(name.size() + 1), "\"", "");
  }
  return {};
}

struct Builder {
  const std::string& text;
  std::vector<Changeset> out;
  std::string delimiter;
  size_t begin = 0;
  bool open = false, skipped = false, in_block = false;

  void start(std::string_view head, size_t at) {
    close(at);
    open = true;
    begin = at;
    Changeset set;
    set.author = quoted_word(head, ':');
    set.id = quoted_word(head, ' ');
    set.plain = to_lower(attribute(head, "runInTransaction")) == "false";
    const auto dbms = to_lower(attribute(head, "dbms"));
    skipped = !dbms.empty() && (dbms.find("postgresql") == std::string::npos || dbms.find("!postgresql") != std::string::npos);
    delimiter = attribute(head, "endDelimiter");
    set.body.assign(text.size(), ' ');
    for (size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') set.body[i] = '\n';
    out.push_back(std::move(set));
  }

  void close(size_t at) {
    if (!open) return;
    out.back().source = std::string(trim(std::string_view(text).substr(begin, at - begin)));
    if (trim(out.back().rollback).empty()) out.back().rollback.clear();
    if (skipped) out.pop_back();
    open = false;
  }

  void rollback(std::string_view sql, size_t line) {
    auto& set = out.back();
    set.has_rollback = true;
    if (trim(sql) == "empty" || trim(sql) == "not required") return;
    if (set.rollback.empty()) set.rollback = std::string(line, '\n');
    set.rollback += std::string(sql) + "\n";
  }

  void body(const Line& line) {
    auto& target = out.back().body;
    std::copy(line.text.begin(), line.text.end(), target.begin() + static_cast<std::ptrdiff_t>(line.begin));
    if (delimiter.empty() || delimiter == ";" || !line.text.ends_with(delimiter)) return;
    const auto at = target.begin() + static_cast<std::ptrdiff_t>(line.end - delimiter.size());
    std::fill(at, at + static_cast<std::ptrdiff_t>(delimiter.size()), ' ');
    *at = ';';
  }
};

}  // namespace

bool is_changelog(std::string_view text) {
  return is(text.substr(0, text.find('\n')), "liquibase formatted sql");
}

bool is_liquibase_mark(std::string_view line) {
  static constexpr std::array<std::string_view, 10> kWords = {"liquibase",     "changeset", "rollback", "comment",
                                                              "precondition",  "property",  "ignore",   "labels",
                                                              "validchecksum", "contexts"};
  line = trim(line);
  if (line.find("liquibase rollback") != std::string_view::npos) return true;
  if (!line.starts_with('-')) return false;
  line.remove_prefix(std::min(line.find_first_not_of("- \t"), line.size()));
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return starts_with_nocase(line, word); });
}

std::vector<Changeset> changesets_of(const std::string& text) {
  Builder builder{.text = text, .out = {}, .delimiter = {}};
  size_t number = 0;
  for (const auto& line : lines_of(text)) {
    const size_t at = number++;
    const auto trimmed = trim(line.text);
    if (const auto head = behind(line.text, "changeset "); head.data() != nullptr) {
      builder.start(head, line.begin);
    } else if (!builder.open) {
      continue;
    } else if (builder.in_block) {
      builder.in_block = !trimmed.ends_with("*/");
      builder.rollback(builder.in_block ? line.text : line.text.substr(0, line.text.rfind("*/")), at);
    } else if (trimmed.starts_with("/*") && trim(trimmed.substr(2)) == "liquibase rollback") {
      builder.in_block = true;
    } else if (is(line.text, "rollback")) {
      auto sql = line.text.substr(to_lower(line.text).find("rollback") + 8);
      builder.rollback(sql.starts_with(' ') ? sql.substr(1) : sql, at);
    } else if (!is(line.text, "comment") && !is(line.text, "precondition") && !is(line.text, "property") &&
               !is(line.text, "validchecksum")) {
      builder.body(line);
    }
  }
  builder.close(text.size());
  return std::move(builder.out);
}

}  // namespace pga::migrate
