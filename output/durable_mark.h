// How far an output has come, in words that a later run of the program goes on
// from. Nothing that a mark speaks of is lost when the power fails. Plain data.

#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace mxscan {

// A file that only grows, up to a certain byte.
struct FileMark {
  int64_t bytes = 0;
  uint64_t tail = 0;  // A hash of the last octets before, to know them again.

  friend bool operator==(const FileMark&, const FileMark&) = default;
};

// `12345 0123456789abcdef`, and back; kDataLoss for any other text.
std::string ToText(const FileMark& mark);
absl::StatusOr<FileMark> ParseFileMark(const std::string& text);

// What a sink says of all rows that it was given. Whoever keeps marks knows
// neither what `state` means nor what is in `added`: both are the sink's own
// words, and it gets them back when a run is resumed.
struct DurableMark {
  std::string state;               // Text; replaces that of the mark before.
  std::vector<std::string> added;  // Octets; follow those of the marks before.

  // What this and `next`, made after it, say together.
  void Append(DurableMark next) {
    state = std::move(next.state);
    added.insert(added.end(), std::make_move_iterator(next.added.begin()),
                 std::make_move_iterator(next.added.end()));
  }

  friend bool operator==(const DurableMark&, const DurableMark&) = default;
};

}  // namespace mxscan
