#include "output/text_buffer.h"

#include <algorithm>
#include <charconv>

namespace mxscan {
namespace {

constexpr size_t kLongestInteger = 20;
constexpr size_t kFirstCapacity = size_t{320} << 10;

}  // namespace

void TextBuffer::AppendInteger(int64_t value) {
  char* const to = Room(kLongestInteger);
  Take(std::to_chars(to, to + kLongestInteger, value).ptr);
}

void TextBuffer::Grow(size_t more) {
  const size_t text = size();
  const auto capacity = static_cast<size_t>(limit_ - data_.get());
  const size_t larger = std::max({kFirstCapacity, 2 * capacity, text + more});
  auto data = std::make_unique_for_overwrite<char[]>(larger);
  if (text > 0) std::memcpy(data.get(), data_.get(), text);
  data_ = std::move(data);
  end_ = data_.get() + text;
  limit_ = data_.get() + larger;
}

}  // namespace mxscan
