// TextBuffer is where a text format gathers its rows: a string that never
// zeroes its memory, takes short pieces without a call, and keeps its room
// when it is cleared. A row is dozens of short pieces, which is what it is
// for: whoever makes one of several parts asks for Room once. One thread.

#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "output/plain_text.h"

namespace mxscan {

class TextBuffer {
 public:
  TextBuffer() = default;
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

  size_t size() const { return static_cast<size_t>(end_ - data_.get()); }
  bool empty() const { return size() == 0; }
  std::string_view view() const { return {data_.get(), size()}; }

  // Drops what follows the first `size` octets. REQUIRES: size <= size().
  void Truncate(size_t size) {
    assert(size <= this->size());
    end_ = data_.get() + size;
  }
  void Clear() { end_ = data_.get(); }

  // Room for `size` octets behind the last, to be written to and then Taken.
  char* Room(size_t size) {
    if (size > static_cast<size_t>(limit_ - end_)) Grow(size);
    return end_;
  }

  // Appends what was written from the beginning of the room up to `end`.
  void Take(char* end) {
    assert(end_ <= end && end <= limit_);
    end_ = end;
  }

  void Append(char octet) {
    *Room(1) = octet;
    ++end_;
  }

  void Append(std::string_view text) {
    Copy(text, Room(text.size()));
    end_ += text.size();
  }

  // Appends `text` if it is plain (plain_text.h), else nothing; says which.
  template <char kSpecial>
  bool AppendPlain(std::string_view text) {
    if (!CopyPlain<kSpecial>(text, Room(text.size()))) return false;
    end_ += text.size();
    return true;
  }

  void AppendInteger(int64_t value);

 private:
  void Grow(size_t more);

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
  char* end_ = nullptr;    // Of the text,
  char* limit_ = nullptr;  // and of the memory.
};

}  // namespace mxscan
