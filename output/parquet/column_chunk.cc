#include "output/parquet/column_chunk.h"

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <utility>

#include "output/parquet/bloom_filter.h"
#include "output/parquet/file_metadata.h"
#include "output/parquet/hybrid.h"
#include "output/utf8.h"

namespace mxscan {
namespace {

// So many values tell whether they are worth numbering.
constexpr size_t kForetelling = 1024;

static_assert(std::endian::native == std::endian::little);

template <typename T>
std::string_view OctetsOf(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

void AppendText(std::string_view text, TextBuffer& out) {
  out.Append(OctetsOf(static_cast<uint32_t>(text.size())));
  out.Append(text);
}

// Eight to an octet, from the lowest bit up.
void AppendBools(std::string_view bools, TextBuffer& out) {
  for (size_t i = 0; i < bools.size(); i += 8) {
    uint8_t octet = 0;
    for (size_t bit = 0; bit < 8 && i + bit < bools.size(); ++bit) {
      octet = static_cast<uint8_t>(octet | bools[i + bit] << bit);
    }
    out.Append(static_cast<char>(octet));
  }
}

size_t OctetsIn(PhysicalType type) {
  switch (type) {
    case PhysicalType::kBoolean: return 1;
    case PhysicalType::kInt32: return sizeof(int32_t);
    case PhysicalType::kInt64:
    case PhysicalType::kByteArray: break;
  }
  return sizeof(int64_t);
}

// The low octets of `value`, as many as the type has.
std::string_view PlainInteger(const int64_t& value, PhysicalType type) {
  return OctetsOf(value).substr(0, OctetsIn(type));
}

Bound IntegerBound(int64_t value, PhysicalType type) {
  return {std::string(PlainInteger(value, type)), true};
}

}  // namespace

ColumnChunk::ColumnChunk(Leaf leaf, ZstdBlocks& compressor)
    : leaf_(std::move(leaf)),
      compressor_(compressor),
      numbering_(leaf_.type != PhysicalType::kBoolean),
      dictionary_(leaf_.type == PhysicalType::kByteArray
                      ? Dictionary::Form::kBehindLength
                      : Dictionary::Form::kBare) {
  if (leaf_.max_definition > 0) definitions_.reserve(kPageRows);
  if (leaf_.max_repetition > 0) repetitions_.reserve(kPageRows);
  if (numbering_) numbers_.reserve(kPageRows);
}

void ColumnChunk::AddLevels(std::span<const uint8_t> definitions,
                            std::span<const uint8_t> repetitions) {
  assert(definitions.size() == repetitions.size());
  page_values_ += static_cast<int64_t>(definitions.size());
  page_nulls_ += static_cast<int64_t>(definitions.size());  // Values follow.
  if (leaf_.max_definition > 0) {
    definitions_.insert(definitions_.end(), definitions.begin(),
                        definitions.end());
  }
  if (leaf_.max_repetition > 0) {
    repetitions_.insert(repetitions_.end(), repetitions.begin(),
                        repetitions.end());
  }
}

void ColumnChunk::AddIntegers(std::span<const int64_t> values) {
  page_nulls_ -= static_cast<int64_t>(values.size());
  const size_t numbered = numbering_ ? NumberIntegers(values) : 0;
  AddPlain(values.subspan(numbered));
}

// Of each value all octets are written, and the next one over those that are
// too many.
void ColumnChunk::AddPlain(std::span<const int64_t> values) {
  const size_t octets = OctetsIn(leaf_.type);
  IntegerBounds bounds = page_integers_;
  char* to = plain_.Room(values.size() * sizeof(int64_t));
  for (const int64_t value : values) {
    bounds.Add(value);
    std::memcpy(to, &value, sizeof(value));
    to += octets;
  }
  plain_.Take(to);
  page_integers_ = bounds;
}

// Returns how many have been numbered when values are not any more. In many
// columns nearly every value is the one before it.
size_t ColumnChunk::NumberIntegers(std::span<const int64_t> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    const int64_t value = values[i];
    if (!numbers_.empty() && value == last_integer_) {
      numbers_.push_back(numbers_.back());
      continue;
    }
    last_integer_ = value;
    page_integers_.Add(value);
    const std::string_view octets = PlainInteger(value, leaf_.type);
    if (!NumberValue(octets, Dictionary::HashOf(value))) return i;
  }
  return values.size();
}

void ColumnChunk::AddTexts(std::span<const std::string_view> texts) {
  assert(leaf_.type == PhysicalType::kByteArray);
  page_nulls_ -= static_cast<int64_t>(texts.size());
  if (leaf_.has_bloom_filter) {
    for (const std::string_view text : texts) {
      hashes_.push_back(BloomHash(ValidUtf8(text, repaired_)));
    }
  }
  const size_t numbered = numbering_ ? NumberTexts(texts) : 0;
  for (const std::string_view text : texts.subspan(numbered)) {
    const std::string_view value = ValidUtf8(text, repaired_);
    page_texts_.Add(value);
    AppendText(value, plain_);
  }
}

// Returns how many have been numbered when values are not any more.
size_t ColumnChunk::NumberTexts(std::span<const std::string_view> texts) {
  if (dictionary_.size() < kCold) return NumberRecent(texts);
  text_hashes_.clear();
  for (const std::string_view text : texts) {
    text_hashes_.push_back(Dictionary::HashOf(text));
  }
  dictionary_.Fetch(text_hashes_);
  size_t numbered = 0;
  while (numbered < texts.size() &&
         NumberText(texts[numbered], text_hashes_[numbered])) {
    ++numbered;
  }
  return numbered;
}

// Mostly the text before is at the same place as well.
size_t ColumnChunk::NumberRecent(std::span<const std::string_view> texts) {
  const uint64_t holds_until = texts_forgotten_ + 1;
  for (size_t i = 0; i < texts.size();) {
    const std::string_view text = texts[i];
    const auto is_here = [text](std::string_view other) {
      return other.data() == text.data() && other.size() == text.size();
    };
    const auto place = reinterpret_cast<uintptr_t>(text.data());
    RecentText& recent =
        recent_[place * 0x9E3779B97F4A7C15 >> (64 - kRecentBits)];
    if (is_here({recent.data, recent.size}) &&
        recent.holds_until == holds_until) {
      numbers_.push_back(recent.number);
    } else if (NumberText(text, Dictionary::HashOf(text))) {
      recent = {text.data(), static_cast<uint32_t>(text.size()),
                numbers_.back(), holds_until};
    } else {
      return i;
    }
    size_t next = i + 1;
    while (next < texts.size() && is_here(texts[next])) ++next;
    numbers_.insert(numbers_.end(), next - i - 1, numbers_.back());
    i = next;
  }
  return texts.size();
}

// What the dictionary has is known to be UTF-8.
bool ColumnChunk::NumberText(std::string_view text, uint32_t hash) {
  if (const auto number = dictionary_.Find(text, hash)) {
    numbers_.push_back(*number);
    return true;
  }
  const std::string_view value = ValidUtf8(text, repaired_);
  if (value.data() == text.data()) return NumberNew(value, hash);
  return NumberValue(value, Dictionary::HashOf(value));
}

// False when values are not numbered any more.
bool ColumnChunk::NumberValue(std::string_view value, uint32_t hash) {
  if (const auto number = dictionary_.Find(value, hash)) {
    numbers_.push_back(*number);
    return true;
  }
  return NumberNew(value, hash);
}

// What the chunk's first values foretell of the others: a column of which
// there are 65,000 values, all as frequent, would show eight twice.
bool ColumnChunk::HardlyRepeats() const {
  return numbers_.size() == kForetelling && numbers_before_page_ == 0 &&
         dictionary_.size() + kForetelling / 128 >= kForetelling;
}

// The same of a value that the dictionary does not have.
bool ColumnChunk::NumberNew(std::string_view value, uint32_t hash) {
  if (!HardlyRepeats()) {
    if (const auto number = dictionary_.Add(value, hash)) {
      numbers_.push_back(*number);
      return true;
    }
  }
  GiveUpDictionary();
  return false;
}

// The bounds of the open page take in the texts that it has numbers of, each
// once however often it came.
void ColumnChunk::BoundNumbered() {
  if (leaf_.type != PhysicalType::kByteArray || numbers_.empty()) return;
  size_t unseen = dictionary_.size();
  seen_.assign(unseen, 0);
  for (const uint32_t number : numbers_) {
    if (seen_[number] != 0) continue;
    seen_[number] = 1;
    if (--unseen == 0) break;
  }
  for (size_t number = 0; number < seen_.size(); ++number) {
    if (seen_[number] == 0) continue;
    page_texts_.Add(dictionary_.value(static_cast<uint32_t>(number)));
  }
}

// The open page becomes a plain one, and what it alone brought into the
// dictionary goes: a dictionary that no page needs leaves no trace.
void ColumnChunk::GiveUpDictionary() {
  BoundNumbered();
  for (const uint32_t number : numbers_) {
    plain_.Append(dictionary_.plain(number));
  }
  numbers_.clear();
  dictionary_.Truncate(numbers_before_page_);
  numbering_ = false;
}

void ColumnChunk::CutPage() {
  // A first page with hardly a value twice foretells the others.
  if (numbering_ && numbers_before_page_ == 0 &&
      2 * dictionary_.size() > numbers_.size()) {
    if (numbers_.size() >= 1000) GiveUpDictionary();
  }
  BoundNumbered();
  body_.Clear();
  AppendLevels(repetitions_, leaf_.max_repetition);
  AppendLevels(definitions_, leaf_.max_definition);
  AppendPage(EncodeValues());
  integers_.Add(std::exchange(page_integers_, {}));
  texts_.Add(std::exchange(page_texts_, {}));
  nulls_ += std::exchange(page_nulls_, 0);
  rows_ += std::exchange(page_rows_, 0);
  sealed_.values += std::exchange(page_values_, 0);
  numbers_before_page_ = dictionary_.size();
  definitions_.clear();
  repetitions_.clear();
  numbers_.clear();
  plain_.Clear();
}

// Levels stand behind their length; where no level can be, there is nothing.
void ColumnChunk::AppendLevels(std::span<const uint8_t> levels,
                               uint8_t largest) {
  if (largest == 0) return;
  levels_.Clear();
  AppendHybrid(levels, BitWidth(largest), levels_);
  body_.Append(OctetsOf(static_cast<uint32_t>(levels_.size())));
  body_.Append(levels_.view());
}

// A page without values is a plain one: readers look for the dictionary of a
// numbered page, and there may be none.
ColumnChunk::PageEncoding ColumnChunk::EncodeValues() {
  if (!numbers_.empty()) {
    const int width = BitWidth(static_cast<uint32_t>(dictionary_.size() - 1));
    body_.Append(static_cast<char>(width));
    AppendHybrid(numbers_, width, body_);
    return {kDictionaryEncoding, true};
  }
  if (leaf_.type == PhysicalType::kBoolean) {
    AppendBools(plain_.view(), body_);
    plain_.Clear();
  }
  return {kPlainEncoding, false};
}

// Where the values are plain, they stand behind `body_`: two columns may well
// have the same ones, as `input` and `domain` have.
void ColumnChunk::AppendPage(PageEncoding encoding) {
  const std::string_view compressed =
      encoding.numbered
          ? compressor_.Compress(body_.view(), ZstdBlocks::Content::kNumbers)
          : compressor_.CompressBehind(body_.view(), plain_.view());
  const size_t size = body_.size() + plain_.size();
  std::string& pages = sealed_.data_pages;
  const size_t start = pages.size();
  AppendDataPageHeader(size, compressed, page_values_, encoding.id, pages);
  sealed_.uncompressed_bytes +=
      static_cast<int64_t>(pages.size() - start + size);
  pages.append(compressed);
  sealed_.numbered_pages += encoding.numbered ? 1 : 0;
  sealed_.pages.push_back(
      {static_cast<int64_t>(start), static_cast<int32_t>(pages.size() - start),
       rows_, StatisticsOf(page_integers_, page_texts_, page_nulls_)});
}

void ColumnChunk::AppendDictionaryPage() {
  if (dictionary_.size() == 0) return;
  const std::string_view body = dictionary_.bytes();
  const std::string_view compressed =
      compressor_.Compress(body, ZstdBlocks::Content::kValues);
  std::string& page = sealed_.dictionary_page;
  AppendDictionaryPageHeader(body.size(), compressed, dictionary_.size(), page);
  sealed_.uncompressed_bytes += static_cast<int64_t>(page.size() + body.size());
  page.append(compressed);
}

ValueStatistics ColumnChunk::StatisticsOf(const IntegerBounds& integers,
                                          const TextBounds& texts,
                                          int64_t nulls) const {
  ValueStatistics statistics;
  statistics.nulls = nulls;
  if (!texts.empty()) {
    statistics.least = LowerBound(texts.least());
    statistics.greatest = UpperBound(texts.greatest());
  } else if (!integers.empty()) {
    statistics.least = IntegerBound(integers.least(), leaf_.type);
    statistics.greatest = IntegerBound(integers.greatest(), leaf_.type);
  }
  return statistics;
}

SealedChunk ColumnChunk::Seal() {
  if (page_rows_ > 0) CutPage();
  AppendDictionaryPage();
  sealed_.statistics = StatisticsOf(integers_, texts_, nulls_);
  if (leaf_.has_bloom_filter) sealed_.bloom_filter = BloomFilter(hashes_);
  hashes_.clear();
  integers_ = {};
  texts_ = {};
  nulls_ = 0;
  rows_ = 0;
  dictionary_.Clear();
  numbers_before_page_ = 0;
  ForgetTexts();  // Their numbers are gone.
  numbering_ = leaf_.type != PhysicalType::kBoolean;
  return std::exchange(sealed_, {});
}

size_t ColumnChunk::memory() const {
  return sealed_.data_pages.size() + plain_.size() + definitions_.size() +
         repetitions_.size() + dictionary_.bytes().size() +
         numbers_.size() * sizeof(uint32_t) +
         hashes_.size() * sizeof(uint64_t) +
         sealed_.pages.size() * (sizeof(PageSummary) + 2 * kLongestBound);
}

}  // namespace mxscan
