// What the name and the first octets of an input say of its form.
//
//   zone    named .zone; or it begins with $ORIGIN, $TTL or an SOA record
//   csv     named .csv or .tsv; or its first line is `number,something`
//   lines   everything else
//
// Endings .gz and .zst do not count. Pure, but for the reading of the head.

#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "scanner/input/headed_bytes.h"
#include "scanner/input/input_options.h"

namespace mxscan {

struct TextForm {
  InputFormat format = InputFormat::kLines;  // Never kAuto.
  char delimiter = ',';  // Of CSV: the commonest of `,;` and tab in line 1.
  bool cr_ends = false;  // Lines end in CR alone, as on an old Mac.
};

// Looks at as much of `bytes` as it takes to tell, and drops a byte order
// mark. `format` other than kAuto is kept. A Status says that the text is
// UTF-16, which nobody can read line by line, and what to do.
absl::StatusOr<TextForm> DiagnoseText(std::string_view name, InputFormat format,
                                      HeadedBytes& bytes);

}  // namespace mxscan
