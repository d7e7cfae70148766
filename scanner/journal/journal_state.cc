#include "scanner/journal/journal_state.h"

#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/escaping.h"
#include "output/place_set.h"
#include "scanner/journal/journal_lines.h"
#include "scanner/task/words.h"

namespace mxscan {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kJournalVersion = 2;

struct NamedGroup {
  const char* name;
  Tally::Group group;
};
constexpr NamedGroup kGroups[] = {{"provider", Tally::Group::kProvider},
                                  {"category", Tally::Group::kCategory},
                                  {"finding", Tally::Group::kFinding}};
static_assert(std::size(kGroups) == Tally::kGroups);

std::string Dump(const Json& json) {
  return json.dump(/*indent=*/-1, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace);
}

Json FiguresJson(const RunSummary& run) { return Json::parse(ToJson(run)); }

Json MarksJson(const std::vector<DurableMark>& marks) {
  Json list = Json::array();
  for (const DurableMark& mark : marks) {
    Json added = Json::array();
    for (const std::string& octets : mark.added) {
      added.push_back(absl::Base64Escape(octets));
    }
    list.push_back({{"state", mark.state}, {"added", std::move(added)}});
  }
  return list;
}

Json SurveyJson(const Survey& survey) {
  Json json = Json::object();
  for (int i = 0; i < Survey::kTables; ++i) {
    const auto table = static_cast<Survey::Table>(i);
    const TopCounts& counts = survey.counts(table);
    json[std::string(Survey::NameOf(table))] = counts.ToText(SIZE_MAX);
  }
  return json;
}

Json RowsJson(const Tally& rows) {
  Json json = Json::object();
  Json statuses = Json::object();
  for (int i = 0; i < kDomainStatusCount; ++i) {
    const auto status = static_cast<DomainStatus>(i);
    if (rows.with_status(status) == 0) continue;
    statuses[std::string(WordFor(status))] = rows.with_status(status);
  }
  json["status"] = std::move(statuses);
  for (const NamedGroup& group : kGroups) {
    Json counts = Json::object();
    for (const Tally::Count& count : rows.Sorted(group.group)) {
      counts[count.id] = count.domains;
    }
    json[group.name] = std::move(counts);
  }
  json["survey"] = SurveyJson(rows.survey());
  return json;
}

std::string Octets(const Json& json) {
  std::string octets;
  // Nobody but us wrote it: the line's checksum says so.
  absl::Base64Unescape(json.get<std::string>(), &octets);
  return octets;
}

std::vector<DurableMark> ReadMarks(const Json& list) {
  std::vector<DurableMark> marks;
  for (const Json& item : list) {
    DurableMark& mark = marks.emplace_back();
    mark.state = item.at("state").get<std::string>();
    for (const Json& added : item.at("added")) {
      mark.added.push_back(Octets(added));
    }
  }
  return marks;
}

// Nobody but us wrote it, as above; without it the summary lacks a count.
void ReadSurvey(const Json& json, Survey& survey) {
  for (int i = 0; i < Survey::kTables; ++i) {
    const auto table = static_cast<Survey::Table>(i);
    const Json& text = json.at(std::string(Survey::NameOf(table)));
    const auto counts = TopCounts::FromText(text.get<std::string>());
    if (counts) survey.counts(table) = *counts;
  }
}

Tally ReadRows(const Json& json) {
  Tally rows;
  for (const auto& [word, count] : json.at("status").items()) {
    rows.AddRows(StatusFor(word), count.get<int64_t>());
  }
  for (const NamedGroup& group : kGroups) {
    if (!json.contains(group.name)) continue;
    for (const auto& [id, count] : json.at(group.name).items()) {
      rows.Bump(group.group, id, count.get<int64_t>());
    }
  }
  ReadSurvey(json.at("survey"), rows.survey());
  return rows;
}

RunSummary ReadFigures(const Json& json) {
  // Its absence costs a figure, not a row.
  return ParseSummary(Dump(json)).value_or(RunSummary());
}

JournalState ReadEntry(const Json& json) {
  JournalState entry;
  if (json.contains("complete")) {
    entry.complete = true;
    if (json.contains("rows")) entry.rows = ReadRows(json.at("rows"));
    return entry;
  }
  entry.marks = ReadMarks(json.at("marks"));
  entry.places = json.at("places").get<std::string>();
  entry.rows = ReadRows(json.at("rows"));
  if (json.contains("earlier")) {
    for (const Json& run : json.at("earlier")) {
      entry.earlier.push_back(ReadFigures(run));
    }
  }
  if (json.contains("run")) entry.run = ReadFigures(json.at("run"));
  return entry;
}

RunIdentity ReadFacts(const Json& header) {
  RunIdentity identity;
  for (const auto& [name, value] : header.at("facts").items()) {
    identity.facts.emplace_back(name, value.get<std::string>());
  }
  return identity;
}

// Reads a journal that holds as JSON.
absl::StatusOr<JournalContent> ReadObjects(const ReadLines& lines) {
  const Json header = Json::parse(lines.objects.front());
  if (header.at("journal").get<int>() != kJournalVersion) {
    return absl::DataLossError("it was written by another version of mxscan");
  }
  // A kill leaves half a line; a whole one that does not hold was damaged.
  const bool had_more = header.at("begun").get<bool>() ||
                        lines.rest.find('\n') != lines.rest.npos;
  if (lines.objects.size() == 1 && had_more) {
    return absl::DataLossError("its checkpoints are damaged");
  }
  JournalContent content;
  content.identity = ReadFacts(header);
  for (size_t i = 1; i < lines.objects.size(); ++i) {
    JournalState entry = ReadEntry(Json::parse(lines.objects[i]));
    const absl::Status places = PlaceSet::Parse(entry.places).status();
    if (!places.ok()) return places;
    content.state.Append(std::move(entry));
  }
  return content;
}

}  // namespace

