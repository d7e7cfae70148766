// Pages of help, made from the tables of commands and flags: at most 80
// columns wide. Pure; any thread.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scanner/flags/command_table.h"

namespace mxscan {

// The page of `command`: how to call it, its flags, examples, exit codes. Only
// the basic flags, or all of them.
std::string HelpPage(const CommandRow& command, bool all_flags);

// What `--help` prints with `words` beside it: the page of the command that is
// among them, or else of `command`; with all flags if one of them is `all`.
PrintPlan HelpFor(const CommandRow& command,
                  const std::vector<std::string>& words);

// `text` in lines of at most `width` columns, cut at blanks, each but the
// first behind `indent` blanks that count. Line ends in `text` stay.
std::string Wrapped(std::string_view text, size_t width, size_t indent);

}  // namespace mxscan
