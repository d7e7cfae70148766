#include "scanner/flags.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scanner/typed_flags.h"

namespace mxscan {
namespace {

constexpr char kScanPage[] =
    R"(mxscan asks where the mail of domains goes: domains in, one row for each out.

  mxscan [scan] [FLAGS] INPUT...   scan domains; INPUT is a file with a domain
                                   a line, - for standard input, or a domain
  mxscan demo [DIR]                the whole job offline, on sample domains)";

constexpr char kScanExamples[] =
    R"(Examples:
  mxscan domains.txt -o rows.ndjson --summary summary.json
  mxscan top-1m.csv.gz -r 192.0.2.1,192.0.2.2 --rate 5k > rows.csv
  mxscan example.com example.net --format ndjson

Exit: 0 every line has its row, 1 the run failed, 2 usage, 75 interrupted.)";

constexpr char kDemoPage[] =
    R"(mxscan demo shows the whole job offline: it starts a name server on loopback
with a world of sample domains, scans them, and leaves rows.csv, rows.ndjson
and summary.json in DIR.

  mxscan demo [FLAGS] [DIR]        DIR is mxscan-demo when none is given)";

// A page begins with how to call the command, so CLI11's own lines about usage
// and positionals are left out.
class PageFormatter : public CLI::Formatter {
 public:
  PageFormatter() { column_width(26); }
  std::string make_usage(const CLI::App*, std::string) const override {
    return "";
  }
  std::string make_positionals(const CLI::App*) const override { return ""; }
  std::string make_group(
      std::string group, bool is_positional,
      std::vector<const CLI::Option*> options) const override {
    std::string text = absl::StrCat("\n", group, ":\n");
    for (const CLI::Option* option : options) {
      text += make_option(option, is_positional);
    }
    return text;
  }
};

std::string Page(const CLI::App& app) {
  return CLI::detail::find_and_replace(app.help(), "\n\n\n", "\n\n");
}

// The last one counts when a flag is given twice, so that a script's defaults
// can be overruled behind it.
void AddText(CLI::App& app, const std::string& names, TypedFlag& value,
             const std::string& argument, const std::string& help) {
  app.add_option(names, value, help)
      ->option_text(argument)
      ->type_name(argument)
      ->take_last();
}

void AddScreenFlags(CLI::App& app, TypedFlags& typed) {
  app.option_defaults()->group("Screen");
  AddText(app, "--progress", typed.progress, "WHEN",
          "status on stderr: auto, always or never [auto]");
  app.add_flag("-q,--quiet", typed.quiet, "no status line, no notices");
  app.add_flag("--version", typed.version, "print the version");
  app.add_flag("-h,--help", typed.help, "print this help");
}

void AddThreads(CLI::App& app, TypedFlags& typed) {
  AddText(app, "--threads", typed.threads, "N",
          "threads that scan [one less than there are cores]");
}

void AddInputFlags(CLI::App& app, TypedFlags& typed) {
  app.add_option("INPUT", typed.inputs);
  app.option_defaults()->group("Input");
  AddText(app, "--input-format", typed.input_format, "FORM",
          "lines, csv, zone (of a registry), or auto: by name\n"
          "and first octets; .gz and .zst in any case [auto]");
  AddText(app, "--column", typed.column, "COLUMN",
          "CSV column with the domain, by name or number; not\n"
          "needed for rank,domain lists");
  AddText(app, "--skip", typed.skip, "N", "pass over the first N lines");
  AddText(app, "--limit", typed.limit, "N", "read at most N lines");
  AddText(app, "--shard", typed.shard, "I/N",
          "of these, only lines whose number is I modulo N,\n"
          "with I from 0 to N-1");
  app.add_flag("--unique", typed.unique,
               "one row for equal domains; takes up to 40 bytes of\n"
               "memory for each domain, 2.3 GB for 100 million");
  app.add_flag("--extract-host", typed.extract_host,
               "take the domain out of URLs and e-mail addresses");
}

