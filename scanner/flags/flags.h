// The command line: every flag, its help and its validation are here and
// nowhere else. The rest of the program sees a plan (plan.h).
//
// A message names the flag, what is wrong with its value, and what would be
// right. Its code says whose mistake it is: kInvalidArgument is the usage of
// the command line (exit 2); any other code is something the run needs and
// cannot have, such as a list that cannot be read (exit 1).
//
// A flag that is not typed may come from the environment (MXSCAN_RATE), or else
// from the file that --config names.
//
// It reads the files that flags name (a configuration, a list of resolvers, the
// system's resolver configuration), writes nothing and prints nothing. Any
// thread.

#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "scanner/plan.h"

namespace mxscan {

// What the defaults depend on besides the command line.
struct Environment {
  bool stdin_is_terminal = false;
  bool stdout_is_terminal = false;
  int cores = 1;
  std::string resolv_conf = "/etc/resolv.conf";
  // Those that begin with MXSCAN_, by name.
  std::vector<std::pair<std::string, std::string>> variables;

  // That of this process.
  static Environment OfThisProcess();
};

using Command =
    std::variant<ScanPlan, DemoPlan, ClassifyPlan, ProvidersPlan, ReportPlan,
                 ExplainPlan, VerifyPlan, MergePlan, PrintPlan>;

// `arguments` are those of main without the program's name.
absl::StatusOr<Command> ParseFlags(const std::vector<std::string>& arguments,
                                   const Environment& environment);

}  // namespace mxscan
