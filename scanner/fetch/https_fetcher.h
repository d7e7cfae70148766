// HttpsFetcher fetches small files over HTTPS, on one loop: a request goes in,
// exactly one FetchAnswer comes out. It is made for hosts that strangers have
// named, so whatever they do is bounded, and nothing is done for them but one
// GET:
//
// - It connects to the addresses of the request and to no others; nobody is
//   asked for the name's. Special-purpose addresses (special_addresses.h) are
//   connected to only if the options allow it. The socket itself is refused
//   otherwise, whatever libcurl may have in mind.
// - The certificate must be valid for the host, and of a known authority; TLS
//   1.2 or later, HTTP/1.1, one connection for each file.
// - No redirect is followed, no proxy of the environment asked, no cookie or
//   password sent.
// - At most kMaxBody octets of a body are read, and as many of what stands
//   before it; of a status other than 200, no body.
// - kAtOnce files at a time, the rest in the order of asking. Each takes the
//   options' whole_limit at most once begun, so that LatestEnd() bounds them
//   all.
//
// One thread: that of its loop, which a handshake holds up for a millisecond.

#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "resolver/address.h"
#include "resolver/net/loop.h"
#include "scanner/fetch/fetch_answer.h"
#include "scanner/fetch/https_client.h"

namespace mxscan {

// Views need to hold for the call only.
struct FetchRequest {
  std::string_view host;  // A name of letters, digits, `-`, `_` and dots.
  std::string_view path;  // `/...`
  absl::Span<const IpAddress> addresses;  // Of that host; at least one.
};

class FetchReceiver {
 public:
  // Never from inside Fetch. More may be fetched from inside the call.
  virtual void OnFile(uint64_t token, const FetchAnswer& answer) noexcept = 0;

 protected:
  ~FetchReceiver() = default;
};

class HttpsFetcher {
 public:
  static constexpr int kAtOnce = 128;
  static constexpr size_t kMaxBody = 64 << 10;
  // Of a host, more than these are not tried.
  static constexpr size_t kMaxAddresses = 8;

  // Both must outlive the fetcher, and the fetcher the loop's last turn.
  static absl::StatusOr<std::unique_ptr<HttpsFetcher>> Open(
      const HttpsClient& client, Loop& loop);
  // What was not answered never is.
  ~HttpsFetcher();

  // `receiver` must outlive the answer.
  void Fetch(const FetchRequest& request, FetchReceiver& receiver,
             uint64_t token);

  // When the last of those asked for ends at the latest, by the loop's time;
  // in the past when all have.
  Nanos LatestEnd() const;

 private:
  class State;

  explicit HttpsFetcher(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace mxscan
