// Domain names in wire form (RFC 1035 §3.1): labels with their length octets,
// uncompressed, ending in the root label; letters always in lower case, so
// that equal names are equal bytes. At most 255 octets, labels at most 63.
// Names are checked once, where they come in (FromText, or the message
// reader); whoever holds one may trust it.
//
// In text a name never ends in a dot (the root alone is "."); a dot inside a
// label is written \. and any other octet outside [a-z0-9_-] as \DDD.
//
// Pure values: any thread.

#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "absl/types/span.h"

namespace mxscan {

inline constexpr int kMaxNameOctets = 255;
inline constexpr int kMaxLabelOctets = 63;
// 250 octets, each as \DDD, and the dots between labels, with room to spare.
inline constexpr int kMaxNameText = 1024;

// `octet` in lower case, if it is an ASCII letter.
constexpr uint8_t LowerOctet(uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
}

// Of eight octets at once: 0x20, which is what the cases differ in, in each
// that is from `first` to `last`, two letters of one case; else 0.
constexpr uint64_t LettersIn(uint64_t octets, char first, char last) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const uint64_t low = octets & (0x7f * kOnes);
  const uint64_t from_first = low + (0x80u - first) * kOnes;
  const uint64_t beyond_last = low + (0x7fu - last) * kOnes;
  return (from_first & ~beyond_last & ~octets & (0x80 * kOnes)) >> 2;
}

// A name that lives in somebody else's memory. Two words, passed by value.
class NameView {
 public:
  // The root.
  NameView();

  // REQUIRES: `bytes` is exactly one valid name as described above and
  // outlives the view.
  static NameView Trusted(absl::Span<const uint8_t> bytes) {
    return NameView(bytes.data(), static_cast<uint8_t>(bytes.size()));
  }

  absl::Span<const uint8_t> bytes() const { return {data_, size_}; }
  int size() const { return size_; }
  bool IsRoot() const { return size_ == 1; }

  // Labels without the root: 0 for the root, 2 for example.com.
  int LabelCount() const;

  // The name without its first label. REQUIRES: !IsRoot().
  NameView Parent() const {
    assert(!IsRoot());
    const int label = data_[0] + 1;
    return NameView(data_ + label, static_cast<uint8_t>(size_ - label));
  }

  // True for `ancestor` itself and every name below it.
  bool IsAtOrBelow(NameView ancestor) const;

  // A 64-bit hash (XXH3) of the octets; `seed` makes crafted collisions hard.
  uint64_t Hash(uint64_t seed) const;

  friend bool operator==(NameView a, NameView b) {
    if (a.size_ != b.size_) return false;
    return a.data_ == b.data_ || HasOctets(a.data_, b.data_, a.size_);
  }

 private:
  NameView(const uint8_t* data, uint8_t size) : data_(data), size_(size) {}

  // Names are short: eight octets at a time, the last eight perhaps twice, take
  // less than the call of a function.
  static bool HasOctets(const uint8_t* a, const uint8_t* b, int size) {
    if (size < 8) return std::memcmp(a, b, size) == 0;
    for (int i = 0; i + 8 < size; i += 8) {
      if (Load64(a + i) != Load64(b + i)) return false;
    }
    return Load64(a + size - 8) == Load64(b + size - 8);
  }
  static uint64_t Load64(const uint8_t* octets) {
    uint64_t word;
    std::memcpy(&word, octets, sizeof(word));
    return word;
  }

  const uint8_t* data_;
  uint8_t size_;
};

// Declared here too, so that two Names compare as well.
bool operator==(NameView a, NameView b);

// A name that owns its octets, in place: no allocation. Copies only what it
// uses.
class Name {
 public:
  Name() : size_(1) { bytes_[0] = 0; }  // The root.
  explicit Name(NameView view) { Assign(view); }
  Name(const Name& other) { Assign(other); }
  Name& operator=(const Name& other) {
    Assign(other);
    return *this;
  }

  // Reads presentation form, with or without the final dot, in either case;
  // \X and \DDD as in RFC 1035 §5.1. nullopt when it is no valid name (an
  // empty label, a label over 63 or a name over 255 octets, a broken escape,
  // the empty string).
  static std::optional<Name> FromText(std::string_view text);

  // `prefix`, label by label, before `suffix`; nullopt when too long. (DNAME
  // substitution, RFC 6672 §2.2, and names such as _dmarc.example.com.)
  // REQUIRES: `prefix` is a run of whole labels without the root label.
  static std::optional<Name> Join(absl::Span<const uint8_t> prefix,
                                  NameView suffix);

  NameView view() const { return NameView::Trusted({bytes_.data(), size_}); }
  operator NameView() const { return view(); }  // NOLINT: a Name is a name.

 private:
  friend class NameReader;  // message_reader.cc fills one in place.

  void Assign(NameView view) {
    size_ = static_cast<uint8_t>(view.size());
    std::memmove(bytes_.data(), view.bytes().data(), size_);
  }

  uint8_t size_;
  std::array<uint8_t, kMaxNameOctets> bytes_;
};

// Writes `name` as text and returns its length.
// REQUIRES: `out` has room for kMaxNameText characters.
int WriteText(NameView name, char* out);

void AppendText(NameView name, std::string& out);
std::string ToText(NameView name);

}  // namespace mxscan
