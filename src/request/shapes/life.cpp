// S42 to S46: how long things stay, who may see them, what is logged.
#include "request/shapes/life.h"

#include <algorithm>
#include <cmath>

#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/relate.h"

namespace pga::request {

std::string retention_action(const Reading& reading, Range words) {
  if (reading.has(words, {"archive", "archived", "move"})) return "archive";
  if (reading.has(words, {"anonymise", "anonymize", "anonymous"})) return "anonymise";
  if (reading.has(words, {"delete", "drop", "remove", "purge", "erase", "discard"})) return "drop";
  return "";
}

void ask_retention(Reading& reading, const Statement& statement) {
  const auto entity = entity_name(statement.subject);
  const auto plural = Words::get().plural(entity);
  if (!statement.count) {
    Decision decision;
    decision.id = dashed(entity + "-retention-period");
    decision.question = "How long are " + plural + " kept?";
    decision.options = {{"30-days", "30 days", "Small tables; nothing can be looked up for longer than a month."},
                        {"90-days", "90 days", "A quarter can be compared with the one before only in summaries."},
                        {"1-year", "one year", "Four times the storage of 90 days."},
                        {"2-years", "two years", "Two full years can be compared; twice the storage of one."}};
    decision.recommended = 1;
    decision.reason = "90 days is what most activity logs need; changing it later is one number.";
    decision.weight = 2;
    reading.ask(std::move(decision));
  }
  if (statement.action.empty()) {
    Decision decision;
    decision.id = dashed(entity + "-retention-action");
    decision.question = "What happens to " + plural + " after that?";
    decision.options = {
        {"drop", "they are deleted", "Whole partitions are dropped: no load, nothing left."},
        {"anonymise", "the person is taken out of them", "Counts over years stay possible; an UPDATE of each row."},
        {"archive", "they move to an archive table", "Everything stays, out of the way; storage grows for ever."}};
    decision.reason = "What is not needed should not be kept.";
    decision.weight = 2;
    reading.ask(std::move(decision));
  }
}

namespace {

// "audit logs": the table of the audit pattern.
std::string kept_table(Reading& reading, Range range) {
  if (reading.has(range, {"audit"}) && reading.has(range, {"log", "trail", "record", "entry"})) {
    const auto* table = reading.tables().find("audit_log");
    return table != nullptr ? table->name : "audit_log";
  }
  return reading.entity(range).name;
}

void retain(Reading& reading, const Captures& captures) {
  Noun subject;
  subject.name = kept_table(reading, captures.at('X'));
  if (reading.has(captures.at('X'), {"raw", "old"}) && (subject.name.starts_with("raw_") || subject.name.starts_with("old_")))
    subject.name = subject.name.substr(4);
  auto& statement = reading.add(Meaning::retain, subject);
  if (captures.has('p')) {
    if (const auto days = reading.days(captures.at('p'))) statement.count = static_cast<std::int64_t>(std::ceil(*days));
  }
  statement.action = captures.has('R') ? retention_action(reading, captures.at('R')) : retention_action(reading, reading.range());
  if (reading.has(reading.range(), {"after"}) && captures.has('W'))
    statement.condition = "after " + reading.words(captures.at('W'));
  ask_retention(reading, Statement(statement));
}

// ", then delete them" after a period.
void then_action(Reading& reading, const Captures&) {
  auto* last = reading.last();
  if (last == nullptr || last->meaning != Meaning::retain) return reading.reject();
  last->action = retention_action(reading, reading.range());
  last->span.end = span_of(reading.tokens(), reading.range()).end;
}

// "keep it 90 days" after something else was said of it: "…, keep 36 months".
void keep_too(Reading& reading, const Captures& captures) {
  Noun subject;
  subject.name = reading.subject();
  auto* before = reading.last();
  if (before != nullptr && before->meaning == Meaning::audit) subject.name = "audit_log";
  auto& statement = reading.add(Meaning::retain, subject);
  if (const auto days = reading.days(captures.at('p'))) statement.count = static_cast<std::int64_t>(std::ceil(*days));
  statement.action = captures.has('R') ? retention_action(reading, captures.at('R')) : "";
  ask_retention(reading, Statement(statement));
}

bool entity_like_name(const Reading& reading, const std::string& name) {
  Noun noun;
  noun.name = name;
  noun.plural = true;
  return reading.entity_like(noun);
}

void personal(Reading& reading, const Captures& captures) {
  std::string owner = captures.has('X') && !captures.at('X').empty() ? reading.entity(captures.at('X')).name : "";
  std::vector<std::string> names;
  bool whole = false;
  for (const auto& item : reading.items(captures.at('L'), "")) {
    if (owner.empty() && !item.noun.owner.empty()) owner = item.noun.owner;
    if (item.entity && names.empty()) {
      whole = true;
      const auto* table = reading.tables().find(item.noun.name);
      owner = table != nullptr ? table->name : entity_name(item.noun.name);
      continue;
    }
    if (owner.empty()) owner = reading.owner_of(item.noun);
    const auto& name = item.attribute.name;
    if (name == "it" || name == "they") {
      names.push_back(reading.last_attribute());
    } else if (name.ends_with("_data") && entity_like_name(reading, name.substr(0, name.size() - 5))) {
      whole = true;
      owner = entity_name(name.substr(0, name.size() - 5));
    } else {
      names.push_back(name);
    }
  }
  if (whole && names.empty()) names.clear();
  auto& statement = reading.add(Meaning::personal);
  statement.subject = owner;
  statement.names = names;
  reading.about(owner);
}

void tenant(Reading& reading, const Captures& captures) {
  const auto company = captures.has('X') ? reading.entity(captures.at('X')).name : "tenant";
  auto& statement = reading.add(Meaning::tenant);
  statement.subject = entity_name(company);
  if (const auto* table = reading.tables().find(company)) statement.subject = table->name;
  if (captures.has('L')) {
    std::vector<std::string> others;
    for (const auto& item : reading.items(captures.at('L'), "")) others.push_back(reading.entity(item.noun.range).name);
    reading.last()->others = others;
  } else {
    Decision decision;
    decision.id = "tenant-shared-tables";
    decision.question = "Which tables are shared by all of them (countries, plans, …)?";
    decision.options = {{"none", "none", "Every table gets the tenant's key."},
                        {"lookups", "the lookup tables only", "Tables that nobody edits stay without the key."}};
    decision.recommended = 1;
    decision.reason = "Lists that all use the same way need no copy for each tenant.";
    decision.weight = 3;
    reading.ask(std::move(decision));
  }
}

void audit(Reading& reading, const Captures& captures) {
  std::vector<std::string> names;
  if (captures.has('L')) {
    for (const auto& item : reading.items(captures.at('L'), "")) {
      const auto* table = reading.tables().find(item.noun.name);
      if (table == nullptr && !item.noun.owner.empty()) {
        names.push_back(item.noun.owner);
        continue;
      }
      const auto name = item.attribute.name;
      if (name == "everything" || name == "data" || name == "all" || name == "table" || name == "tables") continue;
      names.push_back(table != nullptr ? table->name : entity_name(item.noun.name.empty() ? name : item.noun.name));
    }
  }
  for (auto& name : names) {
    if (name.ends_with("_record")) name = name.substr(0, name.size() - 7);
  }
  auto& statement = reading.add(Meaning::audit);
  if (!names.empty()) statement.subject = names[0];
  if (names.size() > 1) statement.others.assign(names.begin() + 1, names.end());
  if (captures.has('p')) {
    Noun log;
    log.name = "audit_log";
    const auto days = reading.days(captures.at('p'));
    auto& kept = reading.add(Meaning::retain);
    kept.subject = "audit_log";
    if (days) kept.count = static_cast<std::int64_t>(std::ceil(*days));
    ask_retention(reading, Statement(kept));
  }
}

void soft_delete(Reading& reading, const Captures& captures) {
  for (const auto& item : reading.items(captures.at('L'), "")) {
    const auto noun = reading.entity(item.noun.range);
    auto& statement = reading.add(Meaning::soft_delete);
    statement.subject = noun.name;
    if (captures.has('p')) {
      if (const auto days = reading.days(captures.at('p'))) statement.count = static_cast<std::int64_t>(std::ceil(*days));
    }
    reading.about(noun.name);
  }
}

// "don't delete users, just mark them": what is not wanted, and what is.
void mark_deleted(Reading& reading, const Captures& captures) {
  const auto noun = reading.entity(captures.at('X'));
  auto& withdrawn = reading.add(Meaning::withdraw);
  withdrawn.shape = "S57";
  withdrawn.subject = noun.name;
  withdrawn.condition = "deleting rows";
  withdrawn.negated = true;
  auto& statement = reading.add(Meaning::soft_delete);
  statement.shape = "S46";
  statement.subject = noun.name;
  reading.about(noun.name);
}

void multi_tenant(Reading& reading, const Captures& captures) {
  if (captures.has('X')) {
    tenant(reading, captures);
    return;
  }
  auto& statement = reading.add(Meaning::pattern);
  statement.name = "tenancy";
}

// "the price must be kept" is no retention without a period; with one, what is kept are rows.
bool keeps_rows(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('X');
  return range.empty() || tokens[range.end - 1].is_word();
}

bool tenant_word(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('X');
  if (range.empty()) return false;
  const auto& last = tokens[range.end - 1];
  static constexpr std::string_view kTenants[] = {
      "company",  "companies", "tenant",   "tenants", "organisation", "organization", "organisations", "organizations",
      "customer", "customers", "client",   "clients", "workspace",    "workspaces",   "team",          "teams",
      "account",  "accounts",  "school",   "schools", "shop",         "shops",        "store",         "stores",
      "agency",   "firm",      "business", "clinic",  "clinics",      "org",          "orgs"};
  return std::ranges::find(kTenants, last.text) != std::end(kTenants);
}

}  // namespace

std::vector<Rule> life_rules() {
  return {
      {"S42",
       {"[@record|keep|=hold] <X> [must|should|is|are|to|will|need] [to] [be] "
        "kept|retained|stored|deleted|archived|anonymised|anonymized|purged|removed [them|it] [only] [for] [at] "
        "[least|most|about|up] [to] [after] <p> [after <W>] [[,] [and] then|before <R>]",
        "keep|retain|store [the|all|our|raw] <X> [for] [at] [least|most|about|up] [to] <p> [after <W> then] [[,] [and] "
        "then|before <R>]",
        "<X> {older than / after} <p> [must|should|can|are|is|will|may|have|to] [be|get] [to] [be] "
        "archived|deleted|purged|removed|anonymised|anonymized|dropped [<R>]",
        "delete|archive|anonymise|anonymize|purge|drop|remove [old|all|the] <X> [that] [are] after|older [than] <p>",
        "delete|archive|purge|drop <X> {that|which are older than} <p>", "<X> retention [of|is|:] [is] <p>",
        "<p> retention [for|of|on] <X>", "retention [period] [of|for] <X> [is|:|of] <p>", "<X> with [a] retention [of <p>]",
        "<X> must|should|can [be] deleted|anonymised|anonymized|removed|archived|erased <p> after <W>", "we keep|store <X> <p>"},
       retain,
       keeps_rows},
      {"S42",
       {"then|and|before [we] [can|should|must|are|is|be|will] [be] [they|it] [are|is|be] "
        "delete|archive|anonymise|anonymize|purge|drop|remove [them|it|that]"},
       then_action,
       nullptr,
       true},
      {"S42",
       {"[and] keep|kept|retain|retained|stored [that|it|them|this] [for] <p> [[,] [and] then <R>]", "for <p>",
        "with [a] retention [of] <p>", "[and] must [be] kept for <p>"},
       keep_too,
       nullptr,
       true},
      {"S43",
       {"<L> [of|in|for] [a|an|the|each|our] <X> is|are [highly|very] [considered|treated] [as] "
        "personal|sensitive|confidential|private|pii [data|information]",
        "<L> is|are|contains|contain [highly|very] [considered|treated] [as] [a] personal|sensitive|confidential|private|pii "
        "[data|information]",
        "mark|treat <L> as personal|sensitive|confidential|private|pii", "<L> falls|fall under gdpr|hipaa",
        "<L> must|should be [kept] private|confidential|secret|encrypted|masked"},
       personal},
      {"S44",
       {"each|every|all <X> [can|may|must|should|only] [only] see|sees|view|views|access|accesses|read|reads [only|just] [the] "
        "[its|their|his|her] [own] data|records|information|rows|things|stuff",
        "<X> [can|may|must|should] [never|not] [never|not] [be] [able|allowed] [to] see|access|read [the] data of|from "
        "other|another [<w>]",
        "data of [each|every|different] <X> [must|should|is|are|has] [to] [be] [kept] isolated|separate|separated [from] [each] "
        "[other]",
        "isolate [the] data [of|by|per] [each] <X>",
        "<X> must|should|may|can|cannot|cant [not|never] see [data|records] [of] [each] other [s] [data]",
        "multi-tenant|tenancy by <X>", "tenant is|: <X>", "<X> is [the] tenant"},
       tenant,
       tenant_word},
      {"S44",
       {"multi-tenant [system|app|application|saas|helpdesk|<w>] [by|with] [<X>] $", "multi - tenant [<w>] $",
        "multitenant [<w>] $", "multi-tenancy", "the system|app|application is multi-tenant",
        "make [it|this|the] [app|system|everything|schema] multi-tenant"},
       multi_tenant},
      {"S45",
       {"audit|log|track|record [all|any|every] [the] changes|change|modifications|edits|updates|changed|who|history "
        "[changed|of|to|made|in|on] [to] [the|all|our|any] <L> [and] [keep|kept|for|retain] [for|them] <p>",
        "audit|log|track|record|see [all|any|every] [the] changes|change|modifications|edits|updates [made] to|of|on|in "
        "[the|all|our|any] <L>",
        "audit|log|track|record|know|see|need [to] [know] who [has] changed|changes|edited|modified|updated [what|the] "
        "[in|on|of] [the|our|a|an] <L> [and] [when]",
        "audit [the|all|our] <L>",
        "[all|any|every] [the] changes|change|updates|modifications to|of|in [the|a|an|our] <L> "
        "must|should|has|have|need|are|is|will [to] [be] [audited|logged|tracked|recorded] [with|and <R>]",
        "audit|log everything", "audit trail|log|logs|logging [for|of|on|to] [the|all|our] <L>",
        "<L> [must|should] [be|is|are] audited", "[we] need [an] audit log|trail of|for|on [the|all] <L>"},
       audit},
      {"S46",
       {"soft - delete|deletes|deletion|deleted|deleting [for|of|on] [the|all] <L> [and] [purge|hard-delete] [them|after] "
        "[after] <p>",
        "soft delete|deletes|deletion|deleted|deleting [for|of|on|to] [the|all] <L>",
        "<L> [should|must|can|are|is] [be] soft deleted|delete|deletable|soft-deleted",
        "soft-delete|soft-deletes [for|of|on] [the|all] <L>",
        "<L> [should|must|can|could|may] be|=are restored|restorable|undeleted|recovered|restore [after] "
        "[deletion|deleting|being] [deleted]",
        "restore|undelete|recover deleted <L>",
        "deleted <L> [should|must|can|could|may] be restored|restorable|recovered|undeleted",
        "[add|use|enable] soft delete|deletes|deletion to|for|on [the|all] <L>", "mark <L> as deleted [instead <R>]",
        "<L> are|should|must [be] marked as deleted", "move deleted <L> to [the] trash|bin"},
       soft_delete},
      {"S46",
       {"never|not|dont [not|really|actually|ever|physically] delete|remove [the|any|a] <X> [[,] [but] [just|only] mark "
        "[them|it|as] [as] deleted|inactive|removed]",
        "do not|never [really|actually|ever|physically] delete|remove [the|any|a] <X> [[,] [but] [just|only] mark [them|it] [as] "
        "deleted|inactive]",
        "<X> must|should|may|can|are|is [not|never] [be] [ever|really|physically] deleted [,] [but] [just|only] marked [as] "
        "[deleted|inactive]"},
       mark_deleted},
  };
}

}  // namespace pga::request
