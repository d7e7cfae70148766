#include "scanner/fetch/https_client.h"

#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

constexpr char kRemedy[] =
    "name a PEM file of certificate authorities by --https-ca, or install "
    "ca-certificates";

// Where this build of libcurl looks for them; empty when it does not know.
std::string SystemAuthorities() {
  std::string path;
  CURL* const easy = curl_easy_init();
  if (easy == nullptr) return path;
  const char* known = nullptr;
  const CURLcode asked = curl_easy_getinfo(easy, CURLINFO_CAINFO, &known);
  if (asked == CURLE_OK && known != nullptr) path = known;
  curl_easy_cleanup(easy);
  return path;
}

// A file that libcurl cannot use would fail every fetch, one by one.
absl::Status CheckAuthorities(const std::string& path) {
  if (path.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the system has no certificate authorities; ", kRemedy));
  }
  std::FILE* const file = std::fopen(path.c_str(), "re");
  if (file == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot read the certificate authorities in ", path, ": ",
                     std::strerror(errno), "; ", kRemedy));
  }
  std::fclose(file);
  X509_STORE* const store = X509_STORE_new();
  const bool usable =
      store != nullptr && X509_STORE_load_file(store, path.c_str()) == 1;
  X509_STORE_free(store);
  ERR_clear_error();
  if (usable) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      path, " has no certificates in PEM that can be read; ", kRemedy));
}

}  // namespace

HttpsClient::HttpsClient(FetchOptions options) : options_(std::move(options)) {}

HttpsClient::~HttpsClient() { curl_global_cleanup(); }

absl::StatusOr<std::unique_ptr<HttpsClient>> HttpsClient::Open(
    FetchOptions options) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return absl::InternalError("libcurl could not be made ready");
  }
  std::unique_ptr<HttpsClient> client(new HttpsClient(std::move(options)));
  std::optional<std::string>& path = client->options_.authorities;
  if (!path) path = SystemAuthorities();
  if (absl::Status status = CheckAuthorities(*path); !status.ok()) {
    return status;
  }
  return client;
}

}  // namespace mxscan
