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
             "leaves rows.csv, rows.ndjson, summary.json and "
             "report.html in DIR (mxscan-demo when none is given).",
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
    {.name = "providers",
     .id = kProviders,
     .arguments = "[ID]",
     .max_arguments = 1,
     .summary = "the table of providers, or all facts of one",
     .page = "mxscan providers lists the table of providers, or shows all that "
             "it says of the one called ID: suffixes and patterns of its "
             "exchanges, SPF records, documented hosts, each with its source "
             "and date.",
     .examples = "mxscan providers\n"
                 "mxscan providers google_workspace\n"
                 "mxscan providers --format csv > providers.csv",
     .plan = Plan<MakeProvidersPlan>},
    {.name = "report",
     .id = kReport,
     .arguments = "SUMMARY",
     .max_arguments = 1,
     .summary = "a summary as a page with charts and tables",
     .page = "mxscan report makes an HTML page of the SUMMARY of a scan: "
             "charts, tables that sort and come as CSV, what moved since "
             "another scan. The page is one file that needs no network, in "
             "the browser or on paper.",
     .examples = "mxscan report summary.json -o report.html\n"
                 "mxscan report june.json --compare may.json -o june.html",
     .plan = Plan<MakeReportPlan>},
    {.name = "explain",
     .id = kExplain,
     .arguments = "[ID]",
     .max_arguments = 1,
     .summary = "what a finding means, and how to mend it",
     .page = "mxscan explain says what the finding called ID means, what to do "
             "about it, and where it is written; without an ID it lists all "
             "findings.",
     .examples = "mxscan explain\n"
                 "mxscan explain mx_target_cname",
     .plan = Plan<MakeExplainPlan>},
    {.name = "merge",
     .id = kMerge,
     .arguments = "DIR...",
     .max_arguments = kAnyNumber,
     .summary = "make one dataset of those of all shards",
     .page =
         "mxscan merge checks the datasets that the shards of one scan have "
         "written: that each is whole, that every shard is there once, that "
         "all were made alike, and that their lines add up to the input. "
         "Then it makes one dataset of them, in the directory that -o "
         "names. Parts are linked, not copied, where both are on one file "
         "system; the shards' datasets stay. Summaries (.json) of different "
         "domains are added up into one.",
     .examples = "mxscan merge shard0/ shard1/ shard2/ shard3/ -o all/\n"
                 "mxscan merge shard0.json shard1.json -o all.json",
     .plan = Plan<MakeMergePlan>},
    {.name = "verify",
     .id = kVerify,
     .arguments = "DIR...",
     .max_arguments = kAnyNumber,
     .summary = "check a dataset against its manifest",
     .page = "mxscan verify reads all of a dataset and compares it with its "
             "manifest: parts, sizes, checksums. It prints a line for each "
             "thing that is wrong, and ends with exit code 1 if there is any.",
     .examples = "mxscan verify rows/",
     .plan = Plan<MakeVerifyPlan>},
    {.name = "completion",
     .id = kCompletion,
     .arguments = "bash|zsh|fish",
     .max_arguments = 1,
     .summary = "a script that completes commands and flags",
     .page = "mxscan completion writes a script for a shell, which then "
             "completes the commands, flags and words of mxscan.",
     .examples = "source <(mxscan completion bash)\n"
                 "mxscan completion fish > "
                 "~/.config/fish/completions/mxscan.fish",
     .plan = Plan<MakeCompletionPlan>},
    {.name = "man",
     .id = kMan,
     .summary = "the manual page, as mxscan.1 has it",
     .page = "mxscan man writes the manual page in roff.",
     .examples = "mxscan man | man -l -",
     .plan = Plan<MakeManPlan>},
    {.name = "help",
     .id = kHelp,
     .arguments = "[COMMAND] [all]",
     .max_arguments = 2,
     .summary = "the help of a command; all flags of it",
     .page = "mxscan help shows the help of a command: the flags that most "
             "people need, or all of them.",
     .examples = "mxscan help classify\n"
                 "mxscan help all",
     .plan = Plan<MakeHelpPlan>},
};

}  // namespace

absl::Span<const CommandRow> CommandTable() { return kCommands; }

const CommandRow* FindCommand(std::string_view name) {
  const auto* const found =
      std::ranges::find(kCommands, name, &CommandRow::name);
  return found == std::end(kCommands) ? nullptr : found;
}

std::vector<std::string_view> CommandNames() {
  std::vector<std::string_view> names;
  for (const CommandRow& row : kCommands) names.push_back(row.name);
  return names;
}

}  // namespace mxscan
