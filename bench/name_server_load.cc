// name_server_load [SECONDS] [LOOPBACK_DNS FLAG...]: how many answers the
// embedded name server gives per second of its processor time. The server runs
// as a process of its own; this one asks it for MX and A records of the
// generated world, a window at a time, and parses nothing.

#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "resolver/wire/query_writer.h"
#include "scanner/demo/sockets.h"
#include "scanner/demo/world.h"

namespace mxscan {
namespace {

constexpr uint64_t kDomains = 1'000'000;
constexpr int kQueries = 1 << 15;  // Asked in turn.
constexpr int kWindow = 1024;
constexpr int kBatch = 64;

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
std::vector<std::vector<uint8_t>> MakeQueries() {
  const World world({.domains = kDomains});
  std::vector<std::vector<uint8_t>> queries;
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
      std::vector<uint8_t>& query = queries.emplace_back(kMaxQueryOctets);
      QueryOptions options;
      options.id = static_cast<uint16_t>(queries.size());
      query.resize(WriteQuery(question, options, query.data()));
    }
  }
  return queries;
}

class Asker {
 public:
  explicit Asker(const Endpoint& server) : queries_(MakeQueries()) {
    Endpoint here = server;
    here.port = 0;
    socket_ = *BindUdp(here);
    const SocketAddress to = ToSocketAddress(server);
    connect(socket_.get(), to.get(), to.size);
    for (int i = 0; i < kBatch; ++i) {
      in_parts_[i] = {room_[i].data(), room_[i].size()};
      in_[i].msg_hdr.msg_iov = &in_parts_[i];
      in_[i].msg_hdr.msg_iovlen = 1;
      out_[i].msg_hdr.msg_iov = &out_parts_[i];
      out_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  // Keeps the window full until `seconds` are over; returns the replies.
  int64_t Run(double seconds) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    int64_t replies = 0;
    Clock::time_point heard = Clock::now();
    while (Clock::now() < end) {
      while (sent_ - replies + kBatch <= kWindow) SendBatch();
      const int count = recvmmsg(socket_.get(), in_.data(), kBatch, 0, nullptr);
      if (count > 0) {
        replies += count;
        heard = Clock::now();
      } else if (Clock::now() - heard > std::chrono::milliseconds(200)) {
        sent_ = replies;  // What is missing is lost.
      }
    }
    return replies;
  }

 private:
  void SendBatch() {
    for (int i = 0; i < kBatch; ++i) {
      std::vector<uint8_t>& query = queries_[(sent_ + i) % queries_.size()];
      out_parts_[i] = {query.data(), query.size()};
    }
    const int count = sendmmsg(socket_.get(), out_.data(), kBatch, 0);
    if (count > 0) sent_ += count;
  }

  std::vector<std::vector<uint8_t>> queries_;
  Descriptor socket_;
  int64_t sent_ = 0;
  std::array<mmsghdr, kBatch> in_{};
  std::array<mmsghdr, kBatch> out_{};
  std::array<iovec, kBatch> in_parts_{};
  std::array<iovec, kBatch> out_parts_{};
  std::array<std::array<uint8_t, 4096>, kBatch> room_;
};

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
  const int64_t replies = Asker(*Endpoint::FromText(address)).Run(seconds);
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
