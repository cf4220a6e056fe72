// Conversations: who takes part, what was said, what was read.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement&) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string receipts =
      choose(draft, "read-receipts", "What is known of reading?",
             {{"marker", "up to where each member has read",
               "A row a member, changed when they read; the number of unread messages is one index scan."},
              {"each", "each message, by each member, with the time",
               "As many rows as messages times members; only where 'seen by' is shown."}},
             "Unread numbers need no more.", 3);
  Table& conversations = thing(draft, "conversation");
  conversations.one_of("kind", {"direct", "group"}, "direct");
  conversations.text("direct_key", 3, 100, false, "'3:17', the smaller id first: two people have one direct conversation");
  conversations.check("direct_key", "given", "(kind = 'direct') = (direct_key IS NOT NULL)", "Both directions");
  conversations.unique({"direct_key"});
  conversations.text("title", 1, 120, false);
  conversations.says("Where people talk");
  const auto conversation = draft.target(conversations.name);
  Table& members = draft.table("participant");
  members.reference("conversation_id", conversation, OnDelete::cascade, true, "", false);
  members.reference(users.one + "_id", users, OnDelete::cascade, true, "", false);
  members.created_at();
  if (receipts == "marker") members.column({"last_read_message_id", "bigint", false, "", "All up to this one are read"});
  members.column({"left_at", "timestamptz", false, "", "NULL while they take part"});
  members.key({"conversation_id", users.one + "_id"});
  members.index({users.one + "_id"}, "the conversations of one person", "left_at IS NULL");
  members.says("Who takes part, and up to where they have read");
  Table& messages = draft.table("message");
  messages.reference("conversation_id", conversation, OnDelete::cascade, true, "", false);
  messages.column({"id", "bigint", true, "GENERATED ALWAYS AS IDENTITY", ""});
  messages.column({"sender_id", users.types[0], false, "", "NULL once the account is gone"});
  messages.text("body", 1, 10000);
  messages.column({"sent_at", "timestamptz", true, "DEFAULT now()", ""});
  messages.column({"edited_at", "timestamptz", false, "", ""});
  messages.column({"deleted_at", "timestamptz", false, "", "Its text is hidden"});
  messages.key({"conversation_id", "id"});
  const std::string gone = draft.major() >= 15 ? " ON DELETE SET NULL (sender_id)" : "";
  messages.rule({messages.name + "_sender_fkey",
                 fmt::format("FOREIGN KEY (conversation_id, sender_id) REFERENCES {} (conversation_id, {}){}", members.sql_name(),
                             ident(users.one + "_id"), gone),
                 "Only who takes part can write"});
  messages.index({"conversation_id", "sender_id"}, "the check when somebody leaves for good", "sender_id IS NOT NULL");
  messages.says("What was said, in order");
  if (receipts == "each") {
    Table& read = draft.table("message_read");
    for (const auto& [name, type] : {std::pair<std::string, std::string>{"conversation_id", conversation.types[0]},
                                     {"message_id", "bigint"},
                                     {users.one + "_id", users.types[0]}})
      read.column({name, type, true, "", ""});
    read.column({"read_at", "timestamptz", true, "DEFAULT now()", ""});
    read.key({"conversation_id", "message_id", users.one + "_id"});
    read.rule({read.name + "_message_fkey",
               "FOREIGN KEY (conversation_id, message_id) REFERENCES " + messages.sql_name() +
                   " (conversation_id, id) ON DELETE CASCADE",
               ""});
    read.rule({read.name + "_member_fkey",
               fmt::format("FOREIGN KEY (conversation_id, {0}) REFERENCES {1} (conversation_id, {0}) ON DELETE CASCADE",
                           ident(users.one + "_id"), members.sql_name()),
               ""});
    read.index({"conversation_id", users.one + "_id"}, "what one has read; the check when a member goes");
    read.says("Who has read what, and when");
    draft.query("Who has seen it",
                fmt::format("SELECT {}, read_at FROM {} WHERE conversation_id = $1 AND message_id = $2", ident(users.one + "_id"),
                            read.sql_name()),
                read.name + "_pkey");
  } else {
    draft.query("How many are unread, in each conversation",
                fmt::format("SELECT p.conversation_id, (SELECT count(*) FROM {} m WHERE m.conversation_id = p.conversation_id "
                            "AND m.id > coalesce(p.last_read_message_id, 0)) FROM {} p WHERE p.{} = $1 AND p.left_at IS NULL",
                            messages.sql_name(), members.sql_name(), ident(users.one + "_id")),
                messages.name + "_pkey");
  }
  draft.query("The last of one conversation, page by page",
              "SELECT id, sender_id, body, sent_at FROM " + messages.sql_name() +
                  " WHERE conversation_id = $1 AND id < $2 ORDER BY id DESC LIMIT 50",
              messages.name + "_pkey");
  draft.warn("message-retention", messages.name + " grows without end, and is personal.",
             "say how long messages are kept: then they are partitioned by time");
}

}  // namespace

extern const Pattern pattern_messaging;
const Pattern pattern_messaging = {"messaging", "Conversations with members, messages and read markers", &build};

}  // namespace pga::design
