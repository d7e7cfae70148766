// loopback_dns: the embedded name server as a program of its own.

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "scanner/demo/demo_world.h"
#include "scanner/demo/loopback_flags.h"
#include "scanner/demo/name_server.h"
#include "scanner/demo/world.h"
#include "scanner/demo/world_truth.h"
#include "scanner/demo/zone.h"

namespace mxscan {
namespace {

constexpr size_t kFlushOctets = 1 << 16;

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "loopback_dns: %s\n",
               std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument ? 2 : 1;
}

absl::Status LoadZones(const LoopbackPlan& plan, Zone& zone) {
  for (const std::string_view path : plan.zone_files) {
    std::ifstream file{std::string(path)};
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open()) {
      return absl::NotFoundError(
          absl::StrCat("cannot read ", std::string(path)));
    }
    if (absl::Status added = zone.AddText(path, text); !added.ok()) {
      return added;
    }
  }
  return absl::OkStatus();
}

int PrintDemo(const DemoWorld& demo) {
  for (const std::string& domain : demo.domains()) std::puts(domain.c_str());
  return std::fflush(stdout) == 0 ? 0 : 1;
}

int PrintWorld(const LoopbackPlan& plan) {
  const World world(plan.world);
  std::string out;
  for (uint64_t i = 0; i < world.size(); ++i) {
    if (plan.task == LoopbackTask::kPrintTruth) {
      AppendNdjson(static_cast<int64_t>(i) + 1, TruthOf(world, i), out);
    } else {
      AppendText(world.DomainName(i), out);
      out.push_back('\n');
    }
    if (out.size() < kFlushOctets && i + 1 < world.size()) continue;
    if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size()) return 1;
    out.clear();
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}

// Returns when SIGINT or SIGTERM comes, or, if so asked, when standard input
// ends. REQUIRES: both signals are blocked.
void WaitForTheEnd(const sigset_t& signals, bool watch_stdin) {
  pollfd wanted[] = {{signalfd(-1, &signals, SFD_CLOEXEC), POLLIN, 0},
                     {watch_stdin ? STDIN_FILENO : -1, POLLIN, 0}};
  while (true) {
    if (poll(wanted, 2, -1) < 0) continue;
    if (wanted[0].revents != 0) return;
    char ignored[512];
    if (wanted[1].revents != 0 &&
        read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0) {
      return;
    }
  }
}

// `demo` is null when it is not wanted.
int Serve(LoopbackPlan plan, const DemoWorld* demo) {
  // Before any thread is started, so that none of them takes a signal.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);

  Zone zone;
  if (absl::Status loaded = LoadZones(plan, zone); !loaded.ok()) {
    return Fail(loaded);
  }
  const World world(plan.world);
  plan.server.sources = {&zone, &world};
  if (demo != nullptr) demo->Configure(plan.server);
  const auto server = NameServer::Start(std::move(plan.server));
  if (!server.ok()) return Fail(server.status());
  std::string addresses;
  for (const Endpoint& endpoint : (*server)->endpoints()) {
    absl::StrAppend(&addresses, addresses.empty() ? "" : ",", ToText(endpoint));
  }
  std::printf("%s\n", addresses.c_str());
  std::fflush(stdout);
  WaitForTheEnd(signals, plan.exit_with_stdin);
  std::printf("%s\n", ToJson((*server)->Counts()).c_str());
  return 0;
}

}  // namespace

int LoopbackMain(int argc, char** argv) {
  absl::StatusOr<LoopbackPlan> plan =
      ParseLoopbackFlags({argv + 1, static_cast<size_t>(argc - 1)});
  if (!plan.ok()) return Fail(plan.status());
  if (plan->task == LoopbackTask::kHelp) {
    std::fwrite(kLoopbackHelp.data(), 1, kLoopbackHelp.size(), stdout);
    return 0;
  }
  absl::StatusOr<DemoWorld> demo = DemoWorld::Make();
  if (!demo.ok()) return Fail(demo.status());
  if (plan->task == LoopbackTask::kServe) {
    return Serve(*std::move(plan), plan->demo ? &*demo : nullptr);
  }
  const bool print_demo =
      plan->demo && plan->task == LoopbackTask::kPrintDomains;
  return print_demo ? PrintDemo(*demo) : PrintWorld(*plan);
}

}  // namespace mxscan

int main(int argc, char** argv) { return mxscan::LoopbackMain(argc, argv); }
