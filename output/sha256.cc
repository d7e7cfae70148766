#include "output/sha256.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "output/file_error.h"

namespace mxscan {
namespace {

// It fails for lack of memory only, of which the rest of us dies as well.
void Require(bool succeeded) {
  if (!succeeded) std::abort();
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  State() {
    Require(context != nullptr);
    Require(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1);
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;

void Sha256::Add(std::string_view bytes) {
  Require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::Finish() {
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  Require(EVP_DigestFinal_ex(state_->context, sum, &size) == 1);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text.push_back(kDigits[sum[i] >> 4]);
    text.push_back(kDigits[sum[i] & 15]);
  }
  return text;
}

absl::StatusOr<FileSum> SumFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return FileError(errno, "open", path);
  Sha256 sum;
  FileSum result;
  std::vector<char> buffer(size_t{1} << 20);
  ssize_t got = 0;
  do {
    got = read(descriptor, buffer.data(), buffer.size());
    if (got > 0) sum.Add({buffer.data(), static_cast<size_t>(got)});
    if (got > 0) result.bytes += got;
  } while (got > 0 || (got < 0 && errno == EINTR));
  const int error = errno;
  close(descriptor);
  if (got < 0) return FileError(error, "read", path);
  result.sha256 = sum.Finish();
  return result;
}

}  // namespace mxscan
