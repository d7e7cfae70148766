#include "scanner/pages/page_text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_format.h"
#include "output/utf8.h"

namespace mxscan {
namespace {

// The character that `text` begins with, and how many octets it takes.
// REQUIRES: `text` is valid UTF-8, and not empty.
struct Character {
  uint32_t value = 0;
  size_t octets = 1;
};

Character FirstOf(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text.front());
  if (lead < 0x80) return {lead, 1};
  const size_t octets = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint32_t value = lead & (0x7FU >> octets);
  for (const char octet : text.substr(1, octets - 1)) {
    value = value << 6 | (static_cast<uint8_t>(octet) & 0x3FU);
  }
  return {value, octets};
}

struct Range {
  uint32_t first;
  uint32_t last;
};

bool IsIn(uint32_t value, const Range& range) {
  return value >= range.first && value <= range.last;
}

// Controls, and characters of Unicode's general category Cf or without a
// width: what changes how others are shown (variation selectors, tags, marks
// of direction) or is not to be seen.
constexpr Range kUnshown[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},       {0x034F, 0x034F},
    {0x0600, 0x0605}, {0x061C, 0x061C}, {0x06DD, 0x06DD},   {0x115F, 0x1160},
    {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};

// Scripts and signs that no terminal gives two columns.
bool IsNarrow(uint32_t value) {
  constexpr Range kNarrow[] = {{0, 0x10FF}, {0x2010, 0x2027}, {0x2030, 0x205E}};
  return std::ranges::any_of(
      kNarrow, [value](const Range& range) { return IsIn(value, range); });
}

size_t ColumnsOf(uint32_t value) { return IsNarrow(value) ? 1 : 2; }

// As much of `text` as fits `columns`: whole words, or, where a word alone is
// longer, a part of it. REQUIRES: `text` is not empty.
std::string_view Fitting(std::string_view text, size_t columns) {
  size_t octets = 0;
  size_t width = 0;
  size_t word_end = 0;  // Of the last that fits.
  while (octets < text.size()) {
    const Character next = FirstOf(text.substr(octets));
    if (next.value == ' ') word_end = octets;
    if (width + ColumnsOf(next.value) > columns) break;
    width += ColumnsOf(next.value);
    octets += next.octets;
  }
  if (octets == text.size()) return text;
  return text.substr(0, word_end > 0 ? word_end : octets);
}

}  // namespace

std::string Cleaned(std::string_view text) {
  std::string repaired;
  text = ValidUtf8(text, repaired);
  std::string clean;
  while (!text.empty()) {
    const Character next = FirstOf(text);
    const bool unshown = std::ranges::any_of(
        kUnshown,
        [&next](const Range& range) { return IsIn(next.value, range); });
    if (unshown) {
      clean += absl::StrFormat("\\u{%x}", next.value);
    } else {
      clean.append(text.substr(0, next.octets));
    }
    text.remove_prefix(next.octets);
  }
  return clean;
}

size_t WidthOf(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Character next = FirstOf(text);
    width += ColumnsOf(next.value);
    text.remove_prefix(next.octets);
  }
  return width;
}

void PageText::PutPiece(size_t indent, std::string_view piece, Tone tone) {
  text_.append(indent, ' ');
  if (!piece.empty()) text_ += Painted(piece, tone, style_.colours);
}

// The first line goes on at `column`, where blanks have been written up to.
void PageText::PutLines(size_t indent, size_t column, std::string_view text,
                        Tone tone) {
  const auto columns = static_cast<size_t>(style_.columns);
  bool is_first = true;
  while (!text.empty()) {
    const std::string_view piece =
        Fitting(text, columns - (is_first ? column : indent));
    PutPiece(is_first ? 0 : indent, piece, tone);
    text_ += '\n';
    text.remove_prefix(piece.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    is_first = false;
  }
  if (is_first) text_ += '\n';
}

void PageText::Paragraph(std::string_view lead, Tone lead_tone, size_t indent,
                         std::string_view text, Tone tone) {
  const std::string before = Cleaned(lead);
  const size_t width = WidthOf(before);
  // In a narrow window text gets half of it.
  indent = std::min(indent, static_cast<size_t>(style_.columns) / 2);
  if (width + 1 > indent && !before.empty()) {
    PutLines(std::min<size_t>(indent, 4), 0, before, lead_tone);
    if (text.empty()) return;
    text_.append(indent, ' ');
  } else {
    PutPiece(0, before, lead_tone);
    if (!text.empty()) text_.append(indent - width, ' ');
  }
  PutLines(indent, indent, Cleaned(text), tone);
}

void PageText::Rule() {
  std::string rule;
  for (int i = 0; i < style_.columns; ++i) {
    rule += style_.unicode ? "\xE2\x94\x80" : "-";  // U+2500.
  }
  PutPiece(0, rule, Tone::kFaint);
  text_ += '\n';
}

}  // namespace mxscan
