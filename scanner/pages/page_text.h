// PageText lays text out for a terminal: paragraphs with something in front of
// them, within so many columns, in colours where these are wanted. Whatever it
// is given, no line is wider and no control character comes out but those of
// its own colours.
//
// What has no place on a screen (control characters, marks that turn the
// direction of text round, characters without a width) stands there as its
// number, `\u{202e}`, and octets that are no UTF-8 as U+FFFD. How wide a
// character is only the terminal knows; here it is as wide as it can be, so
// that a line may end early but never wraps.
//
// One thread.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "scanner/screen/terminal.h"

namespace mxscan {

struct PageStyle {
  int columns = Terminal::kUsualColumns;  // At least 20.
  bool colours = false;
  bool unicode = false;  // Lines are drawn; else they are of hyphens.
};

// `text` as a screen may show it, on one line.
std::string Cleaned(std::string_view text);

// How many columns clean text takes at most.
size_t WidthOf(std::string_view text);

class PageText {
 public:
  explicit PageText(const PageStyle& style) : style_(style) {}

  // `lead`, then `text` from the column `indent` on, and below that for as
  // many lines as it takes. A lead that leaves no blank before that column has
  // lines of its own.
  void Paragraph(std::string_view lead, Tone lead_tone, size_t indent,
                 std::string_view text, Tone tone = Tone::kPlain);
  void Blank() { text_ += '\n'; }
  void Rule();

  const PageStyle& style() const { return style_; }
  std::string Take() { return std::move(text_); }

 private:
  void PutLines(size_t indent, size_t column, std::string_view text, Tone tone);
  void PutPiece(size_t indent, std::string_view piece, Tone tone);

  const PageStyle style_;
  std::string text_;
};

}  // namespace mxscan
