// What came of fetching a file over HTTPS. What the network did is a value.
// Plain data; any thread.

#pragma once

#include <cstdint>
#include <string_view>

namespace mxscan {

enum class FetchOutcome : uint8_t {
  // Definitive: what the host said, and how it showed who it is, settled it.
  kFile,                // Status 200, and all of the body.
  kStatus,              // Another status.
  kRedirect,            // A status of 300 to 399, which nobody followed.
  kTooLarge,            // Status 200, and more than is read.
  kNotHttp,             // What came is not HTTP.
  kCertificateExpired,  // Or not valid yet.
  kCertificateName,     // It is for other names.
  kCertificateIssuer,   // It leads to no authority that is trusted.
  kNoTls,               // There is no TLS to be had with that name.
  kNoPublicAddress,     // Nobody was asked: the addresses are special ones.
  // Not definitive: unknown, which is never the same as absent.
  kTryLater,     // A status that says so: 408, 425, 429, or 500 and more.
  kUnreachable,  // No connection, or it broke, or it took too long.
};

constexpr bool IsDefinitive(FetchOutcome outcome) {
  return outcome <= FetchOutcome::kNoPublicAddress;
}

// Views hold for the call in which it comes.
struct FetchAnswer {
  std::string_view host;  // That was asked.
  FetchOutcome outcome = FetchOutcome::kUnreachable;
  int status = 0;         // Of HTTP; 0 when there was none.
  std::string_view body;  // Of kFile.
};

}  // namespace mxscan
