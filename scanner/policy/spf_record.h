// SpfRecord is one SPF record, read (RFC 7208 §4.6, §5, §6, §12): its terms in
// their order, with what each names, and the first thing in it that breaks the
// grammar. Evaluating it, against names that must be asked for, is for others.
//
// A record that breaks the grammar anywhere is a permanent error as a whole
// (§4.6): its terms are those before the fault, for people to look at.
//
// Domains are as they stand in the record, in lower case. One with a macro in
// it (§7) means another name for every mail; nobody can look it up beforehand.
//
// Limits: kMaxTerms terms, beyond which the record counts as broken. The views
// of a record point into the text it was read from, or into its own memory,
// which a copy does not share: it is moved, not copied. Pure; any thread.

#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mxscan {

enum class SpfMechanism : uint8_t {
  kAll,
  kInclude,
  kA,
  kMx,
  kPtr,
  kIp4,
  kIp6,
  kExists,
};

// What a match means (§4.6.2).
enum class SpfQualifier : char {
  kPass = '+',
  kFail = '-',
  kSoftFail = '~',
  kNeutral = '?',
};

struct SpfTerm {
  SpfMechanism mechanism = SpfMechanism::kAll;
  SpfQualifier qualifier = SpfQualifier::kPass;
  std::string_view text;    // The whole term, as it stands.
  std::string_view domain;  // What it names; empty: the record's own domain.
  bool has_macro = false;   // In `domain`.

  // Whether evaluating it takes a question (§4.6.4).
  bool AsksDns() const {
    return mechanism != SpfMechanism::kAll && mechanism != SpfMechanism::kIp4 &&
           mechanism != SpfMechanism::kIp6;
  }
};

class SpfRecord {
 public:
  static constexpr size_t kMaxTerms = 10000;

  SpfRecord() = default;
  SpfRecord(SpfRecord&&) = default;
  SpfRecord& operator=(SpfRecord&&) = default;

  // Whether a TXT record, its strings joined, is an SPF record (§4.5).
  static bool Is(std::string_view text);

  // One that is none, and yet looks meant as one: `v=spf1;…`, `spf1 …`, with
  // a blank or a quote before it, or blanks around the `=`.
  static bool IsNearly(std::string_view text);

  // REQUIRES: Is(text); `text` outlives the record.
  static SpfRecord Read(std::string_view text);

  // Mechanisms up to and with the first `all`: what comes after it is never
  // looked at (§5.1).
  const std::vector<SpfTerm>& terms() const { return terms_; }

  // The qualifier of `all`; nullopt when there is none.
  std::optional<SpfQualifier> all() const { return all_; }

  // Of `redirect=`, which counts only without `all` (§6.1).
  bool redirects() const { return !all_ && !redirect_.empty(); }
  std::string_view redirect() const { return redirect_; }
  bool redirect_has_macro() const { return redirect_has_macro_; }

  // The first fault: the term, and what is wrong with it; both empty when the
  // grammar holds.
  std::string_view bad_term() const { return bad_term_; }
  std::string_view fault() const { return fault_; }
  bool valid() const { return fault_.empty(); }

 private:
  bool ReadTerm(std::string_view text);
  bool ReadModifier(std::string_view text, size_t equals);
  bool ReadMechanism(std::string_view text);
  bool ReadArgument(SpfTerm& term, std::string_view argument);
  bool Fail(std::string_view text, std::string_view fault);
  std::string_view Lowered(std::string_view text);

  std::vector<SpfTerm> terms_;
  std::optional<SpfQualifier> all_;
  std::string_view redirect_;
  bool redirect_has_macro_ = false;
  bool has_redirect_ = false;
  bool has_exp_ = false;
  std::string_view bad_term_;
  std::string_view fault_;
  std::deque<std::string> lowered_;
};

}  // namespace mxscan
