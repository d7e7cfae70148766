#include "scanner/collect/name_below.h"

namespace mxscan {

std::optional<Name> NameBelow(std::string_view labels, NameView name) {
  const std::optional<Name> prefix = Name::FromText(labels);
  if (!prefix) return std::nullopt;
  absl::Span<const uint8_t> octets = prefix->view().bytes();
  octets.remove_suffix(1);  // The root.
  return Name::Join(octets, name);
}

}  // namespace mxscan
