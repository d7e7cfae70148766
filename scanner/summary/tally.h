// Tally counts written rows for the summary: by status, provider, category and
// finding; the rest is in its survey. One thread.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "output/record.h"
#include "scanner/facts.h"
#include "scanner/survey/survey.h"

namespace mxscan {

class Tally {
 public:
  // What rows are counted by, besides their status.
  // Findings are told apart by severity as well: `error mx_none_usable`.
  enum class Group : uint8_t { kProvider, kCategory, kFinding };
  static constexpr int kGroups = 3;

  struct Count {
    std::string id;
    int64_t domains;
  };

  // What is counted of a row is either what rows of one shape have in common
  // (row_counter.h), or its own; Add counts both.
  void Add(const Record& row);
  void AddShape(const Record& row, int64_t rows);
  void AddOwn(const Record& row) { survey_.AddOwn(row); }
  void Add(const Tally& other);

  // Adds what rows counted elsewhere came to.
  void AddRows(DomainStatus status, int64_t rows);
  void Bump(Group group, std::string_view id, int64_t by);
  void BumpFinding(std::string_view severity, std::string_view id, int64_t by);

  int64_t rows() const { return rows_; }
  int64_t with_status(DomainStatus status) const {
    return by_status_[static_cast<size_t>(status)];
  }

  const Survey& survey() const { return survey_; }
  Survey& survey() { return survey_; }

  // Largest first, then by id.
  std::vector<Count> Sorted(Group group) const;

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const noexcept;
  };
  using Counts =
      absl::flat_hash_map<std::string, int64_t, TextHash, std::equal_to<>>;

  const Counts& counts(Group group) const {
    return counts_[static_cast<size_t>(group)];
  }

  int64_t rows_ = 0;
  std::array<int64_t, kDomainStatusCount> by_status_{};
  std::array<Counts, kGroups> counts_;
  Survey survey_;
  std::string finding_;  // Scratch.
};

}  // namespace mxscan
