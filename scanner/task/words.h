// The words of the output contract for our enums. Pure; any thread.

#pragma once

#include <string_view>

#include "resolver/question.h"
#include "scanner/classify/classifier.h"
#include "scanner/facts.h"

namespace mxscan {

std::string_view WordFor(DomainStatus status);
// The status whose word `word` is; kIndeterminate for any other.
DomainStatus StatusFor(std::string_view word);
std::string_view WordFor(HostState state);
std::string_view WordFor(Protocol protocol);
std::string_view WordFor(Outcome outcome);
// Empty for kNone.
std::string_view WordFor(Via via);
std::string_view WordFor(BackendVia via);

}  // namespace mxscan
