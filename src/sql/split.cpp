#include "sql/split.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"
#include "sql/lexer.h"

namespace pga::sql {
namespace {

// Places of growing offsets in one pass.
class Position {
 public:
  // A byte order mark is no character.
  explicit Position(std::string_view text) : text_(text), at_(text.starts_with("\xEF\xBB\xBF") ? 3 : 0) {}
  Place at(size_t offset) {
    for (; at_ < offset && at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') {
        ++line_;
        column_ = 1;
      } else if ((static_cast<unsigned char>(text_[at_]) & 0xC0) != 0x80) {
        ++column_;
      }
    }
    // Inside a character of several bytes the column has already moved on; offsets of tokens never are.
    return {{}, line_, column_};
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
};

struct BadByte {
  size_t offset;
  bool nul;
};

std::optional<BadByte> find_bad_byte(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '\0') return BadByte{at, true};
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const auto character = decode_utf8(text, at);
    if (!character.valid) return BadByte{at, false};
    at += character.length;
  }
  return std::nullopt;
}

class Splitter {
 public:
  Splitter(std::string_view text, const std::string& file) : text_(text), file_(file), lexer_(text), position_(text) {}

  Result<Script> run() {
    if (text_.starts_with("\xEF\xBB\xBF")) lexer_.move_to(3);
    const auto bad = find_bad_byte(text_);
    for (;;) {
      const Token token = lexer_.next();
      if (bad && (token.begin >= bad->offset || token.end > bad->offset) && (bad->nul || !other_encoding_)) {
        return bad_byte(*bad);
      }
      if (token.type == TokenType::end) break;
      PGA_CHECK(take(token));
    }
    finish_statement(text_.size());
    return std::move(script_);
  }

 private:
  Status take(const Token& token) {
    if (token.type == TokenType::unterminated) return unterminated(token);
    if (token.is_comment()) {
      if (token.type == TokenType::line_comment) add_comment(token);
      return {};
    }
    if (token.type == TokenType::backslash) {
      meta_command(token);
      return {};
    }
    if (token.type == TokenType::symbol && text_[token.begin] == ';' && parens_ == 0 && atomic_ == 0) {
      finish_statement(token.begin);
      return {};
    }
    if (!open_) begin_statement(token);
    end_ = token.end;
    if (token.type == TokenType::symbol) symbol(text_[token.begin]);
    if (token.type == TokenType::word) word(to_lower(token.text(text_)));
    if (token.type != TokenType::word) previous_.clear();
    return {};
  }

  void begin_statement(const Token& token) {
    open_ = true;
    begin_ = token.begin;
    parens_ = atomic_ = 0;
    word_count_ = 0;
    routine_ = copy_ = copy_from_stdin_ = false;
    previous_.clear();
  }

  void symbol(char c) {
    if (c == '(') ++parens_;
    if (c == ')' && parens_ > 0) --parens_;
  }

  // CREATE [OR REPLACE] FUNCTION|PROCEDURE … BEGIN ATOMIC … END: the rule of psql, with ATOMIC demanded.
  void word(std::string lower) {
    ++word_count_;
    if (word_count_ == 1) {
      create_ = lower == "create";
      copy_ = lower == "copy";
    }
    if (create_ && word_count_ <= 4 && (lower == "function" || lower == "procedure")) routine_ = true;
    if (copy_ && parens_ == 0 && previous_ == "from" && lower == "stdin") copy_from_stdin_ = true;
    if (routine_ && parens_ == 0) {
      if (atomic_ == 0 && previous_ == "begin" && lower == "atomic") {
        atomic_ = 1;
      } else if (atomic_ > 0 && lower == "case") {
        ++atomic_;
      } else if (atomic_ > 0 && lower == "end") {
        --atomic_;
      }
    }
    previous_ = std::move(lower);
  }

  void finish_statement(size_t at) {
    if (!open_) return;
    open_ = false;
    parens_ = atomic_ = 0;
    add(ItemType::statement, begin_, end_);
    note_session(text_.substr(begin_, end_ - begin_));
    if (copy_from_stdin_) copy_data(at);
  }

  // The two settings that change how the rest of the script is to be read.
  void note_session(std::string_view statement) {
    if (statement.size() > 200 || !starts_with_nocase(statement, "set")) return;
    const auto list = words(statement, 8);
    size_t at = 1;
    if (list.size() > at && (list[at].is("session") || list[at].is("local"))) ++at;
    if (list.size() < at + 3) return;
    std::string value = to_lower(list[at + 2].text);
    value = replace_all(value, "'", "");
    if (list[at].is("standard_conforming_strings")) lexer_.standard_strings(value != "off" && value != "false");
    if (list[at].is("client_encoding")) other_encoding_ = value != "utf8" && value != "utf-8" && value != "unicode";
  }

