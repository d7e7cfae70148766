// SuffixRules are the rules of a Public Suffix List in its text form
// (https://github.com/publicsuffix/list/wiki/Format), as a SuffixIndex: a host
// is looked up in a tenth of the time that libpsl takes.
//
// They know ASCII only. Rules in other letters are passed over, so hosts with
// an A-label (`xn--`) are not theirs to judge, nor hosts with escapes; libpsl
// does that. As there, a rule `*.x` makes `x` a public suffix too, and the last
// label is one in any case.
//
// Built once, then only read: any thread.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/classify/suffix_index.h"

namespace mxscan {

class SuffixRules {
 public:
  explicit SuffixRules(std::string text);

  // False for a list that has none, and for what is no list.
  bool any() const { return any_; }

  // Whether Find may be asked about `host`.
  static bool Knows(std::string_view host);

  // The registrable domain of `host` as a tail of it; empty when it is a public
  // suffix itself. REQUIRES: Knows(host), and it is not empty.
  std::string_view Find(std::string_view host) const;

 private:
  const std::string text_;  // The index views it.
  SuffixIndex index_;
  bool any_ = false;
};

}  // namespace mxscan
