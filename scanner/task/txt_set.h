// TxtSet is the TXT records of a domain as text: the strings of each record
// joined without anything between them (RFC 7208 §3.3), in the order of the
// answer. Their octets are as they came, any octets at all.
//
// It keeps its memory from one domain to the next. One thread.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "resolver/answer.h"

namespace mxscan {

class TxtSet {
 public:
  // Takes the records of an answer to a TXT question.
  void Read(const Answer& answer);

  // Forgets them: nothing is known then.
  void clear();

  // Somebody said which records there are, or that there are none.
  bool known() const { return known_; }

  // The views hold until the next Read or clear.
  absl::Span<const std::string_view> records() const { return records_; }

 private:
  bool known_ = false;
  std::string text_;  // Of all records, one behind the other.
  std::vector<std::string_view> records_;
};

}  // namespace mxscan
