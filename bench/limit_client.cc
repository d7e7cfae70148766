// limit_client SERVER QUERIES [--window N] [--sockets N] [--unconnected]
//              [--segmented] [--gro] [--busy-poll US] [--rest-us N]
//
// What the kernel charges: asks SERVER (ip:port) the queries of the file
// QUERIES, one "TYPE name" a line, each once, in batches, and looks at no
// reply. Prints one line of JSON; reading the file and writing the packets are
// not in its figures.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "bench/support/batch_asker.h"
#include "resolver/wire/query_writer.h"

namespace mxscan {
namespace {

RrType TypeOf(std::string_view word) {
  if (word == "A") return RrType::kA;
  if (word == "AAAA") return RrType::kAaaa;
  return RrType::kMx;
}

bool ReadQueries(const char* path, PacketList& packets) {
  std::ifstream file(path);
  std::string type, name;
  uint8_t packet[kMaxQueryOctets];
  while (file >> type >> name) {
    const std::optional<Name> wire = Name::FromText(name);
    if (!wire.has_value()) return false;
    Question question;
    question.name = *wire;
    question.type = TypeOf(type);
    QueryOptions options;
    options.id = static_cast<uint16_t>(packets.size());
    packets.Add(packet, WriteQuery(question, options, packet));
  }
  return packets.size() > 0;
}

bool ReadFlags(int argc, char** argv, BatchAskerOptions& options) {
  for (int i = 3; i < argc; ++i) {
    const std::string_view flag = argv[i];
    const auto value = [&] { return ++i < argc ? std::atoi(argv[i]) : 0; };
    if (flag == "--window") {
      options.window = value();
    } else if (flag == "--sockets") {
      options.sockets = value();
    } else if (flag == "--rest-us") {
      options.rest_us = value();
    } else if (flag == "--unconnected") {
      options.connected = false;
    } else if (flag == "--busy-poll") {
      options.busy_poll_us = value();
    } else if (flag == "--gro") {
      options.coalesced = true;
    } else if (flag == "--segmented") {
      options.segmented = true;
    } else {
      return false;
    }
  }
  return options.window > 0 && options.sockets > 0;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) / 1e6;
}

int Main(int argc, char** argv) {
  BatchAskerOptions options;
  if (argc < 3 || !ReadFlags(argc, argv, options)) {
    std::fprintf(stderr,
                 "usage: limit_client SERVER QUERIES [--window N] "
                 "[--sockets N] [--unconnected] [--segmented] [--gro] "
                 "[--busy-poll US] [--rest-us N]\n");
    return 2;
  }
  const std::optional<Endpoint> server = Endpoint::FromText(argv[1]);
  PacketList packets;
  if (!server.has_value() || !ReadQueries(argv[2], packets)) {
    std::fprintf(stderr, "limit_client: no server, or no queries in %s\n",
                 argv[2]);
    return 1;
  }
  BatchAsker asker(*server, options);
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const auto began = std::chrono::steady_clock::now();
  const BatchAsker::Counts counts =
      asker.Ask(packets, packets.size(), /*seconds=*/600);
  const std::chrono::duration<double> wall =
      std::chrono::steady_clock::now() - began;
  getrusage(RUSAGE_SELF, &after);
  std::printf(
      "{\"sent\":%lld,\"replies\":%lld,\"messages\":%lld,\"calls\":%lld,"
      "\"wall_s\":%.4f,\"user_s\":%.4f,\"sys_s\":%.4f}\n",
      static_cast<long long>(counts.sent),
      static_cast<long long>(counts.replies),
      static_cast<long long>(counts.messages),
      static_cast<long long>(counts.calls), wall.count(),
      Seconds(after.ru_utime) - Seconds(before.ru_utime),
      Seconds(after.ru_stime) - Seconds(before.ru_stime));
  return 0;
}

}  // namespace
}  // namespace mxscan

int main(int argc, char** argv) { return mxscan::Main(argc, argv); }
