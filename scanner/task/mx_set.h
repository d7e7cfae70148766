// MxSet is the MX records of one domain as they will stand in its row:
// distinct by (preference, exchange), in delivery order (preference, then
// name), each naming its host. A host that stands at two preferences is one
// host, looked up once.
//
// Keeps its memory from one Read to the next. One thread.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/answer.h"

namespace mxscan {

class MxSet {
 public:
  struct Entry {
    uint16_t preference;
    uint32_t ttl;  // The smallest of equal records (RFC 2181 §5.2).
    int host;      // Index into hosts.
  };

  // are left out.
  void Read(const Answer& answer);
  void clear();

  const std::vector<Entry>& entries() const { return entries_; }
  int host_count() const { return static_cast<int>(hosts_.size()); }

  // The host as text. The view holds until the next Read.
  std::string_view host(int i) const;

  // The host in wire form, in the answer that was read.
  NameView HostName(const Answer& answer, int i) const;

  // As DomainTask::FetchRest.
  void Fetch() const {
    __builtin_prefetch(entries_.data());
    __builtin_prefetch(hosts_.data());
    __builtin_prefetch(text_.data());
  }

  // True when every exchange is the root (RFC 7505).
  bool IsNull() const;

 private:
  struct Text {
    uint32_t at;
    uint32_t size;
    int record;  // In the answer.
  };

  std::string_view TextOf(const Text& text) const {
    return std::string_view(text_).substr(text.at, text.size);
  }
  void Collect(const Answer& answer);
  bool NamesAHostTwice() const;
  void MergeHosts();
  void MergeEntries();

  std::vector<Entry> entries_;
  std::vector<Text> hosts_;
  std::string text_;
};

}  // namespace mxscan
