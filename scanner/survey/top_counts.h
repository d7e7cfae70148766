// TopCounts counts how often each of many keys came, in bounded memory: a list
// of a hundred million domains may bring as many keys as it likes.
//
// It is exact for up to kMost different keys. Beyond that the rarest go: the
// count of the key that is (kKept + 1)-th largest is taken from every count,
// and what has nothing left is forgotten (Misra and Gries; Agarwal et al.,
// "Mergeable Summaries", 2012). So a count is never too high, lacks
// at_most_missing() at most, which is under total / kKept, and every key that
// came more often than that is there. Counts of parts can be added up, and the
// bounds with them.
//
// Up to kMost different keys, counts are the same in whatever order they come.
//
// A key may have witnesses: hashes of what it came with, of which the
// kWitnesses smallest different ones are kept, so that one domain that stands
// three times in a list is told from three.
//
// One thread.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace mxscan {

class TopCounts {
 public:
  static constexpr size_t kKept = size_t{1} << 15;
  static constexpr size_t kMost = 2 * kKept;
  static constexpr int kWitnesses = 3;

  struct Entry {
    int64_t count = 0;
    std::array<uint32_t, kWitnesses> witnesses{};  // Rising; 0 for none.

    void Witness(uint32_t hash);
    int Witnesses() const;
  };

  struct Counted {
    std::string key;
    Entry entry;
  };

  // A witness of 0 is none. REQUIRES: count > 0.
  void Add(std::string_view key, int64_t count = 1, uint32_t witness = 0);
  void Add(const TopCounts& other);

  int64_t CountOf(std::string_view key) const;
  size_t size() const { return entries_.size(); }
  int64_t at_most_missing() const { return missing_; }

  // Largest first, equals by key.
  std::vector<Counted> Sorted() const;

  // The counts as text, and back; of more than `most` keys the largest:
  //   MISSING KEY,COUNT[,WITNESS...] KEY,COUNT ...
  // Witnesses are hexadecimal; a space, comma, percent sign or control
  // character of a key is %XX.
  std::string ToText(size_t most) const;

  // nullopt when that is no such text.
  static std::optional<TopCounts> FromText(std::string_view text);

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const noexcept;
  };

  Entry& EntryOf(std::string_view key);
  void Prune();

  absl::flat_hash_map<std::string, Entry, TextHash, std::equal_to<>> entries_;
  int64_t missing_ = 0;
};

}  // namespace mxscan
