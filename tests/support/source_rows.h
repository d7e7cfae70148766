// The lines of a DomainSource as text that a test can compare.

#pragma once

#include <string>
#include <vector>

#include "scanner/input/domain_source.h"

namespace mxscan {

// `line input -> domain`, or `line input ! reason`, of every line; and
// `error: …` at the end if that is how it ends.
inline std::vector<std::string> RowsOf(DomainSource& source) {
  std::vector<std::string> rows;
  InputLine line;
  while (true) {
    const absl::StatusOr<bool> more = source.Next(line);
    if (!more.ok()) {
      rows.push_back("error: " + std::string(more.status().message()));
      return rows;
    }
    if (!*more) return rows;
    rows.push_back(std::to_string(line.line) + " " + std::string(line.input) +
                   (line.valid() ? " -> " + ToText(line.domain)
                                 : " ! " + std::string(line.invalid)));
  }
}

}  // namespace mxscan
