// What the INPUT arguments mean, and one DomainSource over all of them.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scanner/input/domain_source.h"
#include "scanner/input/input_options.h"

namespace mxscan {

struct ResolvedInput {
  enum class Kind { kFile, kStandardInput, kNames };

  Kind kind;
  std::string text;  // The path; `-`; or the domains, one a line.
};

// An argument that exists is a file; `-` is standard input; otherwise a name
// of two or more labels is that domain, and all such names together are one
// input, which stands where the first of them does. Anything else is an error
// that says what was expected, as is standard input given twice, and nothing
// given at all. With `extract_host` URLs and e-mail addresses are names too.
absl::StatusOr<std::vector<ResolvedInput>> ResolveInputs(
    const std::vector<std::string>& arguments, bool extract_host = false);

// Opens all of `inputs` at once, so that a file that cannot be read is known
// before the first question, and reads them one after the other as `options`
// say. The index of a line's file is its input's in that list. `seed` makes
// the hashes of `unique` hard to meet on purpose.
absl::StatusOr<std::unique_ptr<DomainSource>> OpenSources(
    const std::vector<ResolvedInput>& inputs, const InputOptions& options = {},
    uint64_t seed = 0);

}  // namespace mxscan
