// How people ask for a pattern: the wordings of shared/spec/patterns.md ("A"), each with the pattern that it stands under there.
#include <gtest/gtest.h>

#include <algorithm>

#include "request/statement.h"

namespace pga::request {
namespace {

struct Asked {
  std::string_view text, pattern;
};

constexpr Asked kAsked[] = {
    {"tag articles", "tags"},
    {"users can put #hashtags", "tags"},
    {"users can like posts", "reactions"},
    {"emoji reactions", "reactions"},
    {"upvote/downvote", "reactions"},
    {"users follow each other", "follows"},
    {"follow a topic", "follows"},
    {"friend requests", "friendships"},
    {"upload images to a product", "attachments"},
    {"users have an avatar", "attachments"},
    {"pretty urls", "slug"},
    {"search box with typos", "search"},
    {"users rate products 1 to 5", "reviews"},
    {"one review per purchase", "reviews"},
    {"custom questionnaires", "surveys"},
    {"poll with options", "surveys"},
    {"direct messages", "messaging"},
    {"chat between users, unread count", "messaging"},
    {"notify users when someone comments", "notifications"},
    {"in-app notification center", "notifications"},
    {"keep every version of a page", "versions"},
    {"draft and published", "versions"},
    {"product names in several languages", "translations"},
    {"i18n", "translations"},
    {"top 100 players this week", "leaderboard"},
    {"rank users by points", "leaderboard"},
    {"short links with click stats", "short-links"},
    {"track user activity with retention", "user-activity"},
    {"log what users do for 90 days", "user-activity"},
    {"users with email and password", "accounts"},
    {"sign up by phone", "accounts"},
    {"confirm email before login", "email-verification"},
    {"forgot password", "password-reset"},
    {"reset link by email", "password-reset"},
    {"log out all devices", "sessions"},
    {"remember me", "sessions"},
    {"api tokens for integrations", "api-keys"},
    {"personal access tokens", "api-keys"},
    {"passkeys", "mfa"},
    {"login with google", "oauth"},
    {"link github account", "oauth"},
    {"admins, editors, viewers", "rbac"},
    {"custom roles per org", "rbac"},
    {"multi tenant saas", "tenancy"},
    {"invite teammates by email", "memberships"},
    {"delete my data", "gdpr-erasure"},
    {"right to be forgotten", "gdpr-erasure"},
    {"anonymise after 2 years", "gdpr-erasure"},
    {"max 100 requests per minute", "rate-limits"},
    {"block after 5 failed logins", "rate-limits"},
    {"feature toggles per customer", "feature-flags"},
    {"user preferences", "feature-flags"},
    {"audit who changed what", "audit-log"},
    {"see prices as of a date", "temporal"},
    {"trash and restore", "soft-delete"},
    {"approval flow", "workflow"},
    {"publish an event when an order is placed", "outbox"},
    {"sync to kafka reliably", "outbox"},
    {"retry safe payments api", "idempotency"},
    {"no duplicate orders on double click", "idempotency"},
    {"send webhooks to customers", "webhooks"},
    {"notify external systems", "webhooks"},
    {"background jobs", "job-queue"},
    {"process tasks with retries", "job-queue"},
    {"import customers from csv every night", "imports"},
    {"merge duplicate contacts", "imports"},
    {"list of categories", "closed-lists"},
    {"products have different attributes", "flexible-attributes"},
    {"store metadata", "flexible-attributes"},
    {"let customers add their own fields", "custom-fields"},
    {"custom attributes per workspace", "custom-fields"},
    {"contacts and organisations", "parties"},
    {"nested categories", "hierarchy"},
    {"org chart", "hierarchy"},
    {"drag and drop order", "ordered-lists"},
    {"kanban positions", "ordered-lists"},
    {"customers have shipping and billing addresses", "addresses"},
    {"store amounts exactly", "money"},
    {"order numbers", "public-ids"},
    {"show number of comments", "counters"},
    {"reply count", "counters"},
    {"monthly revenue report is slow", "reporting"},
    {"dashboard", "reporting"},
    {"products with size and color", "variants"},
    {"t-shirt variants with sku", "variants"},
    {"different prices per customer group", "price-lists"},
    {"schedule price changes", "price-lists"},
    {"track stock per warehouse", "inventory"},
    {"avoid overselling", "inventory"},
    {"shopping cart for guests and users", "cart"},
    {"save basket", "cart"},
    {"orders with order items", "orders"},
    {"store payments with stripe", "payments"},
    {"partial refunds", "payments"},
    {"wallet balance with transactions", "ledger"},
    {"accounting", "ledger"},
    {"invoice numbers without gaps per year", "invoices"},
    {"sequential receipt no", "invoices"},
    {"monthly plans with trial", "subscriptions"},
    {"saas subscriptions, upgrade and cancel", "subscriptions"},
    {"bill by api calls", "metering"},
    {"count usage per customer per month", "metering"},
    {"discount codes", "coupons"},
    {"10% off once per customer", "coupons"},
    {"reserve rooms by hour", "booking"},
    {"every monday 9-10", "recurrence"},
    {"opening hours", "recurrence"},
    {"users register for events, max 100 seats", "capacity"},
    {"temperature readings every 10 seconds", "time-series"},
    {"store sensor data", "time-series"},
    {"find shops near me", "geo"},
    {"store gps position of vehicles", "geo"},
    {"don't expose ids", "public-ids"},
    {"two factor authentication", "mfa"},
    {"audit trail, keep 2 years", "audit-log"},
};

TEST(Asked, ByTheWordingsOfTheCatalogue) {
  for (const auto& [text, pattern] : kAsked) {
    const auto understood = understand(text, {});
    EXPECT_TRUE(std::ranges::any_of(understood.statements,
                                    [&](const Statement& one) { return one.meaning == Meaning::pattern && one.name == pattern; }))
        << text << " should be " << pattern;
    EXPECT_TRUE(understood.not_understood.empty()) << text << ": " << understood.not_understood.front().quoted;
  }
}

// Words of such wordings that mean something else.
TEST(Asked, NotByWhatOnlyLooksLikeIt) {
  for (const auto* text :
       {"a tag has a name", "each order belongs to one customer", "users have a name", "an event has a title and a date",
        "a room has a number", "find events by city", "comments can not be changed"}) {
    const auto understood = understand(text, {});
    EXPECT_TRUE(std::ranges::none_of(understood.statements, [](const Statement& one) { return one.meaning == Meaning::pattern; }))
        << text;
  }
}

}  // namespace
}  // namespace pga::request
