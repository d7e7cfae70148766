#include "output/sarif_sink.h"

#include <xxhash.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <utility>

#include "output/timestamp.h"

namespace mxscan {
namespace {

constexpr std::string_view kHeader =
    R"({"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/)"
    R"(schemas/sarif-schema-2.1.0.json","version":"2.1.0","runs":[{"tool":)"
    R"({"driver":{"name":"mxscan","version":)";

// SARIF's words for ours; nobody is to look at a rule that is off.
std::string_view LevelOf(std::string_view severity) {
  if (severity == "info") return "note";
  return severity.empty() ? "none" : severity;
}

// Up to the first full stop that ends a sentence.
std::string_view FirstSentence(std::string_view text) {
  const size_t end = text.find(". ");
  return end == text.npos ? text : text.substr(0, end + 1);
}

bool IsPlainInUri(char octet) {
  const bool is_letter =
      (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
  const bool is_digit = octet >= '0' && octet <= '9';
  return is_letter || is_digit ||
         std::string_view("-._~/").find(octet) != std::string_view::npos;
}

// The path of a file as a URI reference (RFC 3986): relative as it was given,
// or `file:///`.
std::string UriOf(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char octet : path) {
    if (IsPlainInUri(octet)) {
      uri += octet;
      continue;
    }
    const auto value = static_cast<uint8_t>(octet);
    uri += {'%', kHex[value >> 4], kHex[value & 15]};
  }
  return uri;
}

// The same for the same finding about the same thing, in every run.
std::string Fingerprint(std::string_view domain, const FindingRecord& finding) {
  std::string what;
  for (const std::string_view part :
       {domain, finding.id, finding.subject,
        finding.detail.value_or(std::string_view())}) {
    what.append(part).push_back('\0');
  }
  std::array<char, 17> hex;
  std::snprintf(hex.data(), hex.size(), "%016" PRIx64,
                uint64_t{XXH3_64bits(what.data(), what.size())});
  return hex.data();
}

}  // namespace

SarifSink::SarifSink(std::unique_ptr<ByteSink> bytes,
                     const SarifOptions& options)
    : chunks_(std::move(bytes)),
      json_({}, JsonCells::Quotes::kSingle),
      input_file_(options.input_file),
      started_at_us_(options.started_at_us),
      has_results_(options.has_results),
      results_marked_(options.has_results) {
  for (const FindingRule& rule : options.rules) {
    rule_index_.emplace(rule.id, static_cast<int64_t>(rule_index_.size()));
  }
  if (!options.has_header) PutHeader(options);
}

void SarifSink::PutText(std::string_view before, std::string_view text) {
  chunks_.buffer().Append(before);
  json_.AppendString(text, chunks_.buffer());
}

void SarifSink::PutMessage(std::string_view before, std::string_view text) {
  scratch_.clear();
  for (const char octet : text) {
    scratch_ += octet;
    if (octet == '{' || octet == '}') scratch_ += octet;
  }
  PutText(before, scratch_);
}

void SarifSink::PutHeader(const SarifOptions& options) {
  PutText(kHeader, options.version);
  chunks_.buffer().Append(",\"rules\":[");
  for (const FindingRule& rule : options.rules) {
    if (&rule != &options.rules.front()) chunks_.buffer().Append(',');
    PutRule(rule);
  }
  chunks_.buffer().Append("]}},\"results\":[");
}

void SarifSink::PutRule(const FindingRule& rule) {
  PutText("\n{\"id\":", rule.id);
  PutMessage(",\"shortDescription\":{\"text\":", FirstSentence(rule.meaning));
  PutMessage("},\"fullDescription\":{\"text\":", rule.meaning);
  PutMessage("},\"help\":{\"text\":",
             rule.remedy + " See " + rule.reference + ".");
  if (!rule.help_uri.empty()) PutText("},\"helpUri\":", rule.help_uri);
  chunks_.buffer().Append(rule.help_uri.empty() ? "}," : ",");
  PutText("\"defaultConfiguration\":{\"level\":", LevelOf(rule.severity));
  if (rule.severity.empty()) chunks_.buffer().Append(",\"enabled\":false");
  PutText("},\"properties\":{\"tags\":[", rule.group);
  PutText("],\"reference\":", rule.reference);
  chunks_.buffer().Append("}}");
}

absl::Status SarifSink::Write(std::span<const Record> records) {
  for (const Record& record : records) {
    for (const FindingRecord& finding : record.finding_rows) {
      PutResult(record, finding);
    }
    absl::Status ended = chunks_.EndRow();
    if (!ended.ok()) return ended;
  }
  return absl::OkStatus();
}

void SarifSink::PutResult(const Record& record, const FindingRecord& finding) {
  const std::string_view domain = record.domain.value_or(std::string_view());
  PutText(
      std::exchange(has_results_, true) ? ",\n{\"ruleId\":" : "\n{\"ruleId\":",
      finding.id);
  const auto index = rule_index_.find(finding.id);
  if (index != rule_index_.end()) {
    chunks_.buffer().Append(",\"ruleIndex\":");
    chunks_.buffer().AppendInteger(index->second);
  }
  PutText(",\"level\":", LevelOf(finding.severity));
  PutMessage(",\"message\":{\"text\":", finding.message);
  chunks_.buffer().Append("},\"locations\":[{");
  PutLocations(record, finding);
  PutText("}],\"partialFingerprints\":{\"mxscanFinding/v1\":",
          Fingerprint(domain, finding));
  PutText("},\"properties\":{\"domain\":", domain);
  PutText(",\"subject\":", finding.subject);
  if (finding.detail) PutText(",\"detail\":", *finding.detail);
  chunks_.buffer().Append("}}");
}

// The line that the domain came from, where it came from a file; the domain;
// and whatever else the finding is about.
void SarifSink::PutLocations(const Record& record,
                             const FindingRecord& finding) {
  const std::string_view file = record.input_file.value_or(input_file_);
  if (!file.empty()) {
    PutText("\"physicalLocation\":{\"artifactLocation\":{\"uri\":",
            UriOf(file));
    chunks_.buffer().Append("},\"region\":{\"startLine\":");
    chunks_.buffer().AppendInteger(record.line);
    chunks_.buffer().Append("}},");
  }
  const std::string_view domain = record.domain.value_or(std::string_view());
  PutText("\"logicalLocations\":[{\"kind\":\"domain\",\"fullyQualifiedName\":",
          domain);
  if (finding.subject != domain) {
    PutText("},{\"kind\":\"subject\",\"fullyQualifiedName\":", finding.subject);
  }
  chunks_.buffer().Append("}]");
}

absl::StatusOr<DurableMark> SarifSink::Checkpoint() {
  absl::StatusOr<DurableMark> mark = chunks_.Checkpoint();
  if (mark.ok() && has_results_ && !std::exchange(results_marked_, true)) {
    mark->added.emplace_back("results");
  }
  return mark;
}

absl::Status SarifSink::End(std::string_view successful) {
  TextBuffer& out = chunks_.buffer();
  out.Append("\n],\"invocations\":[{\"executionSuccessful\":");
  out.Append(successful);
  PutText(",\"startTimeUtc\":", ToView(FormatTimestamp(started_at_us_)));
  out.Append("}]}]}\n");
  return chunks_.Finish();
}

}  // namespace mxscan
