// ZoneSource reads the names that a top-level domain delegates from its zone
// file (RFC 1035 §5, as registries publish them): every name below the apex
// that owns NS records, once, as it comes. Everything else in the file (glue,
// DS, RRSIG, NSEC3, the apex's own records) is passed over.
//
//   com.         900    IN SOA  a.gtld-servers.net. …
//   example.com. 172800 IN NS   ns1.example.com.      ← one line out
//   example.com. 172800 IN NS   ns2.example.com.
//
// Names may be relative, absolute or left out; $ORIGIN counts, $TTL does not;
// comments, parentheses and quoted strings are understood. $INCLUDE and
// $GENERATE are refused. The apex is the owner of the SOA record; without one,
// it is the origin. Relative names without any origin are refused.
//
// One pass, flat memory: a name is given again only if another delegation
// stood between its NS records, which no registry's file does. A line's
// number is that of its first NS record; position() counts names.
//
// `bytes` must outlive the source.

#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "scanner/input/byte_source.h"
#include "scanner/input/domain_source.h"
#include "scanner/input/line_reader.h"

namespace mxscan {

class ZoneSource : public DomainSource {
 public:
  // Any record that DNS can carry fits into a line of this length.
  static constexpr size_t kMaxLine = size_t{1} << 20;

  // `name` is for messages; `file` is the index that its lines carry.
  ZoneSource(ByteSource& bytes, std::string name, int file)
      : bytes_(bytes),
        name_(std::move(name)),
        lines_(bytes, 2 * kMaxLine, kMaxLine),
        file_(file) {}

  absl::StatusOr<bool> Next(InputLine& line) override;
  int64_t position() const override { return names_; }
  int64_t bytes_used() const override { return lines_.bytes_used(); }
  std::optional<int64_t> bytes_total() const override {
    return bytes_.bytes_total();
  }
  int64_t skipped() const override {
    return skipped_.load(std::memory_order_relaxed);
  }

 private:
  // Where the record that is being read stands.
  enum class State : uint8_t { kStart, kBeforeType, kBehindType };

  absl::StatusOr<bool> ReadLine(std::string_view text);
  absl::Status ReadDirective(std::string_view text);
  absl::Status SetOrigin(std::string_view text);
  void ReadOwner(std::string_view& text);
  std::string_view NextToken(std::string_view& text);
  std::string_view NextType(std::string_view& text);
  void PassOver(std::string_view text);
  absl::StatusOr<bool> OnType(std::string_view type);
  absl::StatusOr<bool> OnDelegation();
  void NormalizeOwner();
  void QualifyOwner();
  bool IsBelowApex() const;
  absl::Status Refuse(std::string_view what) const;

  ByteSource& bytes_;
  const std::string name_;
  LineReader lines_;
  const int file_;
  int64_t line_ = 0;
  int64_t names_ = 0;
  std::atomic<int64_t> skipped_{0};

  State state_ = State::kStart;
  int depth_ = 0;                 // Of parentheses.
  int64_t opened_at_ = 0;         // The line of the outermost.
  std::string owner_;             // As written; stands for records without one.
  bool owner_given_ = false;      // Its NS records need no second look.
  std::string_view owner_fault_;  // Why owner_ is no domain.
  Name owner_name_;
  std::string origin_;  // Without final dot; empty for the root.
  std::optional<Name> origin_name_;
  std::optional<Name> apex_;  // Owner of the SOA.
  Name last_;                 // The delegation last given.
  bool any_given_ = false;
  std::string absolute_;  // Scratch.
};

}  // namespace mxscan
