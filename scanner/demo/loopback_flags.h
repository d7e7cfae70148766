// The command line of loopback_dns, read into plain data.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "scanner/demo/name_server.h"
#include "scanner/demo/world.h"

namespace mxscan {

enum class LoopbackTask : uint8_t { kServe, kPrintDomains, kPrintTruth, kHelp };

struct LoopbackPlan {
  LoopbackTask task = LoopbackTask::kServe;
  NameServerOptions server;  // All but its sources.
  WorldOptions world;        // Without domains there is no world.
  std::vector<std::string_view> zone_files;
  bool demo = false;  // Serve the sample world of `mxscan demo`, too.
  bool exit_with_stdin = false;
};

inline constexpr std::string_view kLoopbackHelp =
    R"(loopback_dns: a name server for tests, on loopback only

  --listen LIST       ip:port, comma-separated, over UDP and TCP; port 0 is any
                      free one (default 127.0.0.1:0)
  --threads N         threads, each with its share of the addresses (1)
  --zone FILE         records in master-file form; may be repeated
  --world N           a generated world of N domains
  --demo              the sample world of `mxscan demo`
  --seed N            chooses the world and all chance (1)
  --silent-share P    part of the world's domains that are never answered
  --fault RULE        a fault, as 'loss p=0.02'; may be repeated
  --faults FILE       faults, one a line; scanner/demo/README.md lists them
  --one-alias-step    answer one step of an alias chain at a time
  --authoritative     set AA
  --count-questions   count by name and type (memory grows with the names)
  --count-arrivals    count the most queries in a second, and in a tenth of one
  --exit-with-stdin   stop when standard input closes

  --print-domains     print the world's domains, one a line, and stop
  --print-truth       print the true row of each as NDJSON, and stop

It prints the addresses that it listens on, comma-separated on one line, when
it is ready; and what it was asked, as one line of JSON, when it stops.
)";

// InvalidArgument names the flag and what is wrong with it. `arguments` must
// outlive the plan.
absl::StatusOr<LoopbackPlan> ParseLoopbackFlags(
    absl::Span<char* const> arguments);

}  // namespace mxscan
