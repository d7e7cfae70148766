// The domain inside what people have instead of one: URLs and e-mail
// addresses. Pure; any thread.

#pragma once

#include <string_view>

#include "scanner/input/domain_source.h"

namespace mxscan {

// The part of `text` that names a host:
//
//   https://user:pw@www.example.com:8443/path?q#f   www.example.com
//   //example.com/x    example.com/x    example.com:25    example.com
//   jane@example.com   mailto:jane@example.com?subject=x   Jane <jane@…>
//
// Any other text comes back as it is. A view into `text`.
std::string_view ExtractHost(std::string_view text);

// Sets what `line` says of the domain from `text`, which becomes its input.
void SetDomain(std::string_view text, bool extract_host, InputLine& line);

}  // namespace mxscan
