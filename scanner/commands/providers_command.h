// `mxscan providers`: the table of providers, or all facts of one with their
// sources, on standard output: in line for people, or as a table for programs.
// Returns the exit code of the program.

#pragma once

#include "scanner/plan.h"

namespace mxscan {

int ProvidersCommand(const ProvidersPlan& plan);

}  // namespace mxscan
