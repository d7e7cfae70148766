// TextBuffer is where a text format gathers its rows: a string that never
// zeroes its memory, takes short pieces without a call, and keeps its room
// when it is cleared. A row is dozens of short pieces, which is what it is
// for. One thread.

#pragma once

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace mxscan {

class TextBuffer {
 public:
  TextBuffer() = default;
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {data_.get(), size_}; }

  // Drops what follows the first `size` octets. REQUIRES: size <= size().
  void Truncate(size_t size) {
    assert(size <= size_);
    size_ = size;
  }
  void Clear() { size_ = 0; }

  void Append(char octet) {
    *Room(1) = octet;
    ++size_;
  }

  void Append(std::string_view text) {
    Copy(text, Room(text.size()));
    size_ += text.size();
  }

  void AppendInteger(int64_t value) {
    char* const out = Room(kLongestInteger);
    const auto end = std::to_chars(out, out + kLongestInteger, value).ptr;
    size_ += static_cast<size_t>(end - out);
  }

 private:
  static constexpr size_t kLongestInteger = 20;
  static constexpr size_t kFirstCapacity = size_t{320} << 10;

  char* Room(size_t size) {
    if (size > capacity_ - size_) Grow(size);
    return data_.get() + size_;
  }

  void Grow(size_t size) {
    capacity_ = std::max({kFirstCapacity, 2 * capacity_, size_ + size});
    auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
    if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
  }

  // Short texts go as two words that may overlap.
  static void Copy(std::string_view text, char* to) {
    const size_t size = text.size();
    if (size > 16) {
      std::memcpy(to, text.data(), size);
    } else if (size >= 8) {
      CopyEnds<8>(text, to);
    } else if (size >= 4) {
      CopyEnds<4>(text, to);
    } else if (size >= 2) {
      CopyEnds<2>(text, to);
    } else if (size == 1) {
      *to = text[0];
    }
  }

  template <size_t kWord>
  static void CopyEnds(std::string_view text, char* to) {
    char first[kWord];
    char last[kWord];
    std::memcpy(first, text.data(), kWord);
    std::memcpy(last, text.data() + text.size() - kWord, kWord);
    std::memcpy(to, first, kWord);
    std::memcpy(to + text.size() - kWord, last, kWord);
  }

  std::unique_ptr<char[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace mxscan
