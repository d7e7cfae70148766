#include "scanner/input/csv_source.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "absl/strings/str_format.h"
#include "scanner/input/extract_host.h"

namespace mxscan {
namespace {

constexpr std::string_view kSpace = " \t\v\f\r\n";
constexpr auto kNone = std::string_view::npos;

// What a header calls the column of domains when it says so plainly.
constexpr std::string_view kPlainNames[] = {
    "domain", "domain_name", "domain name", "fqdn", "hostname", "host"};

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpace);
  if (first == kNone) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(uint8_t(x)) == std::tolower(uint8_t(y));
  });
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == kNone;
}

bool SaysNothing(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpace);
  return first == kNone || text[first] == '#';
}

}  // namespace

absl::Status CsvSource::NoColumn(std::string_view why) const {
  constexpr size_t kShown = 12;
  constexpr size_t kWidth = 40;
  std::string columns;
  for (size_t i = 0; i < std::min(record_.cells.size(), kShown); ++i) {
    if (i > 0) columns += ", ";
    columns += Trim(record_.cells[i]).substr(0, kWidth);
  }
  if (record_.cells.size() > kShown) columns += ", …";
  return absl::InvalidArgumentError(absl::StrFormat(
      "%s: %s; give --column with a name or a number; line %d has %s",
      options_.name, std::string(why), record_.line, columns));
}

bool CsvSource::CellIs(size_t column, std::string_view name) const {
  return EqualsIgnoringCase(Trim(record_.cells[column]), name);
}

absl::Status CsvSource::FindByName(std::string_view name) {
  for (size_t i = 0; i < record_.cells.size(); ++i) {
    if (!CellIs(i, name)) continue;
    column_ = i;
    is_header_ = true;
    return absl::OkStatus();
  }
  return NoColumn(
      absl::StrFormat("there is no column '%s'", std::string(name)));
}

// From the first record.
absl::Status CsvSource::FindColumn() {
  found_ = true;
  const std::string& wanted = options_.column;
  if (!wanted.empty() && !IsNumber(wanted)) return FindByName(wanted);
  if (!wanted.empty()) {
    std::from_chars(wanted.data(), wanted.data() + wanted.size(), column_);
    --column_;  // It is 1 or more, as the flags saw to.
    if (column_ >= record_.cells.size())
      return NoColumn("it has fewer columns");
    is_header_ = record_.cells[column_].find('.') == kNone;
    return absl::OkStatus();
  }
  for (const std::string_view name : kPlainNames) {
    if (FindByName(name).ok()) return absl::OkStatus();
  }
  if (record_.cells.size() == 1) return absl::OkStatus();
  column_ = 1;
  if (IsNumber(Trim(record_.cells[0]))) return absl::OkStatus();
  return NoColumn("nothing says which column holds the domain");
}

// Reads up to a record that says something.
absl::StatusOr<bool> CsvSource::NextRecord() {
  while (true) {
    const absl::StatusOr<bool> more = records_.Next(record_);
    if (!more.ok()) return more;
    position_ = *more ? record_.line : records_.lines();
    if (!*more || !SaysNothing(record_.text)) return more;
    skipped_.fetch_add(1, std::memory_order_relaxed);
  }
}

void CsvSource::Give(InputLine& line) {
  line.line = record_.line;
  line.file = options_.file;
  if (record_.fault.empty() && column_ < record_.cells.size()) {
    return SetDomain(record_.cells[column_], options_.extract_host, line);
  }
  constexpr size_t kShown = 4096;
  line.input = record_.text.substr(0, kShown);
  line.domain = Name();
  line.invalid = record_.fault.empty() ? "column_missing" : record_.fault;
}

absl::StatusOr<bool> CsvSource::Next(InputLine& line) {
  while (true) {
    const absl::StatusOr<bool> more = NextRecord();
    if (!more.ok() || !*more) return more;
    if (!found_ && record_.fault.empty()) {
      if (absl::Status found = FindColumn(); !found.ok()) return found;
      if (std::exchange(is_header_, false)) {
        skipped_.fetch_add(1, std::memory_order_relaxed);
        continue;
      }
    }
    Give(line);
    return true;
  }
}

}  // namespace mxscan
