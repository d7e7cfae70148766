// The rules of message_reader.h once more, as plainly as they can be written:
// the oracle that the fast reader is measured against. It allocates, recurses
// and stops at the first flaw, which it names.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace mxscan {

enum class Flaw {
  kNone,
  kCut,              // Something is not all there.
  kLabelType,        // A label of a type that was never given.
  kNameTooLong,      // Over 255 octets once expanded.
  kPointer,          // Not before its run of labels, or into the header.
  kTooManyPointers,  // Over 127 for one name.
  kRdata,            // Not what its type's rdata looks like.
  kOpt,              // Twice, elsewhere, not at the root, broken options.
  kQuestionCount,    // Not one, nor none with an error.
  kTrailingOctets,   // Behind the last record.
};

std::string ToText(Flaw flaw);

// Why `packet` must be refused; kNone: it must not.
Flaw FlawOf(absl::Span<const uint8_t> packet);

}  // namespace mxscan
