#include "plan/online/column_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/quote.h"

namespace pga::plan::data {
namespace {

bool word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

class Renamer {
 public:
  Renamer(std::string_view text, const std::string& from, const std::string& to) : text_(text), from_(from), to_(ident(to)) {}

  std::string run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\'') {
        copy_string();
      } else if (c == '"' || (word_char(c) && std::isdigit(static_cast<unsigned char>(c)) == 0)) {
        word();
      } else if (word_char(c)) {  // a number
        while (at_ < text_.size() && (word_char(text_[at_]) || text_[at_] == '.')) out_ += text_[at_++];
      } else if (text_.substr(at_, 2) == "::") {
        out_ += "::";
        at_ += 2;
        skip_type();
      } else {
        out_ += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  void copy_string() {
    const bool escapes = !out_.empty() && out_.back() == 'E' && (out_.size() < 2 || !word_char(out_[out_.size() - 2]));
    out_ += text_[at_++];
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && escapes && at_ + 1 < text_.size()) out_ += text_[at_++];
      out_ += text_[at_++];
      if (c != '\'') continue;
      if (at_ < text_.size() && text_[at_] == '\'') {
        out_ += text_[at_++];
      } else {
        return;
      }
    }
  }

  // The identifier that starts here: its text and its name.
  std::string_view take(std::string& name) {
    const size_t start = at_;
    if (text_[at_] != '"') {
      while (at_ < text_.size() && word_char(text_[at_])) name += text_[at_++];
      return text_.substr(start, at_ - start);
    }
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      }
      name += text_[at_];
    }
    at_ = std::min(at_ + 1, text_.size());
    return text_.substr(start, at_ - start);
  }

  char next() const {
    size_t i = at_;
    while (i < text_.size() && text_[i] == ' ') ++i;
    return i < text_.size() ? text_[i] : '\0';
  }

  void word() {
    const bool part = !out_.empty() && out_.back() == '.';
    const bool field = out_.ends_with("EXTRACT(");
    std::string name;
    const std::string_view written = take(name);
    const bool follows = at_ < text_.size() && (text_[at_] == '.' || text_[at_] == '(' || text_[at_] == '=');
    const bool argument = next() == '=' && text_.substr(text_.find('=', at_), 2) == "=>";
    const bool is_string = written == "E" && at_ < text_.size() && text_[at_] == '\'';
    if (name == from_ && !part && !field && !follows && !argument && !is_string) {
      out_ += to_;
    } else {
      out_ += written;
    }
    if (written == "COLLATE") {
      out_ += ' ';
      at_ = std::min(at_ + 1, text_.size());
      skip_name();
    }
  }

  void skip_name() {  // a name with its schema
    while (at_ < text_.size() && (text_[at_] == '"' || word_char(text_[at_]))) {
      std::string name;
      out_ += take(name);
      if (at_ >= text_.size() || text_[at_] != '.') return;
      out_ += text_[at_++];
    }
  }

  void skip_type() {  // timestamp(3) with time zone[], public."Mood"
    constexpr std::array<std::string_view, 4> kMore = {" precision", " varying", " with time zone", " without time zone"};
    skip_name();
    for (bool moved = true; moved;) {
      moved = false;
      if (at_ < text_.size() && text_[at_] == '(') {
        const size_t close = std::min(text_.find(')', at_), text_.size() - 1);
        out_ += text_.substr(at_, close + 1 - at_);
        at_ = close + 1;
      }
      for (const auto more : kMore) {
        if (text_.substr(at_, more.size()) != more) continue;
        out_ += more;
        at_ += more.size();
        moved = true;
      }
    }
  }

  std::string_view text_;
  const std::string& from_;
  std::string to_;
  size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string rename_column(std::string_view text, const std::string& from, const std::string& to) {
  return Renamer(text, from, to).run();
}

}  // namespace pga::plan::data
