#include "scanner/flags/command_table.h"

#include <algorithm>
#include <limits>

#include "scanner/flags/make_plans.h"

namespace mxscan {
namespace {

constexpr int kAnyNumber = std::numeric_limits<int>::max();

template <auto kMake>
absl::StatusOr<Command> Plan(const TypedFlags& typed,
                             const Environment& environment) {
  return kMake(typed, environment);
}

constexpr CommandRow kCommands[] = {
    {.name = "scan",
     .id = kScan,
     .arguments = "INPUT...",
     .max_arguments = kAnyNumber,
     .summary = "scan domains",
     .page = "mxscan asks where the mail of domains goes: domains in, one row "
             "for each out. An INPUT is a file, - for standard input, or a "
             "domain.",
     .examples = "mxscan domains.txt -o rows.ndjson --summary summary.json\n"
                 "mxscan top-1m.csv.gz -r 192.0.2.1,192.0.2.2 --rate 5k "
                 "> rows.csv\n"
                 "mxscan example.com example.net --format ndjson",
     .plan = Plan<MakeScanPlan>},
    {.name = "demo",
     .id = kDemo,
     .arguments = "[DIR]",
     .max_arguments = 1,
     .summary = "the whole job offline, on sample domains",
     .page = "mxscan demo shows the whole job offline: it starts a name server "
             "on loopback with a world of sample domains, scans them, and "
             "leaves rows.csv, rows.ndjson and summary.json in DIR "
             "(mxscan-demo when none is given).",
     .examples = "mxscan demo\n"
                 "mxscan demo /tmp/demo --threads 1",
     .plan = Plan<MakeDemoPlan>},
    {.name = "classify",
     .id = kClassify,
     .arguments = "INPUT...",
     .max_arguments = kAnyNumber,
     .summary = "MX hosts in, their providers out; asks no network",
     .page = "mxscan classify names the provider of MX hosts by the table of "
             "providers: a row for every line, without asking the network. An "
             "INPUT is a file, - for standard input, or a host. The columns "
             "are host, provider, provider_name, provider_category, "
             "provider_via and mx_domain.",
     .examples = "mxscan classify mx-hosts.txt > providers.csv\n"
                 "mxscan classify rows.csv.gz --column primary_mx -o "
                 "hosts.ndjson\n"
                 "mxscan classify aspmx.l.google.com",
     .plan = Plan<MakeClassifyPlan>},
};

}  // namespace

absl::Span<const CommandRow> CommandTable() { return kCommands; }

const CommandRow* FindCommand(std::string_view name) {
  const auto* const found =
      std::ranges::find(kCommands, name, &CommandRow::name);
  return found == std::end(kCommands) ? nullptr : found;
}

}  // namespace mxscan
