#include "scanner/commands/demo_command.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "output/run_summary.h"
#include "scanner/commands/scan_command.h"
#include "scanner/demo/demo_world.h"
#include "scanner/demo/name_server.h"

namespace mxscan {
namespace {

namespace fs = std::filesystem;

constexpr size_t kProvidersShown = 15;
constexpr size_t kUnsettledShown = 10;

// Statuses that leave open whether the domain takes mail.
constexpr std::string_view kUnsettled[] = {"indeterminate", "servfail",
                                           "refused", "timeout", "malformed"};

absl::Status WriteDomains(const DemoWorld& world, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return absl::UnknownError(absl::StrCat(
        "cannot make the folder ", folder.string(), ": ", error.message()));
  }
  const fs::path path = folder / "domains.txt";
  std::ofstream file(path);
  for (const std::string& domain : world.domains()) file << domain << '\n';
  if (file.flush()) return absl::OkStatus();
  return absl::UnknownError(
      absl::StrCat("cannot write ", path.string(),
                   ": give a folder that is writable and has room"));
}

ScanPlan PlanFor(const DemoPlan& demo, const Endpoint& server) {
  const fs::path folder = demo.directory;
  ScanPlan plan;
  plan.inputs = {{ResolvedInput::Kind::kFile, folder / "domains.txt"}};
  plan.resolvers = {server};
  plan.checks = demo.checks;
  plan.threads = demo.threads;
  plan.outputs = {{folder / "rows.csv", {Format::kCsv}},
                  {folder / "rows.ndjson", {Format::kNdjson}}};
  plan.summary_path = folder / "summary.json";
  plan.report_path = folder / "report.html";
  plan.progress = demo.progress;
  plan.quiet = demo.quiet;
  plan.verbose = demo.verbose;
  plan.final_table = false;  // The demo has one of its own.
  return plan;
}

void PrintProviders(const nlohmann::json& summary) {
  std::printf("\n%-32s %8s %7s\n", "provider", "domains", "share");
  size_t shown = 0;
  for (const nlohmann::json& provider : summary["providers"]) {
    if (shown++ == kProvidersShown) break;
    const std::string id = provider["id"];
    std::printf("%-32s %8" PRId64 " %6.1f%%\n", id.c_str(),
                provider["domains"].get<int64_t>(),
                100 * provider["share"].get<double>());
  }
}

// Every name whose row leaves its mail open, the first of them by name.
void PrintUnsettled(const fs::path& rows) {
  std::vector<std::string> lines;
  std::ifstream file(rows);
  for (std::string text; std::getline(file, text);) {
    const nlohmann::json row = nlohmann::json::parse(text, nullptr, false);
    const std::string status = row.value("status", "");
    if (std::ranges::count(kUnsettled, status) == 0) continue;
    char line[kMaxNameText];
    std::snprintf(line, sizeof line, "%-40s %s",
                  row["domain"].get<std::string>().c_str(), status.c_str());
    lines.emplace_back(line);
  }
  std::ranges::sort(lines);
  std::printf("\n%zu names could not be settled", lines.size());
  std::printf(lines.empty() ? "\n" : ":\n");
  for (size_t i = 0; i < std::min(lines.size(), kUnsettledShown); ++i) {
    std::printf("  %s\n", lines[i].c_str());
  }
  if (lines.size() > kUnsettledShown) std::printf("  ...\n");
}

absl::Status PrintResults(const fs::path& folder) {
  std::ifstream file(folder / "summary.json");
  const nlohmann::json summary = nlohmann::json::parse(file, nullptr, false);
  if (summary.is_discarded()) {
    return absl::InternalError("the summary just written is not JSON");
  }
  std::printf("%" PRId64
              " domains in %.1f s. Rows, summary and report are in %s:\n",
              summary["domains"]["total"].get<int64_t>(),
              summary["elapsed_s"].get<double>(), folder.c_str());
  std::printf(
      "  domains.txt  rows.csv  rows.ndjson  summary.json  report.html\n");
  PrintProviders(summary);
  PrintUnsettled(folder / "rows.ndjson");
  return absl::OkStatus();
}

absl::StatusOr<int> RunDemo(const DemoPlan& demo) {
  const absl::StatusOr<DemoWorld> world = DemoWorld::Make();
  if (!world.ok()) return world.status();
  const fs::path folder = demo.directory;
  if (absl::Status status = WriteDomains(*world, folder); !status.ok()) {
    return status;
  }
  NameServerOptions options;
  world->Configure(options);
  const absl::StatusOr<std::unique_ptr<NameServer>> server =
      NameServer::Start(std::move(options));
  if (!server.ok()) return server.status();
  const int code = ScanCommand(PlanFor(demo, (*server)->endpoints().front()));
  if (code != 0) return code;
  if (absl::Status status = PrintResults(folder); !status.ok()) return status;
  return 0;
}

}  // namespace

int DemoCommand(const DemoPlan& plan) {
  const absl::StatusOr<int> code = RunDemo(plan);
  if (code.ok()) return *code;
  const std::string message(code.status().message());
  std::fprintf(stderr, "mxscan: %s\n", message.c_str());
  return 1;
}

}  // namespace mxscan
