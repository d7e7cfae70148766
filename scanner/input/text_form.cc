#include "scanner/input/text_form.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "absl/strings/str_format.h"

namespace mxscan {
namespace {

constexpr auto kNone = std::string_view::npos;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(uint8_t(c)));
  return lower;
}

bool IsComment(std::string_view line) {
  const size_t first = line.find_first_not_of(" \t\r\v\f");
  return first == kNone || line[first] == '#' || line[first] == ';';
}

// The first line of `head` that is neither blank nor a comment; nothing while
// that is not whole and `all` is false.
std::string_view FirstLine(std::string_view head, char end, bool all) {
  while (!head.empty()) {
    const size_t length = head.find(end);
    if (length == kNone) return all && !IsComment(head) ? head : "";
    const std::string_view line = head.substr(0, length);
    if (!IsComment(line)) return line;
    head.remove_prefix(length + 1);
  }
  return {};
}

// A registry's file begins with its SOA, or with $ORIGIN or $TTL before it.
bool BeginsZone(std::string_view line) {
  const std::string lower = Lower(line);
  if (lower.starts_with("$origin") || lower.starts_with("$ttl")) return true;
  for (const std::string_view soa : {" in soa ", "\tin\tsoa\t", " in\tsoa\t"}) {
    if (lower.find(soa) != kNone) return true;
  }
  return false;
}

bool BeginsRanking(std::string_view line) {
  const size_t digits =
      std::min(line.find_first_not_of("0123456789"), line.size());
  return digits > 0 && digits + 1 < line.size() && line[digits] == ',';
}

char CommonestDelimiter(std::string_view line) {
  char best = ',';
  std::array<int, 256> counts{};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (!quoted) ++counts[uint8_t(c)];
  }
  for (const char c : {';', '\t'}) {
    if (counts[uint8_t(c)] > counts[uint8_t(best)]) best = c;
  }
  return best;
}

InputFormat FormatOf(std::string_view name, std::string_view line) {
  std::string lower = Lower(name);
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (std::string_view(lower).ends_with(packed)) {
      lower.resize(lower.size() - packed.size());
    }
  }
  if (lower.ends_with(".zone") || BeginsZone(line)) return InputFormat::kZone;
  if (lower.ends_with(".csv") || lower.ends_with(".tsv") ||
      BeginsRanking(line)) {
    return InputFormat::kCsv;
  }
  return InputFormat::kLines;
}

bool IsUtf16(std::string_view head) {
  return head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff");
}

// Could still become a byte order mark of UTF-8.
bool IsHalfMark(std::string_view head) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  return head.size() < kMark.size() && kMark.starts_with(head);
}

}  // namespace

absl::StatusOr<TextForm> DiagnoseText(std::string_view name, InputFormat format,
                                      HeadedBytes& bytes) {
  bool all = false;
  while (!all && (IsHalfMark(bytes.head()) || bytes.head().size() < 2)) {
    all = !bytes.Grow();
  }
  if (IsUtf16(bytes.head())) {
    return absl::DataLossError(
        absl::StrFormat("%s is UTF-16; save it as UTF-8, or convert it: "
                        "iconv -f UTF-16 -t UTF-8",
                        std::string(name)));
  }
  if (bytes.head().starts_with("\xef\xbb\xbf")) bytes.Drop(3);
  std::string_view line = FirstLine(bytes.head(), '\n', all);
  while (line.empty() && !all) {
    all = !bytes.Grow();
    line = FirstLine(bytes.head(), '\n', all);
  }
  TextForm form;
  const std::string_view head = bytes.head();
  const size_t cr = head.find('\r');
  form.cr_ends = head.find('\n') == kNone && cr < head.size() - 1;
  if (form.cr_ends) line = FirstLine(head, '\r', all);
  form.format = format == InputFormat::kAuto ? FormatOf(name, line) : format;
  form.delimiter = CommonestDelimiter(line);
  return form;
}

}  // namespace mxscan
