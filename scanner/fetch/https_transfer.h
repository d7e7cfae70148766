// HttpsTransfer is one GET of https_fetcher.h: a handle of libcurl with the
// options that keep it within bounds, what has come so far, and in the end what
// it came to. It is used again for the next file. One thread.

#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/address.h"
#include "scanner/fetch/fetch_answer.h"
#include "scanner/fetch/https_client.h"

namespace mxscan {

class HttpsTransfer {
 public:
  // Null when libcurl does not take the options. `client` must outlive it.
  static std::unique_ptr<HttpsTransfer> Make(const HttpsClient& client);
  ~HttpsTransfer();
  HttpsTransfer(const HttpsTransfer&) = delete;
  HttpsTransfer& operator=(const HttpsTransfer&) = delete;

  // What libcurl knows it by.
  CURL* easy() { return easy_; }

  // Makes it ready for a file; false when there is no memory for that.
  // REQUIRES: those of FetchRequest; at least one address.
  bool Prepare(std::string host, std::string_view path,
               std::vector<IpAddress> addresses);

  // What it came to. Holds until the next Prepare.
  // REQUIRES: libcurl has done with it and says `result`.
  FetchAnswer Answer(CURLcode result) const;

 private:
  explicit HttpsTransfer(const HttpsClient& client);

  template <typename T>
  void Set(CURLoption option, T value);
  void SetLimits();
  void SetTls();
  void SetCallbacks();

  bool MayConnect(const sockaddr* to) const;
  bool TakeHead(size_t octets);
  bool TakeBody(std::string_view octets);
  int StatusSoFar() const;
  FetchOutcome OutcomeOf(CURLcode result) const;
  FetchOutcome FaultOfCertificate() const;
  bool IsTlsFault() const;

  const HttpsClient& client_;
  CURL* const easy_;
  bool usable_;  // libcurl took all options.
  char error_[CURL_ERROR_SIZE] = "";
  curl_slist* hosts_ = nullptr;  // What libcurl is to know of names.
  std::string host_;
  std::vector<IpAddress> addresses_;
  size_t head_ = 0;  // Octets before the body.
  bool too_large_ = false;
  std::string body_;
};

}  // namespace mxscan
