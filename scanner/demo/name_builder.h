// Builds a domain name label by label, in place. For names made by us: what
// goes in is lower case, and the whole is known to fit.
//
//   NameBuilder().Label("mail").Below(domain).Take()
//
// Pure values: any thread.

#pragma once

#include <array>
#include <cassert>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "resolver/wire/name.h"

namespace mxscan {

class NameBuilder {
 public:
  // Begins a label; what follows is appended to it.
  // REQUIRES: a label has 1 to 63 octets when the next one begins.
  NameBuilder& Label(std::string_view text) {
    CloseLabel();
    label_at_ = size_++;
    return Text(text);
  }

  NameBuilder& Text(std::string_view text) {
    assert(size_ + text.size() < octets_.size());
    std::memcpy(octets_.data() + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }

  NameBuilder& Number(uint64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + 20, number).ptr;
    return Text({digits, static_cast<size_t>(end - digits)});
  }

  // Appends the labels of `dotted`, such as "co.uk".
  NameBuilder& Labels(std::string_view dotted) {
    while (!dotted.empty()) {
      const size_t dot = dotted.find('.');
      Label(dotted.substr(0, dot));
      if (dot == std::string_view::npos) break;
      dotted.remove_prefix(dot + 1);
    }
    return *this;
  }

  // Ends the name with `suffix`. Nothing may follow but Take.
  NameBuilder& Below(NameView suffix) {
    CloseLabel();
    std::memcpy(octets_.data() + size_, suffix.bytes().data(), suffix.size());
    size_ += suffix.size() - 1;
    return *this;
  }

  Name Take() {
    CloseLabel();
    octets_[size_] = 0;
    return Name(NameView::Trusted({octets_.data(), size_ + 1}));
  }

 private:
  static constexpr size_t kNone = ~size_t{0};

  void CloseLabel() {
    if (label_at_ == kNone) return;
    const size_t length = size_ - label_at_ - 1;
    assert(length >= 1 && length <= kMaxLabelOctets);
    octets_[label_at_] = static_cast<uint8_t>(length);
    label_at_ = kNone;
  }

  size_t size_ = 0;
  size_t label_at_ = kNone;
  std::array<uint8_t, 2 * kMaxNameOctets> octets_;
};

}  // namespace mxscan
