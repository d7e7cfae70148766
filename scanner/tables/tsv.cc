#include "scanner/tables/tsv.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"

namespace mxscan {
namespace {

std::vector<std::string_view> SplitAtTabs(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

std::string JoinNames(absl::Span<const std::string_view> columns) {
  std::string names;
  for (std::string_view column : columns) {
    if (!names.empty()) names += ", ";
    names += column;
  }
  return names;
}

bool IsForbidden(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return (octet < 0x20 && c != '\t') || octet == 0x7f;
}

// What is wrong with the octets of a line; empty when nothing is.
std::string_view FindBadOctet(std::string_view line) {
  if (line.ends_with('\r')) {
    return "the line ends in CRLF; save the file with plain LF line ends";
  }
  if (std::any_of(line.begin(), line.end(), IsForbidden)) {
    return "a control character stands in the line; only tabs may";
  }
  return {};
}

}  // namespace

absl::Status TsvError(std::string_view name, int line,
                      std::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrFormat("%s:%d: %s", name, line, reason));
}

absl::StatusOr<TsvFile> TsvFile::Parse(
    std::string_view name, std::string_view text,
    absl::Span<const std::string_view> columns) {
  if (text.starts_with("\xef\xbb\xbf")) {
    return TsvError(name, 1, "a byte order mark; save the file without one");
  }
  TsvFile file;
  bool header_seen = false;
  for (int line = 1; !text.empty(); ++line) {
    const std::string_view content = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), content.size() + 1));
    if (auto bad = FindBadOctet(content); !bad.empty()) {
      return TsvError(name, line, bad);
    }
    if (content.empty() || content.starts_with('#')) continue;
    std::vector<std::string_view> fields = SplitAtTabs(content);
    if (!header_seen) {
      header_seen = std::ranges::equal(fields, columns);
      if (header_seen) continue;
      return TsvError(name, line,
                      "the first line must name the columns, parted by tabs: " +
                          JoinNames(columns));
    }
    if (fields.size() != columns.size()) {
      return TsvError(
          name, line,
          absl::StrFormat("%d fields where %d are expected: %s", fields.size(),
                          columns.size(), JoinNames(columns)));
    }
    file.rows.push_back({line, std::move(fields)});
  }
  if (!header_seen) {
    return TsvError(name, 1,
                    "the table is empty; its first line must name the "
                    "columns: " +
                        JoinNames(columns));
  }
  return file;
}

}  // namespace mxscan
