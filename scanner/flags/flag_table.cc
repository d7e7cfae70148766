#include "scanner/flags/flag_table.h"

namespace mxscan {
namespace {

using enum FlagGroup;
using enum FlagLevel;

constexpr Flag kFlags[] = {
    // Input.
    {.name = "--input-format",
     .argument = "FORM",
     .group = kInput,
     .commands = kScan | kClassify,
     .words = "auto lines csv zone",
     .help = "lines, csv, zone (of a registry), or auto: by name and first "
             "octets; .gz and .zst in any case [auto]",
     .into = &TypedFlags::input_format},
    {.name = "--column",
     .argument = "COLUMN",
     .group = kInput,
     .level = kBasic,
     .commands = kScan | kClassify,
     .help = "CSV column with the domain, by name or number; not needed for "
             "rank,domain lists",
     .into = &TypedFlags::column},
    {.name = "--skip",
     .argument = "N",
     .group = kInput,
     .commands = kScan | kClassify,
     .help = "pass over the first N lines",
     .into = &TypedFlags::skip},
    {.name = "--limit",
     .argument = "N",
     .group = kInput,
     .level = kBasic,
     .commands = kScan | kClassify,
     .help = "read at most N lines",
     .into = &TypedFlags::limit},
    {.name = "--shard",
     .argument = "I/N",
     .group = kInput,
     .commands = kScan | kClassify,
     .help = "of these, only lines whose number is I modulo N, with I from 0 "
             "to N-1",
     .into = &TypedFlags::shard},
    {.name = "--unique",
     .group = kInput,
     .commands = kScan | kClassify,
     .help = "one row for equal domains; takes up to 40 bytes of memory for "
             "each domain, 2.3 GB for 100 million",
     .into = &TypedFlags::unique},
    {.name = "--extract-host",
     .group = kInput,
     .commands = kScan | kClassify,
     .help = "take the domain out of URLs and e-mail addresses",
     .into = &TypedFlags::extract_host},

    // Output.
    {.name = "--output",
     .letter = 'o',
     .argument = "PATH",
     .group = kOutput,
     .level = kBasic,
     .commands = kScan | kClassify | kMerge,
     .help = "write rows to PATH, also several times; a dataset where PATH "
             "ends in / [stdout]",
     .into = &TypedFlags::outputs},
    {.name = "--format",
     .argument = "FORMAT",
     .group = kOutput,
     .level = kBasic,
     .commands = kScan,
     .words = "csv ndjson parquet",
     .help = "csv, ndjson or parquet, where the name of the output does not "
             "say [csv; parquet in a dataset]; .gz and .zst compress text",
     .into = &TypedFlags::format},
    {.name = "--format",
     .argument = "FORMAT",
     .group = kOutput,
     .level = kBasic,
     .commands = kClassify | kProviders,
     .words = "csv tsv ndjson",
     .help = "csv, tsv or ndjson, where no name of an output says [classify: "
             "csv; providers: a table for people on a terminal, else tsv]",
     .into = &TypedFlags::format},
    {.name = "--layout",
     .argument = "LAYOUT",
     .group = kOutput,
     .commands = kScan,
     .help = "nested, a row for each domain, or long, one for each address of "
             "each exchange [nested]",
     .into = &TypedFlags::layout},
    {.name = "--rows-per-part",
     .argument = "N",
     .group = kOutput,
     .commands = kScan,
     .help = "rows in each file of a dataset [1m]",
     .into = &TypedFlags::rows_per_part},
    {.name = "--bloom",
     .group = kOutput,
     .commands = kScan,
     .help = "in Parquet, a Bloom filter on domain",
     .into = &TypedFlags::bloom_filter},
    {.name = "--ordered",
     .group = kOutput,
     .commands = kScan,
     .help = "rows in input order; one that is late holds up the rest [as they "
             "finish]",
     .into = &TypedFlags::ordered},
    {.name = "--summary",
     .argument = "PATH",
     .group = kOutput,
     .level = kBasic,
     .commands = kScan,
     .help = "write counts and shares to PATH as JSON",
     .into = &TypedFlags::summary},
    {.name = "--resume",
     .group = kOutput,
     .level = kBasic,
     .commands = kScan,
     .help = "go on with an interrupted run, whose journal is beside the "
             "output; without one, begin",
     .into = &TypedFlags::resume},
    {.name = "--checkpoint",
     .argument = "MS",
     .group = kOutput,
     .commands = kScan,
     .help = "milliseconds between two moments from which a killed run goes "
             "on; Parquet waits for a whole row group, 150 times that at most "
             "[2000]",
     .into = &TypedFlags::checkpoint},
    {.name = "--address-evidence-out",
     .argument = "FILE",
     .group = kOutput,
     .commands = kScan,
     .help = "what this run learns of providers' addresses, for the next",
     .into = &TypedFlags::address_evidence_out},

    // Upstream.
    {.name = "--resolvers",
     .letter = 'r',
     .argument = "LIST",
     .group = kUpstream,
     .level = kBasic,
     .commands = kScan,
     .help = "recursive resolvers: ip, ip:port, [v6]:port with commas "
             "between, or @FILE [the system's]",
     .into = &TypedFlags::resolvers},
    {.name = "--rate",
     .argument = "QPS",
     .group = kUpstream,
     .level = kBasic,
     .commands = kScan,
     .help = "at most this many queries per second, as 500 or 5k",
     .into = &TypedFlags::rate},
    {.name = "--rate-per-resolver",
     .argument = "QPS",
     .group = kUpstream,
     .commands = kScan,
     .help = "at most this many to each resolver [none, but for well-known "
             "public ones, which are spared]",
     .into = &TypedFlags::rate_per_resolver},
    {.name = "--window",
     .argument = "N",
     .group = kUpstream,
     .commands = kScan,
     .help = "at most this many questions in flight [20000]",
     .into = &TypedFlags::window},
    {.name = "--attempts",
     .argument = "N",
     .group = kUpstream,
     .commands = kScan,
     .help = "tries per question [5 where a server spoke, else 10]; as many "
             "refusals, at most 5, first slow us down and count as none",
     .into = &TypedFlags::attempts},
    {.name = "--timeout",
     .argument = "MS",
     .group = kUpstream,
     .commands = kScan,
     .help = "first time-out in milliseconds, then adaptive [1000]",
     .into = &TypedFlags::timeout},
    {.name = "--receive-buffer",
     .argument = "BYTES",
     .group = kUpstream,
     .commands = kScan,
     .help = "what to ask the kernel for, for each socket; what it grants "
             "bounds what is in flight [4194304]",
     .into = &TypedFlags::receive_buffer},
    {.name = "--threads",
     .argument = "N",
     .group = kUpstream,
     .level = kBasic,
     .commands = kScan | kDemo,
     .help = "threads that scan [one less than there are cores]",
     .into = &TypedFlags::threads},

    // What is asked.
    {.name = "--no-addresses",
     .group = kAsked,
     .commands = kScan,
     .help = "do not look up the addresses of exchanges",
     .into = &TypedFlags::no_addresses},
    {.name = "--no-implicit",
     .group = kAsked,
     .commands = kScan,
     .help = "do not look up a domain's own address without MX",
     .into = &TypedFlags::no_implicit},
    {.name = "--no-backend",
     .group = kAsked,
     .commands = kScan,
     .help = "do not ask whose mailboxes are behind a gateway",
     .into = &TypedFlags::no_backend},

    // Data.
    {.name = "--providers",
     .argument = "FILE",
     .group = kData,
     .commands = kScan | kClassify | kProviders,
     .help = "table of providers in the place of the one that is built in",
     .into = &TypedFlags::providers},
    {.name = "--psl",
     .argument = "FILE",
     .group = kData,
     .commands = kScan | kClassify,
     .help = "Public Suffix List in the place of the system's",
     .into = &TypedFlags::psl},
    {.name = "--address-evidence",
     .argument = "FILE",
     .group = kData,
     .commands = kScan,
     .help = "whose addresses are whose, as --address-evidence-out wrote it",
     .into = &TypedFlags::address_evidence},

    {.name = "--config",
     .argument = "FILE",
     .group = kData,
     .level = kBasic,
     .commands = kScan | kDemo | kClassify | kProviders,
     .help = "flags from a TOML file, as rate = 5000; the environment "
             "(MXSCAN_RATE) and the command line go first",
     .into = &TypedFlags::config},

    // Screen.
    {.name = "--progress",
     .argument = "WHEN",
     .group = kScreen,
     .commands = kScan | kDemo,
     .words = "auto always never",
     .help = "status on stderr: auto, always or never [auto]",
     .into = &TypedFlags::progress},
    {.name = "--quiet",
     .letter = 'q',
     .group = kScreen,
     .level = kBasic,
     .commands = kScan | kDemo | kClassify,
     .help = "no status line, no notices",
     .into = &TypedFlags::quiet},
    {.name = "--version",
     .group = kScreen,
     .level = kBasic,
     .commands = kEveryCommand,
     .only_typed = true,
     .help = "print the version, with those of libraries and tables",
     .into = &TypedFlags::version},
    {.name = "--help",
     .letter = 'h',
     .group = kScreen,
     .level = kBasic,
     .commands = kEveryCommand,
     .only_typed = true,
     .help = "print this help; --help all has every flag",
     .into = &TypedFlags::help},
};

}  // namespace

std::string_view TitleOf(FlagGroup group) {
  switch (group) {
    case kInput: return "Input";
    case kOutput: return "Output";
    case kUpstream: return "Upstream";
    case kAsked: return "What is asked";
    case kData: return "Data";
    case kAudit: return "Audit";
    case kScreen: return "Screen";
  }
  return "";
}

absl::Span<const Flag> FlagTable() { return kFlags; }

}  // namespace mxscan
