// UniqueSource passes the first line of every domain and drops the others.
// Lines that are no domain all pass: each is owed its row.
//
// It remembers 128 bits of a seeded hash (XXH3) for every domain, in a table
// that takes 20 to 39 octets for each (2.3 GB for 10^8 domains), and half as
// much again for a moment while it grows. That any two of 10^8 domains meet in
// one hash has a chance of 10^-22.

#pragma once

#include <atomic>
#include <memory>

#include "absl/container/flat_hash_set.h"
#include "scanner/input/domain_source.h"

namespace mxscan {

class UniqueSource : public DomainSource {
 public:
  UniqueSource(std::unique_ptr<DomainSource> source, uint64_t seed);

  absl::StatusOr<bool> Next(InputLine& line) override;
  int64_t position() const override { return source_->position(); }
  void Stop() override { source_->Stop(); }
  int64_t bytes_used() const override { return source_->bytes_used(); }
  std::optional<int64_t> bytes_total() const override {
    return source_->bytes_total();
  }
  int64_t skipped() const override {
    return source_->skipped() + repeated_.load(std::memory_order_relaxed);
  }

  std::optional<SharedLines> lines_of_all_shards() const override {
    return source_->lines_of_all_shards();
  }

  // How many lines were dropped, and what it took to know.
  std::string Notice() const override;

 private:
  struct Key {
    uint64_t low;
    uint64_t high;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const { return key.low; }
  };

  const std::unique_ptr<DomainSource> source_;
  const uint64_t seed_;
  absl::flat_hash_set<Key, KeyHash> seen_;
  std::atomic<int64_t> repeated_{0};
};

}  // namespace mxscan
