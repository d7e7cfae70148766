#include "output/durable_mark.h"

#include <array>
#include <charconv>
#include <string_view>

namespace mxscan {
namespace {

constexpr size_t kTailDigits = 16;

// Reads the whole of `text` as a number.
template <typename T>
bool ReadNumber(std::string_view text, int base, T& value) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, base);
  return read.ec == std::errc() && read.ptr == end;
}

}  // namespace

std::string ToText(const FileMark& mark) {
  std::array<char, kTailDigits> digits;
  const auto end =
      std::to_chars(digits.begin(), digits.end(), mark.tail, 16).ptr;
  const std::string_view tail(digits.data(), end - digits.data());
  std::string text = std::to_string(mark.bytes);
  text.append(1, ' ').append(kTailDigits - tail.size(), '0').append(tail);
  return text;
}

absl::StatusOr<FileMark> ParseFileMark(const std::string& text) {
  FileMark mark;
  const std::string_view view = text;
  const size_t space = view.find(' ');
  if (space == view.npos || view.size() - space - 1 != kTailDigits ||
      !ReadNumber(view.substr(0, space), 10, mark.bytes) || mark.bytes < 0 ||
      !ReadNumber(view.substr(space + 1), 16, mark.tail)) {
    return absl::DataLossError("'" + text + "' is no mark of a file");
  }
  return mark;
}

}  // namespace mxscan
