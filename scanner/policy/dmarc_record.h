// DmarcRecord is one DMARC policy record, read (RFC 9989 §4.7, §4.8), and
// DmarcWalk the walk up the tree of names that finds the one which applies
// (§4.10). Both ask nothing: the walk says which name comes next, and is told
// what was found there.
//
// A tag that a record has twice, or that nobody knows, is no fault: the first
// counts, the others are passed over. Of report addresses, the first
// kMaxReportHosts hosts are kept.
//
// Views point into the text that was read. Pure; any thread.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/wire/name.h"

namespace mxscan {

// In the order of their strength.
enum class DmarcPolicy : uint8_t { kNone, kQuarantine, kReject };

// As the record has it: `none`, `quarantine`, `reject`.
std::string_view WordFor(DmarcPolicy policy);

// Whether a name stands for a public suffix (`psd`).
enum class DmarcSuffix : uint8_t { kUnsaid, kYes, kNo };

struct DmarcRecord {
  static constexpr size_t kMaxReportHosts = 20;

  // Whether a TXT record, its strings joined, is a DMARC record: it begins
  // with v=DMARC1, in just these letters.
  static bool Is(std::string_view text);

  // REQUIRES: Is(text); `text` outlives the record.
  static DmarcRecord Read(std::string_view text);

  // nullopt: not there, or not a policy.
  std::optional<DmarcPolicy> policy;     // p
  std::optional<DmarcPolicy> subdomain;  // sp
  // What p and sp say when it is none of the three words.
  std::optional<std::string_view> unknown_policy;
  std::optional<std::string_view> unknown_subdomain;
  DmarcSuffix suffix = DmarcSuffix::kUnsaid;
  bool is_test = false;  // t=y
  // The hosts of the mailto addresses of rua and ruf, distinct, in lower case.
  std::vector<std::string> report_hosts;
  bool has_rua = false;
  // Tags that RFC 9989 has done away with, as `pct, ri`; empty for none.
  std::string obsolete_tags;

  bool has_unknown_policy() const {
    return unknown_policy.has_value() || unknown_subdomain.has_value();
  }

  // What the record asks for at its own name, and below it. Without a word of
  // its own it is `none` (§4.7).
  DmarcPolicy OwnPolicy() const { return policy.value_or(DmarcPolicy::kNone); }
  DmarcPolicy SubdomainPolicy() const {
    return subdomain.value_or(OwnPolicy());
  }
};

// What a name of the walk holds.
enum class DmarcFound : uint8_t {
  kNothing,  // No DMARC record, or several: none of them applies.
  kRecord,
  kUnknown,  // Nobody could say.
};

class DmarcWalk {
 public:
  // At most so many names are asked, however many labels there are.
  static constexpr int kMaxSteps = 8;

  // Begins at `domain`.
  explicit DmarcWalk(const Name& domain);

  // The name whose `_dmarc` is to be asked next; nullopt when the walk is over.
  std::optional<Name> Next() const;

  // What was found there. `record` is looked at with kRecord only.
  // REQUIRES: Next() has a value.
  void Take(DmarcFound found, const DmarcRecord* record = nullptr);

  // All names that a walk from `domain` may come to, in their order: they can
  // be asked at once, and taken one after the other.
  static std::vector<Name> NamesFrom(const Name& domain);

  // Nothing was found, and every name on the way is settled.
  bool missing() const { return over() && !found_ && !unknown_; }
  // A lookup on the way failed, so that nobody can say which record applies.
  bool unknown() const { return unknown_; }

  // The record's place, and the policy in force at `domain`. nullopt without a
  // record, or where unknown. REQUIRES: the walk is over.
  std::optional<Name> location() const;
  std::optional<DmarcPolicy> effective() const;

 private:
  struct Step {
    int labels;  // Of the name where it was found.
    DmarcPolicy own;
    DmarcPolicy below;
    DmarcSuffix suffix;
  };

  bool over() const { return next_ >= names_.size(); }
  const Step* Organizational() const;

  std::vector<Name> names_;
  size_t next_ = 0;
  std::vector<Step> records_;
  bool found_ = false;
  bool unknown_ = false;
};

}  // namespace mxscan
