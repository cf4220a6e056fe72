// Questionnaires whose published versions never change, with typed answers.
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
  const std::string kind =
      choose(draft, "survey-answers", "How are answers kept?",
             {{"typed", "a column for each type of value", "Numbers are compared as numbers; every type has its rule and index."},
              {"jsonb", "one JSONB value", "Anything fits; nothing checks it but the application."}},
             "Answers are counted and compared afterwards.", 2);
  Table& surveys = thing(draft, "survey");
  surveys.text("title", 1, 200);
  const auto survey = draft.target(surveys.name);
  Table& versions = thing(draft, "survey_version");
  versions.reference("survey_id", survey, OnDelete::cascade, true, "", false);
  versions.column({"version", "integer", true, "", "1, 2, 3"});
  versions.check("version", "range", "version > 0");
  versions.unique({"survey_id", "version"});
  versions.column({"published_at", "timestamptz", false, "", "From then on it is not changed"});
  versions.says("A survey as it was put: answers belong to a version");
  const auto version = draft.target(versions.name);
  Table& questions = thing(draft, "question");
  questions.reference("survey_version_id", version, OnDelete::cascade, true, "", false);
  questions.column({"position", "integer", true, "", ""});
  questions.check("position", "range", "position > 0");
  questions.text("body", 1, 2000);
  questions.one_of("kind", {"text", "number", "date", "choice"}, "text");
  questions.column({"choices", "text[]", false, "", "What can be chosen"});
  questions.check("choices", "given", "(kind = 'choice') = (choices IS NOT NULL)", "Both directions");
  questions.column({"required", "boolean", true, "DEFAULT false", ""});
  questions.unique({"survey_version_id", "position"});
  questions.unique({"survey_version_id", "id"}, "What the foreign key of answers needs: a question of the same version");
  const std::string frozen = questions.name + "_published";
  trigger_function(
      draft, frozen,
      fmt::format("DECLARE\n  since timestamptz;\nBEGIN\n  SELECT published_at INTO since FROM {} WHERE id = CASE TG_OP WHEN "
                  "'DELETE' THEN OLD.survey_version_id ELSE NEW.survey_version_id END;\n  IF since IS NOT NULL THEN\n    RAISE "
                  "EXCEPTION '{}: the version is published, its questions stay as they are' USING ERRCODE = "
                  "'restrict_violation', HINT = 'make another version';\n  END IF;\n  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD "
                  "ELSE NEW END;\nEND",
                  qualified(versions), frozen),
      "the questions of a published version stay");
  trigger(questions, frozen, "BEFORE INSERT OR UPDATE OR DELETE", "FOR EACH ROW", frozen);
  Table& responses = thing(draft, "response");
  responses.reference("survey_version_id", version, OnDelete::restrict_, true, "", false);
  responses.reference("respondent_id", users, OnDelete::set_null, false, "NULL: nobody knows who");
  responses.column({"submitted_at", "timestamptz", false, "", "NULL while it is being filled in"});
  responses.unique({"survey_version_id", "id"}, "What the foreign key of answers needs");
  responses.index({"survey_version_id", "respondent_id"}, "one a person; the responses of one version",
                  "respondent_id IS NOT NULL", true);
  responses.says("Who answered, once each");
  Table& answers = draft.table("answer");
  answers.column({"survey_version_id", version.types[0], true, "", "Of the response and of the question"});
  answers.column({"response_id", draft.target(responses.name).types[0], true, "", ""});
  answers.column({"question_id", draft.target(questions.name).types[0], true, "", ""});
  answers.key({"response_id", "question_id"});
  answers.rule({answers.name + "_response_fkey",
                "FOREIGN KEY (survey_version_id, response_id) REFERENCES " + responses.sql_name() +
                    " (survey_version_id, id) ON DELETE CASCADE",
                ""});
  answers.rule({answers.name + "_question_fkey",
                "FOREIGN KEY (survey_version_id, question_id) REFERENCES " + questions.sql_name() + " (survey_version_id, id)",
                "To a question of the same version only"});
  if (kind == "typed") {
    answers.column({"value_text", "text", false, "", "Also what was chosen"});
    answers.column({"value_number", "numeric", false, "", ""});
    answers.column({"value_date", "date", false, "", ""});
    answers.check("", "one_value", "num_nonnulls(value_text, value_number, value_date) <= 1", "None: it was left out");
    answers.index({"question_id", "value_number"}, "numbers of one question: averages, ranges", "value_number IS NOT NULL");
    answers.index({"question_id", "value_text"}, "how often each was chosen", "value_text IS NOT NULL");
    draft.query("How often each was chosen",
                "SELECT value_text, count(*) FROM " + answers.sql_name() +
                    " WHERE question_id = $1 AND value_text IS NOT NULL GROUP BY 1",
                "idx_" + answers.name + "_question_id_value_text");
  } else {
    answers.column({"value", "jsonb", false, "", ""});
    answers.index({"question_id"}, "the answers to one question");
    draft.query("The answers to one question", "SELECT value FROM " + answers.sql_name() + " WHERE question_id = $1",
                "idx_" + answers.name + "_question_id");
  }
  draft.warn("survey-anonymous", "With a person beside it no answer is anonymous.",
             "leave respondent_id out, and keep who took part in a table of its own");
}

}  // namespace

extern const Pattern pattern_surveys;
const Pattern pattern_surveys = {"surveys", "Surveys in versions, with typed answers", &build};

}  // namespace pga::design
