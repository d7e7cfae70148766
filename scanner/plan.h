// What the command line asks for, as plain data: flags.h makes it, scan.h and
// demo/ carry it out. Everything in it has been checked, so that whoever gets
// a plan may carry it out as it stands.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "output/check_group.h"
#include "output/open_sink.h"
#include "output/text_table.h"
#include "resolver/address.h"
#include "resolver/wire/name.h"
#include "scanner/input/inputs.h"

namespace mxscan {

// How the status of a run is shown: kAuto redraws one line on a terminal and
// writes a log line now and then elsewhere; kAlways redraws everywhere.
enum class ProgressMode : uint8_t { kAuto, kAlways, kNever };

// How severe a finding must be to give the run an exit code of its own.
enum class FailOn : uint8_t { kNothing, kError, kWarning };

struct OutputFile {
  std::string path;  // "-" is standard output.
  FileFormat format;
  bool has_findings = false;  // In the place of rows.
  bool has_pages = false;     // The same, on a terminal: a page for each row.
};

// Data that the user has put in the place of ours and of the system's.
struct DataPaths {
  std::optional<std::string> providers;         // data/providers.tsv
  std::optional<std::string> psl;               // The Public Suffix List.
  std::optional<std::string> address_evidence;  // Of an earlier run.
  std::optional<std::string> asn;               // An MMDB of networks.
  std::optional<std::string> findings;          // Beside data/findings.tsv.
};

// What may be fetched over HTTPS, and how.
struct FetchPlan {
  bool policies = false;                   // Those of MTA-STS.
  bool allow_private = false;              // From special addresses too.
  std::optional<std::string> authorities;  // PEM; nullopt: the system's.
  int port = 443;
};

// Names by which is seen whether a resolver validates.
struct ProbeNames {
  Name sound = Name();  // The root is signed.
  Name broken = *Name::FromText("dnssec-failed.org");
};

struct ScanPlan {
  std::vector<ResolvedInput> inputs;  // At least one.
  InputOptions reading;

  std::vector<Endpoint> resolvers;  // At least one, no two equal.
  // Nobody named them: they are resolv.conf's.
  bool resolvers_from_system = false;
  double rate = 0;               // Queries per second; 0 for no ceiling.
  double rate_per_resolver = 0;  // The same for each; 0: as is polite.
  int window = 20000;            // Questions in flight at most.
  int64_t cache_bytes = 0;       // Of hosts; 0: a quarter of memory.
  int attempts_spoken = 5;       // Tries where a server spoke,
  int attempts_silent = 10;      // and where all was silence.
  std::chrono::milliseconds timeout{1000};
  int receive_buffer = 4 << 20;  // Octets, for each socket.
  int threads = 1;

  CheckSet checks;              // What is looked into.
  ProbeNames dnssec_probe;      // With dane or dnssec among them.
  FetchPlan fetch;              // With mta-sts among them.
  bool ask_addresses = true;    // A and AAAA of the exchanges.
  bool ask_implicit_mx = true;  // A and AAAA of a domain without MX.
  bool ask_backend = true;      // TXT of a domain behind a gateway.

  // At least one of rows, which is the first, and one of findings at most; no
  // path twice.
  std::vector<OutputFile> outputs;
  bool ordered = false;       // Rows in input order.
  bool bloom_filter = false;  // On `domain`, in Parquet.
  Layout layout = Layout::kNested;
  int64_t rows_per_part = DatasetOptions::kRowsPerPart;  // Of a dataset.
  std::optional<std::string> summary_path;
  std::optional<std::string> report_path;      // The summary as a page;
  std::optional<std::string> compare_path;     // what it is compared with.
  bool resume = false;                         // An interrupted run goes on.
  std::chrono::milliseconds checkpoint{2000};  // How often, at most.
  std::optional<std::string> address_evidence_path;  // To be written.

  DataPaths data;
  FailOn fail_on = FailOn::kNothing;

  ProgressMode progress = ProgressMode::kAuto;
  bool quiet = false;       // Only what went wrong is said.
  bool verbose = false;     // What the run does is said as well; not both.
  bool final_table = true;  // Unless quiet, or for a handful of rows.
};

struct DemoPlan {
  std::string directory;  // Made if it is not there.
  CheckSet checks;
  int threads = 1;
  ProgressMode progress = ProgressMode::kAuto;
  bool quiet = false;
  bool verbose = false;  // Not both.
};

// A file of plain rows, which all have the same few columns.
struct TableFile {
  std::string path = "-";  // "-" is standard output.
  TableForm form = TableForm::kCsv;
};

struct ClassifyPlan {
  std::vector<ResolvedInput> inputs;  // At least one.
  InputOptions reading;
  DataPaths data;
  std::vector<TableFile> outputs;  // At least one, no path twice.
  bool quiet = false;
};

// The list of providers, or all that is known of one.
struct ProvidersPlan {
  std::optional<std::string> id;  // Nullopt for the list.
  std::optional<TableForm> form;  // Nullopt for columns in line, for people.
  DataPaths data;
};

// The page of a summary.
struct ReportPlan {
  std::string summary;                 // "-" is standard input.
  std::optional<std::string> compare;  // An earlier one.
  std::string output = "-";            // "-" is standard output.
};

// What a finding means, or the list of all.
struct ExplainPlan {
  std::optional<std::string> id;  // Nullopt for the list.
  DataPaths data;
};

struct VerifyPlan {
  std::vector<std::string> directories;  // At least one.
};

struct MergePlan {
  std::vector<std::string> directories;  // At least one.
  bool summaries = false;                // They are files of summaries.
  std::string output;
};

// Text for standard output, and nothing else to do: help, or the version.
struct PrintPlan {
  std::string text;
};

}  // namespace mxscan
