// The input is a name as text. What is taken for a name must come back from
// its own text, octet for octet, and keep the promises of name.h.

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "resolver/wire/name.h"

namespace mxscan {
namespace {

void Require(bool promise) {
  if (!promise) std::abort();
}

void Check(NameView name) {
  Require(name.size() <= kMaxNameOctets);
  const std::optional<Name> again = Name::FromText(ToText(name));
  Require(again.has_value() && *again == name);
  int labels = 0;
  for (NameView at = name; !at.IsRoot(); at = at.Parent()) {
    Require(name.IsAtOrBelow(at));
    Require(at.bytes()[0] >= 1 && at.bytes()[0] <= kMaxLabelOctets);
    const int below = name.size() - at.size();
    Require(Name::Join(name.bytes().first(below), at) == again);
    ++labels;
  }
  Require(labels == name.LabelCount());
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::optional<mxscan::Name> name = mxscan::Name::FromText(text);
  if (name.has_value()) mxscan::Check(*name);
  return 0;
}