void JournalState::Append(JournalState entry) {
  if (entry.complete) {
    complete = true;
    rows.Add(entry.rows);
    return;
  }
  if (marks.empty()) marks.resize(entry.marks.size());
  for (size_t i = 0; i < entry.marks.size() && i < marks.size(); ++i) {
    marks[i].Append(std::move(entry.marks[i]));
  }
  places = std::move(entry.places);
  rows.Add(entry.rows);
  if (!entry.earlier.empty()) earlier = std::move(entry.earlier);
  if (entry.run) run = std::move(entry.run);
}

std::string HeaderJson(const RunIdentity& identity, bool begun) {
  Json header;
  header["journal"] = kJournalVersion;
  header["begun"] = begun;
  header["facts"] = Json::object();
  for (const auto& [name, value] : identity.facts) {
    header["facts"][name] = value;
  }
  return Dump(header);
}

std::string EntryJson(const JournalState& entry) {
  Json json = Json::object();
  if (entry.complete) {
    json["complete"] = true;
    json["rows"] = RowsJson(entry.rows);
    return Dump(json);
  }
  json["marks"] = MarksJson(entry.marks);
  json["places"] = entry.places;
  json["rows"] = RowsJson(entry.rows);
  if (!entry.earlier.empty()) json["earlier"] = Json::array();
  for (const RunSummary& run : entry.earlier) {
    json["earlier"].push_back(FiguresJson(run));
  }
  if (entry.run) json["run"] = FiguresJson(*entry.run);
  return Dump(json);
}

// The library throws at what is not as it should be; nobody else does.
absl::StatusOr<JournalContent> ReadJournal(std::string_view text) {
  const ReadLines lines = ReadJournalLines(text);
  if (lines.objects.empty()) {
    return absl::DataLossError("it is damaged, or no journal of mxscan");
  }
  try {
    return ReadObjects(lines);
  } catch (const Json::exception& error) {
    return absl::DataLossError(std::string("it is damaged: ") + error.what());
  }
}

}  // namespace mxscan
