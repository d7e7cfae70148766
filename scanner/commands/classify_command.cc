#include "scanner/commands/classify_command.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "scanner/commands/exit_codes.h"
#include "scanner/commands/host_rows.h"
#include "scanner/commands/signals.h"
#include "scanner/input/inputs.h"
#include "scanner/tables/provider_data.h"

namespace mxscan {
namespace {

// How long rows wait when no more input comes.
constexpr std::chrono::milliseconds kTick(200);

using Tables = std::vector<std::unique_ptr<TextTable>>;

absl::StatusOr<Tables> OpenTables(const ClassifyPlan& plan) {
  const SignalsEndAll while_opening;
  Tables tables;
  for (const TableFile& file : plan.outputs) {
    absl::StatusOr<std::unique_ptr<TextTable>> table =
        TextTable::Open(file.path, file.form, HostRows::kColumns);
    if (!table.ok()) return table.status();
    tables.push_back(*std::move(table));
  }
  return tables;
}

absl::Status Finish(const Tables& tables) {
  absl::Status first;
  for (const auto& table : tables) first.Update(table->Finish());
  return first;
}

// Runs `rows` on a thread of its own, and meanwhile hears signals and lets no
// row wait for long. True if a signal ended it.
absl::StatusOr<bool> RunWatched(HostRows& rows, DomainSource& source,
                                SignalWatch& signals) {
  absl::Status status;
  std::atomic<bool> running{true};
  std::thread worker([&] {
    status = rows.Run();
    running = false;
    signals.Ring();
  });
  bool interrupted = false;
  while (running) {
    const SignalWatch::Event event = signals.Wait(kTick);
    if (event == SignalWatch::Event::kSignal) {
      if (interrupted) _exit(kExitSecondSignal);
      interrupted = true;
      source.Stop();
    } else if (event == SignalWatch::Event::kNothing && !interrupted) {
      rows.Flush().IgnoreError();  // The worker meets the same error.
    }
  }
  worker.join();
  if (!status.ok()) return status;
  return interrupted;
}

absl::StatusOr<int> Classify(const ClassifyPlan& plan, SignalWatch& signals) {
  const absl::StatusOr<ProviderData> data = OpenProviderData(plan.data);
  if (!data.ok()) return data.status();
  const absl::StatusOr<std::unique_ptr<DomainSource>> source =
      OpenSources(plan.inputs, plan.reading);
  if (!source.ok()) return source.status();
  const absl::StatusOr<Tables> tables = OpenTables(plan);
  if (!tables.ok()) return tables.status();
  Classifier classifier({.table = &data->table, .suffixes = &data->suffixes});
  HostRows rows(**source, classifier, *tables);
  const absl::StatusOr<bool> interrupted = RunWatched(rows, **source, signals);
  absl::Status finished = Finish(*tables);
  if (!interrupted.ok()) return interrupted.status();
  if (!finished.ok()) return finished;
  if (const std::string notice = (*source)->Notice();
      !notice.empty() && !plan.quiet) {
    std::fprintf(stderr, "mxscan: %s\n", notice.c_str());
  }
  if (!*interrupted) return 0;
  std::fprintf(stderr, "mxscan: interrupted; %" PRId64 " rows are whole\n",
               rows.rows());
  return kExitInterrupted;
}

}  // namespace

int ClassifyCommand(const ClassifyPlan& plan) {
  absl::StatusOr<SignalWatch> signals = SignalWatch::Begin();
  if (!signals.ok()) return ReportFailure(signals.status());
  const absl::StatusOr<int> code = Classify(plan, *signals);
  return code.ok() ? *code : ReportFailure(code.status());
}

}  // namespace mxscan
