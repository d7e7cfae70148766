#include "scanner/fetch/https_transfer.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scanner/fetch/https_fetcher.h"

namespace mxscan {
namespace {

// What OpenSSL says of a chain (X509_V_ERR_..., x509_vfy.h); unspecified it is
// where the chain was not at fault.
constexpr long kVerified = 0;
constexpr long kUnspecified = 1;
constexpr long kNotYetValid = 9;
constexpr long kExpired = 10;
// OpenSSL's number of its part for TLS, and of what it says when the connection
// just ends: that is the network's, and no fault of TLS.
constexpr uint32_t kTlsLibrary = 20;
constexpr uint32_t kUnexpectedEnd = 294;

constexpr int kOk = 200;

bool SaysTryLater(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

FetchOutcome OutcomeOfStatus(int status) {
  if (SaysTryLater(status)) return FetchOutcome::kTryLater;
  if (status >= 300 && status < 400) return FetchOutcome::kRedirect;
  return status == kOk ? FetchOutcome::kFile : FetchOutcome::kStatus;
}

std::optional<IpAddress> AddressIn(const sockaddr* from) {
  IpAddress address;
  if (from->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(from);
    std::memcpy(address.octets.data(), &v4->sin_addr, 4);
    return address;
  }
  if (from->sa_family != AF_INET6) return std::nullopt;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(from);
  address.family = IpAddress::Family::kV6;
  std::memcpy(address.octets.data(), &v6->sin6_addr, 16);
  return address;
}

std::string TextOf(const IpAddress& address) {
  const std::string text = ToText(address);
  const bool v4 = address.family == IpAddress::Family::kV4;
  return v4 ? text : absl::StrCat("[", text, "]");
}

}  // namespace

std::unique_ptr<HttpsTransfer> HttpsTransfer::Make(const HttpsClient& client) {
  std::unique_ptr<HttpsTransfer> transfer(new HttpsTransfer(client));
  return transfer->usable_ ? std::move(transfer) : nullptr;
}

HttpsTransfer::HttpsTransfer(const HttpsClient& client)
    : client_(client), easy_(curl_easy_init()), usable_(easy_ != nullptr) {
  if (!usable_) return;
  SetLimits();
  SetTls();
  SetCallbacks();
}

HttpsTransfer::~HttpsTransfer() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(hosts_);
}

template <typename T>
void HttpsTransfer::Set(CURLoption option, T value) {
  // libcurl takes numbers as long, and nothing else.
  static_assert(std::is_same_v<T, long> || !std::is_integral_v<T>);
  if (curl_easy_setopt(easy_, option, value) != CURLE_OK) usable_ = false;
}

void HttpsTransfer::SetLimits() {
  const FetchOptions& options = client_.options();
  Set(CURLOPT_PROTOCOLS_STR, "https");
  Set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  Set(CURLOPT_PROXY, "");  // Not that of the environment.
  Set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  Set(CURLOPT_NOSIGNAL, 1L);
  Set(CURLOPT_CONNECTTIMEOUT_MS, long{options.connect_limit.count()});
  Set(CURLOPT_TIMEOUT_MS, long{options.whole_limit.count()});
  Set(CURLOPT_MAXFILESIZE, static_cast<long>(HttpsFetcher::kMaxBody));
  // Names are those of Prepare, for as long as they are not taken back.
  Set(CURLOPT_DNS_CACHE_TIMEOUT, -1L);
  // A host has one file for us.
  Set(CURLOPT_FRESH_CONNECT, 1L);
  Set(CURLOPT_FORBID_REUSE, 1L);
  if (!options.agent.empty()) {
    Set(CURLOPT_USERAGENT, options.agent.c_str());
  }
}

void HttpsTransfer::SetTls() {
  Set(CURLOPT_SSL_VERIFYPEER, 1L);
  Set(CURLOPT_SSL_VERIFYHOST, 2L);
  Set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  Set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
  // Authorities out of one file are read once for all transfers of a loop; out
  // of a folder they would be read for each.
  Set(CURLOPT_CAINFO, client_.options().authorities->c_str());
  Set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  Set(CURLOPT_CA_CACHE_TIMEOUT, -1L);
}

void HttpsTransfer::SetCallbacks() {
  Set(CURLOPT_ERRORBUFFER, error_);
  Set(CURLOPT_OPENSOCKETDATA, this);
  Set(
      CURLOPT_OPENSOCKETFUNCTION,
      +[](void* self, curlsocktype, curl_sockaddr* to) -> curl_socket_t {
        if (!static_cast<HttpsTransfer*>(self)->MayConnect(&to->addr)) {
          return CURL_SOCKET_BAD;
        }
        return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
      });
  Set(CURLOPT_HEADERDATA, this);
  Set(
      CURLOPT_HEADERFUNCTION,
      +[](char*, size_t size, size_t count, void* self) -> size_t {
        const size_t octets = size * count;
        return static_cast<HttpsTransfer*>(self)->TakeHead(octets) ? octets : 0;
      });
  Set(CURLOPT_WRITEDATA, this);
  Set(
      CURLOPT_WRITEFUNCTION,
      +[](char* data, size_t size, size_t count, void* self) -> size_t {
        const std::string_view octets(data, size * count);
        const bool taken = static_cast<HttpsTransfer*>(self)->TakeBody(octets);
        return taken ? octets.size() : 0;
      });
}

bool HttpsTransfer::Prepare(std::string host, std::string_view path,
                            std::vector<IpAddress> addresses) {
  const std::string port = std::to_string(client_.options().port);
  // The last host's addresses are taken back, or they would be kept for ever.
  curl_slist_free_all(std::exchange(hosts_, nullptr));
  if (!host_.empty()) {
    hosts_ =
        curl_slist_append(nullptr, absl::StrCat("-", host_, ":", port).c_str());
    if (hosts_ == nullptr) return false;
  }
  std::string known = absl::StrCat(host, ":", port, ":");
  for (const IpAddress& address : addresses) {
    absl::StrAppend(&known, known.ends_with(':') ? "" : ",", TextOf(address));
  }
  curl_slist* const hosts = curl_slist_append(hosts_, known.c_str());
  if (hosts == nullptr) return false;
  hosts_ = hosts;
  Set(CURLOPT_RESOLVE, hosts_);
  Set(CURLOPT_URL,
      absl::StrCat("https://", host, ":", port, std::string(path)).c_str());
  host_ = std::move(host);
  addresses_ = std::move(addresses);
  error_[0] = '\0';
  head_ = 0;
  too_large_ = false;
  body_.clear();
  return usable_;
}

// Whatever libcurl has come to think of the name: nobody else is connected to.
bool HttpsTransfer::MayConnect(const sockaddr* to) const {
  const std::optional<IpAddress> address = AddressIn(to);
  return address && std::ranges::count(addresses_, *address) > 0;
}

bool HttpsTransfer::TakeHead(size_t octets) {
  head_ += octets;
  too_large_ = head_ > HttpsFetcher::kMaxBody;
  return !too_large_;
}

// Pages that say what went wrong are not read.
bool HttpsTransfer::TakeBody(std::string_view octets) {
  if (StatusSoFar() != kOk) return false;
  too_large_ = body_.size() + octets.size() > HttpsFetcher::kMaxBody;
  if (!too_large_) body_ += octets;
  return !too_large_;
}

int HttpsTransfer::StatusSoFar() const {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

FetchAnswer HttpsTransfer::Answer(CURLcode result) const {
  FetchAnswer answer;
  answer.host = host_;
  answer.status = StatusSoFar();
  answer.outcome = OutcomeOf(result);
  if (answer.outcome == FetchOutcome::kFile) answer.body = body_;
  return answer;
}

FetchOutcome HttpsTransfer::OutcomeOf(CURLcode result) const {
  // A status that is final says it all, however the rest ended.
  const int status = StatusSoFar();
  if (status > kOk) return OutcomeOfStatus(status);
  if (too_large_) return FetchOutcome::kTooLarge;
  switch (result) {
    case CURLE_OK:
      return status == kOk ? FetchOutcome::kFile : FetchOutcome::kNotHttp;
    case CURLE_FILESIZE_EXCEEDED: return FetchOutcome::kTooLarge;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL: return FetchOutcome::kNotHttp;
    case CURLE_PEER_FAILED_VERIFICATION: return FaultOfCertificate();
    case CURLE_SSL_CONNECT_ERROR:
      return IsTlsFault() ? FetchOutcome::kNoTls : FetchOutcome::kUnreachable;
    default: return FetchOutcome::kUnreachable;
  }
}

FetchOutcome HttpsTransfer::FaultOfCertificate() const {
  long verified = kVerified;
  curl_easy_getinfo(easy_, CURLINFO_SSL_VERIFYRESULT, &verified);
  switch (verified) {
    case kVerified:
    case kUnspecified: return FetchOutcome::kCertificateName;
    case kExpired:
    case kNotYetValid: return FetchOutcome::kCertificateExpired;
    default: return FetchOutcome::kCertificateIssuer;
  }
}

// The other side said something that ends the handshake, such as an alert,
// rather than nothing: libcurl repeats OpenSSL's `error:0A000458:...`.
bool HttpsTransfer::IsTlsFault() const {
  constexpr std::string_view kMark = "error:";
  constexpr size_t kDigits = 8;
  const std::string_view text = error_;
  const size_t mark = text.find(kMark);
  if (mark == text.npos) return false;
  const std::string_view digits = text.substr(mark + kMark.size(), kDigits);
  uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (error != std::errc() || end != digits.data() + kDigits) return false;
  return code >> 23 == kTlsLibrary && (code & 0x7fffff) != kUnexpectedEnd;
}

}  // namespace mxscan
