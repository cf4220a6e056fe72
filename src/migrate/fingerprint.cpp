#include "migrate/fingerprint.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "schema/kind.h"

namespace pga::migrate {
namespace {

constexpr std::string_view kUnmodelled = "?";

// A part of a key: what separates parts and lines never stands in it.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\t' || c == '\n' || c == '\r' || c == '=')
      out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string key_of(const schema::Id& id) {
  std::string out(schema::kind_of(id.kind).slug());
  for (const auto& part : id.path) out += "\t" + escaped(part);
  return out;
}

// Length before content: no two different lists of values give one text.
void add(std::string& to, std::string_view value) {
  to += std::to_string(value.size()) + ":";
  to += value;
}
void add(std::string& to, const schema::Value& value) {
  if (value)
    add(to, std::string_view(*value));
  else
    to += "-";
}

std::string hash_of(const schema::Object& object) {
  std::string text;
  const auto fields = schema::kind_of(object.id.kind).fields();
  for (size_t i = 0; i < fields.size() && i < object.fields.size(); ++i) {
    if (fields[i].compare == schema::Compare::yes) add(text, object.fields[i]);
  }
  add(text, object.comment);
  add(text, object.owner);
  for (const auto& p : object.privileges) {
    text += p.granted ? "+" : "-";
    add(text, p.grantee);
    add(text, std::string_view(p.privilege));
    text += p.grantable ? "*" : ".";
  }
  for (const auto& label : object.labels) {
    add(text, std::string_view(label.provider));
    add(text, std::string_view(label.label));
  }
  return sha256_hex(text).substr(0, 20);
}

// The described kinds with their queries: another version of pgarchitect may see more, and must not call that drift.
const std::string& described() {
  static const std::string text = [] {
    std::string all;
    for (const auto* kind : schema::all_kinds()) {
      add(all, kind->slug());
      add(all, kind->query());
      for (const auto& field : kind->fields()) {
        add(all, field.name);
        all += static_cast<char>('0' + static_cast<int>(field.compare));
      }
    }
    return sha256_hex(all).substr(0, 20);
  }();
  return text;
}

std::string in_words(const std::string& key) {
  const auto parts = split(key, '\t');
  if (parts.front() == kUnmodelled) return unescaped(parts.back());
  const auto* kind = schema::find_kind(parts.front());
  if (kind == nullptr) return replace_all(key, "\t", " ");
  schema::Id id{kind->id(), {}};
  for (size_t i = 1; i < parts.size(); ++i) id.path.push_back(unescaped(parts[i]));
  return schema::to_text(id);
}

}  // namespace

Fingerprint fingerprint_of(const schema::Database& database) {
  Fingerprint out;
  out.scale = described() + "/" + std::to_string(database.major());
  for (const auto& [id, object] : database.objects) out.objects[key_of(id)] = hash_of(object);
  for (const auto& words : database.unmodelled) out.objects[std::string(kUnmodelled) + "\t" + escaped(words)] = "unmodelled";
  return out;
}

std::string to_lines(const Fingerprint& fingerprint) {
  std::string out;
  for (const auto& [key, hash] : fingerprint.objects) out += hash + "=" + key + "\n";
  return out;
}

std::string Fingerprint::hash() const {
  return sha256_hex(scale + "\n" + to_lines(*this));
}

Fingerprint fingerprint_from_lines(std::string_view text) {
  Fingerprint out;
  for (const auto& line : split(text, '\n')) {
    if (const auto at = line.find('='); at != std::string::npos) out.objects[line.substr(at + 1)] = line.substr(0, at);
  }
  return out;
}

std::vector<std::string> differences(const Fingerprint& expected, const Fingerprint& found) {
  std::set<std::string> paths;  // of objects that came or went: their parts need no line of their own
  std::vector<std::pair<std::string, std::string>> lines;
  const auto path_of = [](const std::string& key) { return key.substr(key.find('\t') + 1) + "\t"; };
  const auto one_sided = [&](const Fingerprint& in, const Fingerprint& other, const char* word) {
    for (const auto& [key, hash] : in.objects) {
      if (other.objects.contains(key)) continue;
      lines.emplace_back(key, word);
      paths.insert(path_of(key));
    }
  };
  one_sided(expected, found, "missing  ");
  one_sided(found, expected, "new      ");
  const auto covered = [&](const std::string& key) {
    const std::string path = path_of(key);
    for (size_t at = path.find('\t'); at != std::string::npos && at + 1 < path.size(); at = path.find('\t', at + 1)) {
      if (paths.contains(path.substr(0, at + 1))) return true;
    }
    return false;
  };
  std::erase_if(lines, [&](const auto& line) { return covered(line.first); });
  for (const auto& [key, hash] : expected.objects) {
    const auto it = found.objects.find(key);
    if (it != found.objects.end() && it->second != hash) lines.emplace_back(key, "changed  ");
  }
  std::vector<std::string> out;
  for (const auto& [key, word] : lines) out.push_back(word + in_words(key));
  return out;
}

}  // namespace pga::migrate
