#include "scanner/demo/name_server.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

#include "scanner/demo/recursor.h"
#include "scanner/demo/server_thread.h"

namespace mxscan {
namespace {

// How often a free UDP port may turn out to be taken for TCP.
constexpr int kPortTries = 32;

Endpoint DefaultEndpoint() {
  return {IpAddress{IpAddress::Family::kV4, {127, 0, 0, 1}}, 0};
}

bool RefusesTcp(const std::vector<FaultRule>& faults,
                const Endpoint& endpoint) {
  return std::ranges::any_of(faults, [&](const FaultRule& rule) {
    return rule.kind == FaultKind::kTcpRefuse &&
           (!rule.address || *rule.address == endpoint.address) &&
           (rule.port == 0 || rule.port == endpoint.port);
  });
}

absl::StatusOr<ServedSockets> Open(const Endpoint& wanted, int index,
                                   const std::vector<FaultRule>& faults) {
  absl::Status status;
  for (int tries = 0; tries < kPortTries; ++tries) {
    absl::StatusOr<Descriptor> udp = BindUdp(wanted);
    if (!udp.ok()) return udp.status();
    ServedSockets sockets{index, BoundEndpoint(*udp), *std::move(udp), {}};
    if (RefusesTcp(faults, sockets.endpoint)) return sockets;
    absl::StatusOr<Descriptor> tcp = ListenTcp(sockets.endpoint);
    if (tcp.ok()) {
      sockets.tcp = *std::move(tcp);
      return sockets;
    }
    status = tcp.status();
    if (wanted.port != 0) break;
  }
  return status;
}

}  // namespace

std::optional<Endpoint> ListenEndpointFromText(std::string_view text) {
  constexpr std::string_view kAnyPort = ":0";
  if (!text.ends_with(kAnyPort) || text.ends_with("::0")) {
    return Endpoint::FromText(text);
  }
  // With a port that means nothing, an endpoint of any kind can be read.
  text.remove_suffix(kAnyPort.size());
  std::optional<Endpoint> endpoint =
      Endpoint::FromText(std::string(text) + ":1");
  if (endpoint) endpoint->port = 0;
  return endpoint;
}

struct NameServer::Threads {
  Threads(std::vector<const RecordSource*> sources, Recursor::Options options)
      : recursor(std::move(sources), options) {}

  Recursor recursor;
  std::atomic<int64_t> first_asked{0};
  std::vector<std::unique_ptr<ServerThread>> running;
};

NameServer::NameServer() = default;
NameServer::~NameServer() = default;

absl::StatusOr<std::unique_ptr<NameServer>> NameServer::Start(
    NameServerOptions options) {
  std::unique_ptr<NameServer> server(new NameServer);
  if (options.endpoints.empty()) options.endpoints = {DefaultEndpoint()};
  const int count = std::clamp(options.threads, 1,
                               static_cast<int>(options.endpoints.size()));
  std::vector<std::vector<ServedSockets>> sockets(count);
  for (const Endpoint& wanted : options.endpoints) {
    const int index = static_cast<int>(server->endpoints_.size());
    absl::StatusOr<ServedSockets> opened = Open(wanted, index, options.faults);
    if (!opened.ok()) return opened.status();
    server->endpoints_.push_back(opened->endpoint);
    sockets[index % count].push_back(*std::move(opened));
  }
  server->threads_ = std::make_unique<Threads>(
      std::move(options.sources),
      Recursor::Options{options.one_alias_step, options.authoritative});
  Threads& threads = *server->threads_;
  for (int i = 0; i < count; ++i) {
    FaultDealer dealer(options.faults, options.seed, options.seed + i);
    threads.running.push_back(std::make_unique<ServerThread>(
        std::move(sockets[i]),
        Responder(threads.recursor, std::move(dealer), options.count_questions),
        threads.first_asked, options.count_arrivals));
  }
  return server;
}

ServerCounts NameServer::Counts() const {
  ServerCounts all;
  for (const auto& thread : threads_->running) all.Add(thread->Counts());
  return all;
}

}  // namespace mxscan
