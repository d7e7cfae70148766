// Expander undoes one compression, a piece at a time and in flat memory. Each
// codec has one file, the only one that includes its library.
//
// One thread.

#pragma once

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace mxscan {

class Expander {
 public:
  struct Step {
    size_t taken = 0;  // Octets of `in` that are done with.
    size_t given = 0;  // Octets now in `out`.
  };

  virtual ~Expander() = default;

  // Takes from `in` and puts into `out`. A step that does neither wants more
  // input. The Status says what is wrong with the data and no more: whoever
  // calls knows the name; once there is one, it stays. REQUIRES: `out` is not
  // empty; `in` neither, if whole().
  virtual absl::StatusOr<Step> Expand(absl::Span<const char> in,
                                      absl::Span<char> out) = 0;

  // Nothing is half done: the input may end here.
  virtual bool whole() const = 0;
};

// RFC 1952: any number of members, zeros behind the last.
std::unique_ptr<Expander> MakeGzipExpander();

// RFC 8878: any number of frames, skippable ones between them.
std::unique_ptr<Expander> MakeZstdExpander();

}  // namespace mxscan
