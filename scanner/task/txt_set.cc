#include "scanner/task/txt_set.h"

#include <algorithm>

namespace mxscan {
namespace {

// Appends the strings of the rdata, each a length and as many octets.
void AppendStrings(absl::Span<const uint8_t> rdata, std::string& text) {
  for (size_t at = 0; at < rdata.size();) {
    const size_t size = std::min<size_t>(rdata[at], rdata.size() - at - 1);
    ++at;
    text.append(reinterpret_cast<const char*>(rdata.data() + at), size);
    at += size;
  }
}

}  // namespace

void TxtSet::Read(const Answer& answer) {
  clear();
  known_ = IsDefinitive(answer.outcome()) && answer.outcome() != Outcome::kLoop;
  std::vector<size_t> ends;
  for (int i = 0; i < answer.record_count(); ++i) {
    const Answer::Record record = answer.record(i);
    if (!answer.Counts(record)) continue;
    AppendStrings(record.rdata, text_);
    ends.push_back(text_.size());
  }
  size_t begin = 0;
  for (const size_t end : ends) {
    records_.push_back(std::string_view(text_).substr(begin, end - begin));
    begin = end;
  }
}

void TxtSet::clear() {
  known_ = false;
  text_.clear();
  records_.clear();
}

}  // namespace mxscan
