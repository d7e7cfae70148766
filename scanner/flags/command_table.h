// Every command, as a row of one table: its name, its arguments, the text of
// its page of help, and the function that makes its plan. Constant data; any
// thread.

#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "scanner/flags/flag_table.h"
#include "scanner/flags/flags.h"

namespace mxscan {

struct CommandRow {
  std::string_view name;
  CommandSet id;
  std::string_view arguments = {};  // "[DIR]", as the help shows them.
  int max_arguments = 0;
  std::string_view summary;        // What it does, in half a line.
  std::string_view page;           // The head of its page: whole paragraphs.
  std::string_view examples = {};  // A command a line.
  absl::StatusOr<Command> (*plan)(const TypedFlags& typed,
                                  const Environment& environment);
};

// The first is the default command, which need not be named.
absl::Span<const CommandRow> CommandTable();

// nullptr when there is none of that name.
const CommandRow* FindCommand(std::string_view name);

std::vector<std::string_view> CommandNames();

}  // namespace mxscan
