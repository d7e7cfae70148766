// Terminal is what a descriptor leads to, for those who write to people:
// whether a line on it can be drawn anew, how wide it is, and whether colours
// are wanted.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mxscan {

struct Terminal {
  // What is assumed where nobody can say.
  static constexpr int kUsualColumns = 80;

  int fd = -1;
  bool redraws = false;  // A terminal, and not one that only prints.
  bool colours = false;  // That too, and NO_COLOR is not set.
  bool unicode = false;  // The locale (LC_ALL, LC_CTYPE, LANG) says UTF-8.

  // Asks the system and the environment (TERM, NO_COLOR; an empty NO_COLOR
  // forbids nothing, see no-color.org). `fd` must outlive the result.
  static Terminal Of(int fd);

  // How wide it is now, for windows change: whoever draws asks each time.
  int Columns() const;

  // Writes all of `text`, as far as that goes: what cannot be shown to people
  // is no reason to end a run.
  void Write(std::string_view text) const;
};

// What a piece of text is, which decides its colour.
enum class Tone : uint8_t {
  kPlain,
  kStrong,
  kFaint,
  kGood,
  kWarning,
  kError,
};

// `text` with the control sequences around it that show its tone; without
// `colours`, `text`.
std::string Painted(std::string_view text, Tone tone, bool colours);

}  // namespace mxscan
