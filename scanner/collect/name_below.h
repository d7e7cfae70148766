// Names that policies stand at, such as _smtp._tls.example.com. Pure.

#pragma once

#include <optional>
#include <string_view>

#include "resolver/wire/name.h"

namespace mxscan {

// `labels`, as `_smtp._tls`, before `name`; nullopt when that is too long to be
// a name, so that nothing can stand there.
std::optional<Name> NameBelow(std::string_view labels, NameView name);

}  // namespace mxscan
