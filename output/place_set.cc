#include "output/place_set.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <limits>
#include <string_view>

namespace mxscan {
namespace {

constexpr int64_t kBits = 64;
constexpr uint64_t kFull = ~uint64_t{0};

// Takes a number off the front of `text`, and one space behind it if there is
// one. False when there is no number.
bool TakeNumber(std::string_view& text, int64_t& number) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || number < 0) return false;
  const bool last = read.ptr == end;
  if (!last && (*read.ptr != ' ' || read.ptr + 1 == end)) return false;
  text.remove_prefix(static_cast<size_t>(read.ptr - text.data()) +
                     (last ? 0 : 1));
  return true;
}

}  // namespace

void PlaceSet::Add(int64_t place) {
  assert(!Contains(place) && place - base_ < kMostAhead + kBits);
  const auto word = static_cast<size_t>((place - base_) / kBits);
  if (word >= words_.size()) words_.resize(word + 1);
  words_[word] |= uint64_t{1} << (place - base_) % kBits;
  ++size_;
  if (word == 0) DropFullWords();
}

void PlaceSet::DropFullWords() {
  while (!words_.empty() && words_.front() == kFull) {
    words_.pop_front();
    base_ += kBits;
  }
}

bool PlaceSet::Contains(int64_t place) const {
  if (place < base_) return true;
  const auto word = static_cast<size_t>((place - base_) / kBits);
  if (word >= words_.size()) return false;
  return (words_[word] >> (place - base_) % kBits & 1) != 0;
}

int64_t PlaceSet::low() const {
  return words_.empty() ? base_ : base_ + std::countr_one(words_.front());
}

std::string PlaceSet::ToText() const {
  std::string text = std::to_string(low());
  bool in = true;      // Of the run that is open,
  int64_t length = 0;  // which this long so far; of the first, low() has it.
  int64_t place = low();
  const int64_t end = base_ + kBits * static_cast<int64_t>(words_.size());
  const auto end_run = [&] {
    if (place > low()) text.append(" ").append(std::to_string(length));
    in = !in;
    length = 0;
  };
  while (place < end) {
    const auto word = static_cast<size_t>((place - base_) / kBits);
    const int64_t bit = (place - base_) % kBits;
    const uint64_t rest = (in ? words_[word] : ~words_[word]) >> bit;
    const int64_t run = std::min<int64_t>(std::countr_one(rest), kBits - bit);
    length += run;
    place += run;
    if (run < kBits - bit) end_run();
  }
  if (in && length > 0) end_run();
  return text;
}

absl::StatusOr<PlaceSet> PlaceSet::Parse(const std::string& text) {
  const auto damaged = [] {
    return absl::DataLossError("a list of finished lines is damaged");
  };
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max() / 2;
  std::string_view rest = text;
  PlaceSet set;
  int64_t place = 0;
  if (!TakeNumber(rest, place) || place > kMost) return damaged();
  set.base_ = place / kBits * kBits;
  set.size_ = set.base_;
  set.AddRun(set.base_, place);
  while (!rest.empty()) {
    int64_t out = 0;
    int64_t in = 0;
    if (!TakeNumber(rest, out) || rest.empty() || !TakeNumber(rest, in) ||
        out == 0 || in == 0 || out > kMostAhead || in > kMostAhead ||
        place + out + in - set.base_ > kMostAhead) {
      return damaged();
    }
    set.AddRun(place + out, place + out + in);
    place += out + in;
  }
  return set;
}

void PlaceSet::AddRun(int64_t first, int64_t end) {
  for (int64_t place = first; place < end; ++place) Add(place);
}

}  // namespace mxscan
