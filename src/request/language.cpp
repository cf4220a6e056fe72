#include "request/language.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "request_embedded.h"

namespace pga::request {

namespace {

using Languages = std::map<std::string, std::set<std::string, std::less<>>, std::less<>>;

// words/languages.txt: function words by language, English among them.
const Languages& languages() {
  static const Languages all = [] {
    Languages result;
    for (const auto& line : split(std::string(embedded::request::words_languages), '\n')) {
      const auto colon = line.find(':');
      if (line.empty() || line.front() == '#' || colon == std::string::npos) continue;
      for (const auto& word : split(line.substr(colon + 1), ' ')) {
        if (!trim(word).empty()) result[line.substr(0, colon)].insert(std::string(trim(word)));
      }
    }
    return result;
  }();
  return all;
}

bool latin_letter(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == 0xC3 || c == 0xC4 || c == 0xC5;
}

}  // namespace

std::string other_language(std::string_view text) {
  text = text.substr(0, std::min<size_t>(text.size(), 4096));
  size_t latin = 0, other = 0;
  std::map<std::string, size_t, std::less<>> found;
  std::string word;
  const auto take = [&] {
    const auto lower = to_lower(word);
    for (const auto& [language, words] : languages()) found[language] += words.contains(lower) ? 1 : 0;
    word.clear();
  };
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    latin += latin_letter(byte) ? 1 : 0;
    // Lead bytes of Greek to Arabic (CE to DF) and of the scripts of three bytes, without punctuation and symbols (E2).
    other += (byte >= 0xCE && byte <= 0xDF) || (byte >= 0xE0 && byte <= 0xEF && byte != 0xE2) ? 1 : 0;
    if (latin_letter(byte) || byte >= 0x80 || (byte >= '0' && byte <= '9') || byte == '_') {
      word += c;
    } else {
      take();
    }
  }
  take();
  if (other >= 3 && other > latin) return "a script other than Latin";
  const auto english = found["English"];
  const auto best = std::ranges::max_element(found, {}, [](const auto& one) { return one.second; });
  if (best == found.end() || best->first == "English" || best->second < 3 || best->second <= 2 * english) return "";
  return best->first;
}

}  // namespace pga::request
