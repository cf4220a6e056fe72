// Splits a script into statements, psql meta-commands and COPY data, each with its place.
//
//   PGA_TRY(auto script, sql::split(text, "schema.sql"));
//   for (const auto& item : script.items) …   // item.text, item.line, item.column
//
// What psql would send is one item: a ';' inside quotes, comments, parentheses, CREATE RULE … (a; b) and BEGIN ATOMIC … END
// does not end a statement. No grammar is used, so the syntax of any version passes. A byte order mark is dropped.
// Errors (with file, line and column): nul-byte, invalid-utf8, utf16-file, unterminated-quote, unterminated-comment.
// Columns are 1-based and count characters, as psql and editors do; offsets are bytes of the given text.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pga::sql {

enum class ItemType : uint8_t {
  statement,     // without its ';'
  copy_data,     // the lines between COPY … FROM stdin; and \.  (the item before it is the COPY statement)
  meta_command,  // a psql command with its arguments: \connect other
};

struct Item {
  ItemType type{};
  size_t offset = 0;      // bytes from the beginning of the script
  int line = 0;           // 1-based
  int column = 0;         // 1-based, in characters
  std::string_view text;  // a piece of the script: valid as long as the script's text
};

struct Comment {
  size_t offset = 0;
  int line = 0;
  bool alone = false;  // nothing but white space stands before it on its line
  std::string_view text;
};

struct Script {
  std::vector<Item> items;
  std::vector<Comment> comments;  // line comments only, those inside statements too
};

Result<Script> split(std::string_view text, const std::string& file = {});

// The place of a byte offset in a text.
Place place_at(std::string_view text, size_t offset, const std::string& file);
// The place of something that stands at `inside` (a place within the item's text, as a server reports it).
Place place_in(const Item& item, const Place& inside, const std::string& file);

}  // namespace pga::sql
