// name_server_load [SECONDS] [LOOPBACK_DNS FLAG...]: how many answers the
// embedded name server gives per second of its processor time. The server runs
// as a process of its own; this one asks it for MX and A records of the
// generated world, a window at a time, and parses nothing.

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "bench/support/batch_asker.h"
#include "resolver/wire/query_writer.h"
#include "scanner/demo/world.h"

namespace mxscan {
namespace {

constexpr uint64_t kDomains = 1'000'000;
constexpr int kQueries = 1 << 15;  // Asked in turn.

struct Child {
  pid_t pid = -1;
  FILE* output = nullptr;
};

Child StartServer(const std::string& program, int argc, char** argv) {
  std::array<int, 2> pipe_ends;
  if (pipe(pipe_ends.data()) != 0) return {};
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    const std::string domains = std::to_string(kDomains);
    std::vector<const char*> arguments = {program.c_str(), "--world",
                                          domains.c_str()};
    arguments.insert(arguments.end(), argv, argv + argc);
    arguments.push_back(nullptr);
    execv(program.c_str(), const_cast<char* const*>(arguments.data()));
    _exit(127);
  }
  close(pipe_ends[1]);
  return {pid, fdopen(pipe_ends[0], "r")};
}

// MX of a domain, A of its first exchange, and so on.
PacketList MakeQueries() {
  const World world({.domains = kDomains});
  PacketList queries;
  uint8_t packet[kMaxQueryOctets];
  for (uint64_t i = 0; queries.size() < kQueries; ++i) {
    Question question;
    question.name = world.DomainName(i * 7919 % kDomains);
    World::Site site;
    world.Describe(question.name, site);
    for (const RrType type : {RrType::kMx, RrType::kA}) {
      if (type == RrType::kA && site.exchange_count > 0) {
        question.name = site.exchanges[0].host;
      }
      question.type = type;
      QueryOptions options;
      options.id = static_cast<uint16_t>(queries.size());
      queries.Add(packet, WriteQuery(question, options, packet));
    }
  }
  return queries;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) / 1e6;
}

int Main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
  std::string program(argv[0]);
  program = program.substr(0, program.rfind('/') + 1) + "loopback_dns";
  const Child server = StartServer(program, std::max(0, argc - 2), argv + 2);
  std::array<char, 256> line{};
  if (server.pid < 0 ||
      std::fgets(line.data(), line.size(), server.output) == nullptr) {
    std::fprintf(stderr, "cannot start %s\n", program.c_str());
    return 1;
  }
  std::string address(line.data());
  address = address.substr(0, address.find_first_of(",\n"));
  BatchAsker asker(*Endpoint::FromText(address), BatchAskerOptions());
  PacketList queries = MakeQueries();
  const auto endless = std::numeric_limits<int64_t>::max();
  const int64_t replies = asker.Ask(queries, endless, seconds).replies;
  kill(server.pid, SIGTERM);
  rusage usage{};
  wait4(server.pid, nullptr, 0, &usage);
  const double user = Seconds(usage.ru_utime);
  const double system = Seconds(usage.ru_stime);
  const double count = static_cast<double>(replies);
  std::printf(
      "%.0f answers/s; server: %.2f us of processor an answer (%.2f user), "
      "%.0f answers per processor second, %ld KiB at most\n",
      count / seconds, (user + system) / count * 1e6, user / count * 1e6,
      count / (user + system), usage.ru_maxrss);
  return 0;
}

}  // namespace
}  // namespace mxscan

int main(int argc, char** argv) { return mxscan::Main(argc, argv); }
