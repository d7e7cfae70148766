// SHA-256 of bytes that come piece by piece, as sha256sum(1) prints it.
// OpenSSL's only door in this room, for it uses what the processor has for it:
// a dataset is hashed while it is written. One thread.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace mxscan {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(std::string_view bytes);

  // The sum, as 64 hexadecimal digits. REQUIRES: called once, last.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct FileSum {
  int64_t bytes = 0;
  std::string sha256;
};

// Reads the file at `path` once, to its end.
absl::StatusOr<FileSum> SumFile(const std::string& path);

}  // namespace mxscan
