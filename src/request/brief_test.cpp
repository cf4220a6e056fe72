// The compact brief: both briefs of the specification wholly, mistakes with their place, and the laws.
#include "request/brief.h"

#include <fstream>
#include <iterator>

#include "request/table_test.h"

namespace pga::request {
namespace {

std::string file(const std::string& name) {
  std::ifstream in(std::string(PGA_SOURCE_DIR) + "/tests/requests/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> briefs() {
  return {file("briefs/events_app.brief"), file("briefs/booking_saas.brief")};
}

TEST(Brief, SpecificationParsesWholly) {
  for (const auto& text : briefs()) {
    ASSERT_FALSE(text.empty());
    const auto understood = understand(text, {});
    for (const auto& item : understood.not_understood) ADD_FAILURE() << item.nearest << " “" << item.quoted << "”";
    EXPECT_GT(understood.statements.size(), 40U);
  }
}

bool has(const Understood& understood, std::string_view line) {
  return std::ranges::any_of(understood.statements, [&](const Statement& one) { return notation(one) == line; });
}

// Line by line what the events app says, written from the brief.
TEST(Brief, EventsAppMeans) {
  const auto understood = understand(briefs()[0], {});
  for (const std::string_view line :
       {"convention name=brief cond=events-app",
        "convention name=target cond='postgres 14..18'",
        "convention name=ids cond=bigint",
        "convention name=times cond=UTC",
        "entity s=user",
        "volume s=user count=50000 growth=66",
        "attributes s=user attrs=email*",
        "pattern s=user name=accounts password=yes",
        "pattern s=user name=email-verification block_login=no",
        "attributes s=venue attrs=lat?",
        "relation s=event o=user sides=many/one role=organiser act=keep",
        "relation s=event o=venue sides=many/maybe act=keep",
        "attributes s=event attrs=title(1..200)",
        "attributes s=event attrs=description?",
        "closed_list s=event names=kind values=concert,talk,meetup,other",
        "attributes s=event attrs='ends_at(ends_at > starts_at)'",
        "attributes s=event attrs='seats?(> 0)'",
        "workflow s=event names=status steps=draft>published,published>finished,published>cancelled",
        "pattern s=event name=slug from=title",
        "pattern s=event name=soft-delete purge='90 days'",
        "relation s=user o=event sides=many/many role=registration name=registrations "
        "attrs=ticket_no^,status{confirmed|waitlisted|cancelled}",
        "pattern s=event name=comments author_gone=anonymise replies='1 level'",
        "volume s=activity growth=164384 append=yes",
        "relation s=activity o=user sides=many/maybe",
        "attributes s=activity attrs=ip?*",
        "audit s=event others=registration",
        "retain s=activity act=drop count=90",
        "retain s=audit_log act=drop count=730",
        "exclude s=event names=during scope=venue cond='only published'",
        "immutable s=event cond='when cancelled'",
        "policy s=event role=organiser names=update cond=own",
        "policy s=event role=anyone names=select cond=published",
        "access s=event name=A1 by='status:equal:published,city:equal,kind:equal,starts_at:range:after now' order=starts_at "
        "page=20 rate=120 ms=20",
        "seed s=event name=demo count=500 published=70",
        "seed s=registration name=demo per_event=1..80",
        "open name=Q1 cond='may one user register twice for the same event? default no'"}) {
    EXPECT_TRUE(has(understood, line)) << line;
  }
}

TEST(Brief, BookingSaasMeans) {
  const auto understood = understand(briefs()[1], {});
  for (const std::string_view line :
       {"convention name='public ids' cond=uuid",
        "tenant s=company others=plan,plan_price,country",
        "volume s=company count=8000",
        "attributes s=company attrs=slug^",
        "relation s=user o=company sides=many/many role=membership name=memberships attrs=role{owner|admin|staff}",
        "personal s=customer",
        "at_least_one_of s=customer names=phone,email",
        "unique s=customer names=email scope=company case_insensitive=yes when_given=yes",
        "attributes s=service attrs=duration_minutes(5..600)",
        "attributes s=service attrs='currency=company default'",
        "relation s=resource o=membership sides=many/maybe role=staff cond='only when kind is staff'",
        "volume s=booking count=40000000 growth=49315",
        "relation s=booking o=customer sides=many/one act=anonymise",
        "attributes s=booking attrs='during:range of time(at most 12 hours)'",
        "workflow s=booking names=status steps=held>confirmed,confirmed>done,held>expired,confirmed>cancelled,confirmed>no_show",
        "derived s=booking names=price,currency cond='copied from service when confirmed'",
        "exclude s=booking names=during scope=resource cond='unless cancelled or expired'",
        "workflow s=booking names=status cond='after 10 minutes' steps=held>expired",
        "immutable s=booking cond='when done'",
        "retain s=booking act=archive count=1095",
        "retain s=customer cond='after last booking' act=anonymise count=730",
        "audit s=booking others=membership,company",
        "retain s=audit_log count=1095"}) {
    EXPECT_TRUE(has(understood, line)) << line;
  }
}

TEST(Brief, MistakesHaveLineColumnAndExample) {
  struct Case {
    std::string_view text;
    int line, column;
  };
  for (const auto& one : std::vector<Case>{
           {"brief x\nentity", 2, 1},
           {"brief x\nentity event\n  title 1..200; organiser ->", 3, 17},
           {"brief x\nuse comentts", 2, 1},
           {"brief x\nentity event\n  use slug(from: title", 3, 3},
           {"brief x\nallow organiser update event", 2, 1},
           {"brief x\nentity event rows many", 2, 1},
           {"brief x\nentity event\n  title ~ 5", 3, 3},
       }) {
    const auto parsed = parse_brief(one.text, {}, "x.brief");
    ASSERT_FALSE(parsed) << one.text;
    EXPECT_EQ(parsed.error().code, "brief-syntax");
    EXPECT_EQ(parsed.error().place.line, one.line) << one.text;
    EXPECT_EQ(parsed.error().place.column, one.column) << one.text;
    EXPECT_FALSE(parsed.error().hint.empty());
  }
}

TEST(Brief, LayoutIsStableAndKeepsMeaningAndComments) {
  auto texts = briefs();
  texts.emplace_back("brief x\n\n\n# about users\nentity   user rows 5k   # few\n\temail   personal ;name\n\n");
  for (const auto& text : texts) {
    const auto once = format_brief(text);
    EXPECT_EQ(format_brief(once), once);
    EXPECT_EQ(notation(understand(once, {})), notation(understand(text, {})));
    EXPECT_EQ(std::ranges::count(once, '#'), std::ranges::count(text, '#'));
  }
  EXPECT_EQ(format_brief(texts[2]), "brief x\n\n# about users\nentity user rows 5k  # few\n  email personal; name\n");
}

void expect_round_trips(const std::vector<Statement>& statements, std::string_view what) {
  const auto json = statements_from_json(to_json(statements));
  ASSERT_TRUE(json) << what;
  const auto brief = verbalise(statements);
  const auto read = understand(brief, {});
  EXPECT_TRUE(read.not_understood.empty()) << brief;
  std::vector<Statement> back;
  for (const auto& one : read.statements) {
    if (one.meaning != Meaning::convention || one.name != "brief") back.push_back(one);
  }
  std::vector<Statement> wanted;
  for (const auto& one : statements) {
    if (one.meaning != Meaning::convention || one.name != "brief") wanted.push_back(one);
  }
  ASSERT_EQ(back.size(), wanted.size()) << what << "\n" << brief;
  for (size_t at = 0; at < wanted.size(); ++at)
    EXPECT_TRUE(same_meaning(back[at], wanted[at])) << notation(wanted[at]) << "\n" << notation(back[at]);
  for (size_t at = 0; at < statements.size(); ++at)
    EXPECT_TRUE(same_meaning((*json)[at], statements[at])) << notation(statements[at]);
}

// parse(verbalise(m)) = m, for briefs and for what sentences mean; the JSON form loses nothing.
TEST(Brief, ModelsRoundTrip) {
  for (const auto& text : briefs()) expect_round_trips(understand(text, {}).statements, "brief");
  for (const auto* name : {"01_library", "02_clinic", "03_shop", "04_gym", "05_logistics", "06_school", "07_hotel",
                           "08_restaurant", "09_car_rental", "10_hr"}) {
    expect_round_trips(understand(file(std::string("texts/") + name + ".txt"), {}).statements, name);
  }
}

TEST(Brief, JsonIsABriefToo) {
  const auto understood = understand(
      R"({"statements": [{"meaning": "entity", "subject": "order"}, {"meaning": "soft_delete", "subject": "order", "count": 30}]})",
      {});
  EXPECT_EQ(notation(understood), "entity s=order\nsoft_delete s=order count=30\n");
  EXPECT_TRUE(understand(R"({"statements": [{"meaning": "nonsense"}]})", {}).blocked());
  EXPECT_TRUE(understand(R"({"statements": [)", {}).blocked());
}

}  // namespace
}  // namespace pga::request
