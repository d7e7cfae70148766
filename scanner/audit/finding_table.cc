#include "scanner/audit/finding_table.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scanner/tables/tsv.h"

namespace mxscan {
namespace {

constexpr std::array<std::string_view, 7> kColumns = {
    "id", "group", "severity", "message", "meaning", "remedy", "reference"};

// Those of --checks; what is said of parked domains takes spf and dmarc.
constexpr std::array<std::string_view, 11> kGroups = {
    "mx",     "spf",  "dmarc",   "parked", "mta-sts", "dane",
    "dnssec", "dkim", "tls-rpt", "ptr",    "extra"};

constexpr std::array<std::string_view, 4> kPlaces = {"domain", "subject",
                                                     "detail", "number"};

// Whether a field may be left out, and a finding switched off.
enum class Kind : uint8_t { kOurs, kUsers };

std::optional<Severity> ReadWord(std::string_view word, Kind kind) {
  for (Severity severity :
       {Severity::kError, Severity::kWarning, Severity::kInfo}) {
    if (word == WordFor(severity)) return severity;
  }
  if (word == "off" && kind == Kind::kUsers) return Severity::kOff;
  return std::nullopt;
}

// What is wrong with `text` as a severity; nothing when it was read.
std::string_view ReadSeverity(std::string_view text, Kind kind,
                              FindingEntry& entry) {
  const size_t comma = text.find(',');
  const std::optional<Severity> worse = ReadWord(text.substr(0, comma), kind);
  const std::optional<Severity> milder =
      comma == text.npos ? worse : ReadWord(text.substr(comma + 1), kind);
  if (!worse || !milder) {
    return kind == Kind::kOurs
               ? "a severity is error, warning or info"
               : "a severity is error, warning, info or off; or two of these "
                 "with a comma between";
  }
  if (*worse > *milder) return "of two severities the worse one comes first";
  entry.worse = *worse;
  entry.milder = *milder;
  return {};
}

// What is wrong with the places in `message`; nothing when all are known.
std::string_view CheckMessage(std::string_view message) {
  for (size_t at = message.find_first_of("{}"); at != message.npos;
       at = message.find_first_of("{}", at)) {
    const size_t end = message.find('}', at);
    const bool is_place =
        message[at] == '{' && end != message.npos &&
        std::ranges::count(kPlaces, message.substr(at + 1, end - at - 1)) == 1;
    if (!is_place) {
      return "a message has places for {domain}, {subject}, {detail} and "
             "{number}, and no other braces";
    }
    at = end + 1;
  }
  return {};
}

std::string_view ReadRow(const TsvRow& row, Kind kind, FindingEntry& entry) {
  const auto& f = row.fields;
  if (kind == Kind::kOurs && std::ranges::any_of(f, &std::string_view::empty)) {
    return "a field is empty";
  }
  if (!f[1].empty() && std::ranges::count(kGroups, f[1]) == 0) {
    return "there is no such group";
  }
  if (!f[2].empty()) {
    if (auto wrong = ReadSeverity(f[2], kind, entry); !wrong.empty()) {
      return wrong;
    }
  }
  if (auto wrong = CheckMessage(f[3]); !wrong.empty()) return wrong;
  if (!f[1].empty() && entry.group.empty()) entry.group = f[1];
  if (!f[3].empty()) entry.message = f[3];
  if (!f[4].empty()) entry.meaning = f[4];
  if (!f[5].empty()) entry.remedy = f[5];
  if (!f[6].empty()) entry.reference = f[6];
  return {};
}

using Entries = std::array<FindingEntry, kFindingCount>;
using Seen = std::array<bool, kFindingCount>;

absl::Status ReadRows(std::string_view name, std::string_view text, Kind kind,
                      Entries& entries, Seen& seen) {
  const absl::StatusOr<TsvFile> file = TsvFile::Parse(name, text, kColumns);
  if (!file.ok()) return file.status();
  for (const TsvRow& row : file->rows) {
    const std::optional<FindingId> id = FindingCalled(row.fields[0]);
    if (!id) {
      return TsvError(name, row.line,
                      "there is no finding with this id; mxscan explain lists "
                      "them all");
    }
    const auto index = static_cast<size_t>(*id);
    if (std::exchange(seen[index], true)) {
      return TsvError(name, row.line, "the id stands here for the second time");
    }
    entries[index].id = *id;
    if (auto wrong = ReadRow(row, kind, entries[index]); !wrong.empty()) {
      return TsvError(name, row.line, wrong);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FindingTable> FindingTable::Parse(std::string_view name,
                                                 std::string_view text) {
  FindingTable table;
  Seen seen{};
  absl::Status read = ReadRows(name, text, Kind::kOurs, table.entries_, seen);
  if (!read.ok()) return read;
  const auto* const missing = std::ranges::find(seen, false);
  if (missing != seen.end()) {
    const auto id = static_cast<FindingId>(missing - seen.begin());
    return absl::InvalidArgumentError(absl::StrCat(
        std::string(name), ": has no row for ", std::string(NameOf(id))));
  }
  return table;
}

absl::Status FindingTable::Change(std::string_view name,
                                  std::string_view text) {
  Entries changed = entries_;
  Seen seen{};
  absl::Status read = ReadRows(name, text, Kind::kUsers, changed, seen);
  if (read.ok()) entries_ = std::move(changed);
  return read;
}

}  // namespace mxscan
