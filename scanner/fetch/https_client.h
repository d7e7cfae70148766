// HttpsClient is what all fetches of a run have in common: libcurl, made ready
// for the process; the authorities whose certificates count; and the limits
// within which a file is fetched.
//
// Opened and destroyed by one thread, while no other fetches; constant in
// between, for any thread. There is one at a time.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace mxscan {

struct FetchOptions {
  // Of authorities, PEM; nullopt for those of the system.
  std::optional<std::string> authorities;
  uint16_t port = 443;
  bool allow_private = false;  // Special addresses may be connected to.
  std::string agent;           // As the header User-Agent has it.
  // Until there is TLS, and until all of the file is there. (RFC 8461 §3.3
  // suggests a minute, for senders; who has said nothing by then is unknown.)
  std::chrono::milliseconds connect_limit{5000};
  std::chrono::milliseconds whole_limit{10000};
};

class HttpsClient {
 public:
  // Not OK when the authorities cannot be read.
  static absl::StatusOr<std::unique_ptr<HttpsClient>> Open(
      FetchOptions options);
  ~HttpsClient();
  HttpsClient(const HttpsClient&) = delete;
  HttpsClient& operator=(const HttpsClient&) = delete;

  // With a path for the authorities.
  const FetchOptions& options() const { return options_; }

 private:
  explicit HttpsClient(FetchOptions options);

  FetchOptions options_;
};

}  // namespace mxscan
