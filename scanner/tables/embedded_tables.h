// The tables of data/ as they were when the program was built, so that it
// needs no file beside it. Each is the text of one file, whole; it lives as
// long as the program.

#pragma once

#include <string_view>

namespace mxscan {

// data/providers.tsv
std::string_view ProviderTableText();

// data/findings.tsv
std::string_view FindingTableText();

// data/public_resolvers.tsv
std::string_view PublicResolverText();

}  // namespace mxscan