  void copy_data(size_t at) {
    const size_t newline = text_.find('\n', at);
    const size_t begin = newline == std::string_view::npos ? text_.size() : newline + 1;
    size_t line = begin;
    size_t end = text_.size();
    size_t next = text_.size();
    while (line < text_.size()) {
      const size_t stop = std::min(text_.find('\n', line), text_.size());
      auto content = text_.substr(line, stop - line);
      if (content.ends_with('\r')) content.remove_suffix(1);
      if (content == "\\.") {
        end = line;
        next = std::min(stop + 1, text_.size());
        break;
      }
      line = stop + 1;
    }
    add(ItemType::copy_data, begin, end);
    lexer_.move_to(next);
  }

  void meta_command(const Token& token) {
    size_t end = std::min(text_.find('\n', token.begin), text_.size());
    const auto rest = text_.substr(token.begin, end - token.begin);
    if (rest.starts_with("\\;")) {  // sends both statements together; here: two statements
      copy_from_stdin_ = false;
      lexer_.move_to(token.begin + 2);
      finish_statement(token.begin);
      return;
    }
    if (const size_t apart = rest.find("\\\\", 1); apart != std::string_view::npos) {  // "\\" ends the arguments
      end = token.begin + apart;
      lexer_.move_to(end + 2);
    } else {
      lexer_.move_to(end);
    }
    const auto command = trim(text_.substr(token.begin, end - token.begin));
    if (command == "\\g" || command == "\\gx") {
      finish_statement(token.begin);
      return;
    }
    copy_from_stdin_ = false;       // only ';' and \g send it, and data follow
    finish_statement(token.begin);  // the runner reports what it cannot do; a cut statement is an error of the server
    add(ItemType::meta_command, token.begin, token.begin + command.size());
  }

  void add(ItemType type, size_t begin, size_t end) {
    const Place place = position_.at(begin);
    script_.items.push_back({type, begin, place.line, place.column, text_.substr(begin, end - begin)});
  }

  void add_comment(const Token& token) {
    const size_t line_begin = token.begin == 0 ? 0 : text_.rfind('\n', token.begin - 1) + 1;
    const auto before = text_.substr(line_begin, token.begin - line_begin);
    // Comments are found before the statement around them is complete: they have a position of their own.
    const Place place = comment_position_.at(token.begin);
    script_.comments.push_back({token.begin, place.line, trim(before).empty(), token.text(text_)});
  }

  Status unterminated(const Token& token) {
    const bool comment = text_.substr(token.begin, 2) == "/*";
    const auto opening = token.text(text_).substr(0, 1) == "$" ? token.text(text_).substr(0, token.text(text_).find('$', 1) + 1)
                                                               : token.text(text_).substr(0, comment ? 2 : 1);
    return fail(comment ? "unterminated-comment" : "unterminated-quote",
                std::string(comment ? "the comment" : "the quoted text") + " that begins here with " + std::string(opening) +
                    " never ends",
                {}, place_at(text_, token.begin, file_));
  }

  tl::unexpected<Error> bad_byte(const BadByte& bad) {
    if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
      return fail("utf16-file", "the script is written in UTF-16", "save it as UTF-8", {file_, 1, 1});
    }
    const Place place = place_at(text_, bad.offset, file_);
    if (bad.nul) return fail("nul-byte", "the script holds a NUL byte: it is a binary file or damaged", {}, place);
    return fail("invalid-utf8", "the script is not valid UTF-8",
                "save it as UTF-8, or begin it with SET client_encoding = 'LATIN1' (or what it is)", place);
  }

  std::string_view text_;
  const std::string& file_;
  Lexer lexer_;
  Position position_;
  Position comment_position_{text_};
  Script script_;
  bool open_ = false;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t parens_ = 0;
  size_t atomic_ = 0;
  size_t word_count_ = 0;
  bool create_ = false;
  bool routine_ = false;
  bool copy_ = false;
  bool copy_from_stdin_ = false;
  bool other_encoding_ = false;
  std::string previous_;
};

}  // namespace

Result<Script> split(std::string_view text, const std::string& file) {
  return Splitter(text, file).run();
}

Place place_at(std::string_view text, size_t offset, const std::string& file) {
  Place place = Position(text).at(offset);
  place.file = file;
  return place;
}

Place place_in(const Item& item, const Place& inside, const std::string& file) {
  if (inside.line <= 0) return {file, item.line, item.column};
  if (inside.line == 1) return {file, item.line, item.column + std::max(inside.column, 1) - 1};
  return {file, item.line + inside.line - 1, inside.column};
}

}  // namespace pga::sql
