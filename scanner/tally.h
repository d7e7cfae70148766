// Tally counts rows for the summary: by status, provider, category and top-
// level domain. Each shard keeps its own and they are added up at the end, so
// counting takes no lock. One thread.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "scanner/classify/classifier.h"
#include "scanner/facts.h"

namespace mxscan {

class Tally {
 public:
  struct Count {
    std::string id;
    int64_t domains;
  };

  // So many are told apart, several times what exists; a list of nonsense
  // must not fill the memory.
  static constexpr int kMaxTlds = 1 << 14;

  void Add(const DomainFacts& facts, const Verdict& verdict);
  void Add(const Tally& other);

  int64_t rows() const { return rows_; }
  int64_t with_status(DomainStatus status) const {
    return by_status_[static_cast<size_t>(status)];
  }

  // Largest first, then by id.
  std::vector<Count> providers() const { return Sorted(providers_); }
  std::vector<Count> categories() const { return Sorted(categories_); }
  std::vector<Count> tlds() const { return Sorted(tlds_); }

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const noexcept;
  };
  using Counts =
      absl::flat_hash_map<std::string, int64_t, TextHash, std::equal_to<>>;

  static void Bump(std::string_view id, int64_t by, Counts& counts);
  void BumpTld(std::string_view tld, int64_t by);
  static std::vector<Count> Sorted(const Counts& counts);

  int64_t rows_ = 0;
  std::array<int64_t, kDomainStatusCount> by_status_{};
  Counts providers_;
  Counts categories_;
  Counts tlds_;
};

}  // namespace mxscan
