// NameServer is a name server for tests, demonstrations and benchmarks: it
// plays a recursive resolver on loopback addresses, over UDP and TCP, from
// records at hand (a Zone, a World), well or with the faults it is told to
// make. It answers nobody off loopback, prints nothing, and asks no one.
//
//   Zone zone;
//   ...
//   NameServerOptions options;
//   options.sources = {&zone};
//   auto server = NameServer::Start(std::move(options));
//   ... (*server)->endpoints().front() ...
//
// It runs on threads of its own from Start until it is destroyed. All methods
// may be called from any thread.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "resolver/address.h"
#include "scanner/demo/fault_rules.h"
#include "scanner/demo/record_source.h"
#include "scanner/demo/server_counts.h"

namespace mxscan {

// Reads an endpoint as Endpoint::FromText does, and port 0 too.
std::optional<Endpoint> ListenEndpointFromText(std::string_view text);

struct NameServerOptions {
  // Where to listen, 127.0.0.0/8 or ::1; port 0 takes a free one, the same
  // for UDP and TCP. Empty: 127.0.0.1 and a free port.
  std::vector<Endpoint> endpoints;
  // Asked in their order until one knows the name. They must outlive the
  // server and not change.
  std::vector<const RecordSource*> sources;
  std::vector<FaultRule> faults;
  uint64_t seed = 1;
  int threads = 1;  // Each serves every so many'th endpoint.
  // Answer one step of an alias chain only, so that clients must ask again.
  bool one_alias_step = false;
  bool authoritative = false;  // Set AA.
  // Count by name and type; memory grows with the names asked.
  bool count_questions = false;
  // Count when queries came, for Peaks; memory grows with time.
  bool count_arrivals = false;
};

class NameServer {
 public:
  // InvalidArgument for an endpoint off loopback; Unavailable for one that is
  // taken.
  static absl::StatusOr<std::unique_ptr<NameServer>> Start(
      NameServerOptions options);

  ~NameServer();

  // Those of the options, in their order, with their ports.
  const std::vector<Endpoint>& endpoints() const { return endpoints_; }

  // Everything since the start, over all threads.
  ServerCounts Counts() const;

 private:
  struct Threads;

  NameServer();

  std::vector<Endpoint> endpoints_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace mxscan
