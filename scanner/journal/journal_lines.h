// A journal is lines, each with a JSON object and its checksum before it:
//
//   0f6c1d6b5a3e2f10 {"journal":2,...}
//
// The checksum is XXH3 of the object, seeded with the checksum of the line
// before: a line that was changed, lost, doubled or moved ends the journal
// there, as does one that was only half written. What stands before it holds.
//
// Pure; any thread.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mxscan {

class JournalLines {
 public:
  // The next line, with its end. REQUIRES: no line end in `json`.
  std::string Next(std::string_view json);

 private:
  uint64_t checksum_ = 0;  // Of the line before.
};

struct ReadLines {
  std::vector<std::string_view> objects;  // Of the lines that hold.
  std::string_view rest;                  // What stands behind them.
};

// Views into `text`.
ReadLines ReadJournalLines(std::string_view text);

}  // namespace mxscan
