// Pages of help, made from the tables of commands and flags: at most 80
// columns wide. Pure; any thread.

#pragma once

#include <string>
#include <string_view>

#include "scanner/flags/command_table.h"

namespace mxscan {

// The page of `command`: how to call it, its flags, examples, exit codes. Only
// the basic flags, or all of them.
std::string HelpPage(const CommandRow& command, bool all_flags);

// `text` in lines of at most `width` columns, cut at blanks, each but the
// first behind `indent` blanks that count. Line ends in `text` stay.
std::string Wrapped(std::string_view text, size_t width, size_t indent);

}  // namespace mxscan