void AddScanFlags(CLI::App& app, TypedFlags& typed) {
  AddInputFlags(app, typed);
  app.option_defaults()->group("Output");
  app.add_option("-o,--output", typed.outputs,
                 "write rows to PATH, also several times [stdout]")
      ->option_text("PATH")
      ->type_name("PATH")
      ->allow_extra_args(false)
      ->take_all();
  AddText(app, "--format", typed.format, "FORMAT",
          "csv, ndjson or parquet, where the name of the output\n"
          "does not say [csv]; .gz and .zst compress text");
  app.add_flag("--bloom", typed.bloom_filter,
               "in Parquet, a Bloom filter on domain");
  app.add_flag("--ordered", typed.ordered,
               "rows in input order; one that is late holds up the\n"
               "rest [as they finish]");
  AddText(app, "--summary", typed.summary, "PATH",
          "write counts and shares to PATH as JSON");
  app.option_defaults()->group("Upstream");
  AddText(app, "-r,--resolvers", typed.resolvers, "LIST",
          "recursive resolvers: ip, ip:port, [v6]:port with\n"
          "commas between, or @FILE [the system's]");
  AddText(app, "--rate", typed.rate, "QPS",
          "at most this many queries per second, as 500 or 5k");
  AddText(app, "--window", typed.window, "N",
          "at most this many questions in flight [20000]");
  AddText(app, "--attempts", typed.attempts, "N",
          "tries per question [5 where a server spoke, else 10]");
  AddText(app, "--timeout", typed.timeout, "MS",
          "first time-out in milliseconds, then adaptive [1000]");
  AddThreads(app, typed);
  app.option_defaults()->group("What is asked");
  app.add_flag("--no-addresses", typed.no_addresses,
               "do not look up the addresses of exchanges");
  app.add_flag("--no-implicit", typed.no_implicit,
               "do not look up a domain's own address without MX");
  AddScreenFlags(app, typed);
}

void AddDemoFlags(CLI::App& app, TypedFlags& typed) {
  app.add_option("DIR", typed.directory);
  app.option_defaults()->group("Screen");
  AddThreads(app, typed);
  AddScreenFlags(app, typed);
}

// `--rate=`, where CLI11 would take the next word for the value.
bool LacksValue(std::string_view argument) {
  return argument.starts_with("--") &&
         argument.find('=') == argument.size() - 1;
}

// CLI11 throws; nobody else does.
absl::Status ParseWith(CLI::App& app, std::vector<std::string> arguments) {
  const auto lacking = std::ranges::find_if(arguments, LacksValue);
  if (lacking != arguments.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat(*lacking, ": give a value; see mxscan --help"));
  }
  std::ranges::reverse(arguments);  // As CLI11 wants them.
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ExtrasError&) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", app.remaining().front(), "' is unknown; see mxscan --help"));
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(error.what(), "; see mxscan --help"));
  }
  return absl::OkStatus();
}

std::unique_ptr<CLI::App> MakeApp(const std::string& page) {
  auto app = std::make_unique<CLI::App>(page);
  app->set_help_flag();  // Ours is a flag like the others.
  app->formatter(std::make_shared<PageFormatter>());
  return app;
}

absl::StatusOr<Command> ParseScan(const std::vector<std::string>& arguments,
                                  const Environment& environment) {
  TypedFlags typed;
  const std::unique_ptr<CLI::App> app = MakeApp(kScanPage);
  app->footer(kScanExamples);
  AddScanFlags(*app, typed);
  absl::Status parsed = ParseWith(*app, arguments);
  if (!parsed.ok()) return parsed;
  const bool bare = arguments.empty() && environment.stdin_is_terminal;
  if (typed.help || bare) return PrintPlan{Page(*app)};
  if (typed.version) return PrintPlan{"mxscan " MXSCAN_VERSION "\n"};
  return MakeScanPlan(typed, environment);
}

absl::StatusOr<Command> ParseDemo(const std::vector<std::string>& arguments,
                                  const Environment& environment) {
  TypedFlags typed;
  const std::unique_ptr<CLI::App> app = MakeApp(kDemoPage);
  AddDemoFlags(*app, typed);
  absl::Status parsed = ParseWith(*app, arguments);
  if (!parsed.ok()) return parsed;
  if (typed.help) return PrintPlan{Page(*app)};
  if (typed.version) return PrintPlan{"mxscan " MXSCAN_VERSION "\n"};
  return MakeDemoPlan(typed, environment);
}

}  // namespace

Environment Environment::OfThisProcess() {
  Environment environment;
  environment.stdin_is_terminal = isatty(STDIN_FILENO) == 1;
  environment.cores =
      std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return environment;
}

absl::StatusOr<Command> ParseFlags(const std::vector<std::string>& arguments,
                                   const Environment& environment) {
  if (arguments.empty()) return ParseScan(arguments, environment);
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (arguments.front() == "demo") return ParseDemo(rest, environment);
  if (arguments.front() == "scan") return ParseScan(rest, environment);
  return ParseScan(arguments, environment);
}

}  // namespace mxscan
