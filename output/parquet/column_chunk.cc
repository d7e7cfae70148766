#include "output/parquet/column_chunk.h"

#include <bit>
#include <cassert>
#include <cstring>
#include <span>
#include <utility>

#include "output/parquet/bloom_filter.h"
#include "output/parquet/file_metadata.h"
#include "output/parquet/hybrid.h"

namespace mxscan {
namespace {

// So many values tell whether they are worth numbering.
constexpr size_t kForetelling = 1024;

static_assert(std::endian::native == std::endian::little);

template <typename T>
std::string_view OctetsOf(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

void AppendText(std::string_view text, std::string& out) {
  out.append(OctetsOf(static_cast<uint32_t>(text.size())));
  out.append(text);
}

// Levels stand behind their length; where no level can be, there is nothing.
void AppendLevels(std::span<const uint8_t> levels, uint8_t largest,
                  std::string& out) {
  if (largest == 0) return;
  const size_t start = out.size();
  out.append(sizeof(uint32_t), '\0');
  AppendHybrid(levels, BitWidth(largest), out);
  const auto size =
      static_cast<uint32_t>(out.size() - start - sizeof(uint32_t));
  std::memcpy(out.data() + start, &size, sizeof(size));
}

// Eight to an octet, from the lowest bit up.
void AppendBools(std::string_view bools, std::string& out) {
  for (size_t i = 0; i < bools.size(); i += 8) {
    uint8_t octet = 0;
    for (size_t bit = 0; bit < 8 && i + bit < bools.size(); ++bit) {
      octet = static_cast<uint8_t>(octet | bools[i + bit] << bit);
    }
    out.push_back(static_cast<char>(octet));
  }
}

std::string PlainInteger(int64_t value, PhysicalType type) {
  switch (type) {
    case PhysicalType::kBoolean: return std::string(1, value != 0 ? 1 : 0);
    case PhysicalType::kInt32:
      return std::string(OctetsOf(static_cast<int32_t>(value)));
    case PhysicalType::kInt64:
    case PhysicalType::kByteArray: break;
  }
  return std::string(OctetsOf(value));
}

}  // namespace

ColumnChunk::ColumnChunk(Leaf leaf, ZstdBlocks& compressor)
    : leaf_(std::move(leaf)),
      compressor_(compressor),
      numbering_(leaf_.type != PhysicalType::kBoolean),
      dictionary_(leaf_.type == PhysicalType::kByteArray
                      ? Dictionary::Form::kBehindLength
                      : Dictionary::Form::kBare) {}

void ColumnChunk::AddBool(bool value, uint8_t repetition) {
  assert(leaf_.type == PhysicalType::kBoolean);
  AddLevels(leaf_.max_definition, repetition);
  page_integers_.Add(value ? 1 : 0);
  plain_.push_back(value ? 1 : 0);
}

void ColumnChunk::AddInteger(int64_t value, uint8_t repetition) {
  AddLevels(leaf_.max_definition, repetition);
  if (!numbers_.empty() && value == last_integer_) {
    return numbers_.push_back(numbers_.back());
  }
  last_integer_ = value;
  page_integers_.Add(value);
  if (leaf_.type == PhysicalType::kInt64) return AddOctets(OctetsOf(value));
  assert(leaf_.type == PhysicalType::kInt32);
  AddOctets(OctetsOf(static_cast<int32_t>(value)));
}

void ColumnChunk::AddOctets(std::string_view octets) {
  if (!Number(octets)) plain_.append(octets);
}

void ColumnChunk::AddText(std::string_view value, uint8_t repetition) {
  assert(leaf_.type == PhysicalType::kByteArray);
  AddLevels(leaf_.max_definition, repetition);
  if (leaf_.has_bloom_filter) hashes_.push_back(BloomHash(value));
  if (Number(value)) return;
  page_texts_.Add(value);
  AppendText(value, plain_);
}

// In many columns nearly every value is the one before it.
bool ColumnChunk::AddKnownText(std::string_view value, uint8_t repetition) {
  if (!numbering_) return false;
  std::optional<uint32_t> number;
  if (!numbers_.empty() && dictionary_.value(numbers_.back()) == value) {
    number = numbers_.back();
  } else {
    number = dictionary_.Find(value);
    if (!number) return false;
  }
  AddLevels(leaf_.max_definition, repetition);
  if (leaf_.has_bloom_filter) hashes_.push_back(BloomHash(value));
  numbers_.push_back(*number);
  return true;
}

// What the chunk's first values foretell of the others: a column of which
// there are 65,000 values, all as frequent, would show eight twice.
bool ColumnChunk::HardlyRepeats() const {
  return numbers_.size() == kForetelling && numbers_before_page_ == 0 &&
         dictionary_.size() + kForetelling / 128 >= kForetelling;
}

// False when values are not numbered any more.
bool ColumnChunk::Number(std::string_view value) {
  if (!numbering_) return false;
  if (!HardlyRepeats()) {
    if (const auto number = dictionary_.NumberOf(value)) {
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
  if (leaf_.type != PhysicalType::kByteArray) return;
  seen_.assign(dictionary_.size(), false);
  for (const uint32_t number : numbers_) {
    if (seen_[number]) continue;
    seen_[number] = true;
    page_texts_.Add(dictionary_.value(number));
  }
}

// The open page becomes a plain one, and what it alone brought into the
// dictionary goes: a dictionary that no page needs leaves no trace.
void ColumnChunk::GiveUpDictionary() {
  BoundNumbered();
  for (const uint32_t number : numbers_) {
    plain_.append(dictionary_.plain(number));
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
  body_.clear();
  AppendLevels(repetitions_, leaf_.max_repetition, body_);
  AppendLevels(definitions_, leaf_.max_definition, body_);
  AppendPage(body_, EncodeValues(body_));
  integers_.Add(std::exchange(page_integers_, {}));
  texts_.Add(std::exchange(page_texts_, {}));
  nulls_ += std::exchange(page_nulls_, 0);
  rows_ += std::exchange(page_rows_, 0);
  sealed_.values += std::exchange(page_values_, 0);
  numbers_before_page_ = dictionary_.size();
  definitions_.clear();
  repetitions_.clear();
  numbers_.clear();
  plain_.clear();
}

// A page without values is a plain one: readers look for the dictionary of a
// numbered page, and there may be none.
ColumnChunk::PageEncoding ColumnChunk::EncodeValues(std::string& body) const {
  if (!numbers_.empty()) {
    const int width = BitWidth(static_cast<uint32_t>(dictionary_.size() - 1));
    body.push_back(static_cast<char>(width));
    AppendHybrid(numbers_, width, body);
    return {kDictionaryEncoding, true};
  }
  if (leaf_.type == PhysicalType::kBoolean) {
    AppendBools(plain_, body);
  } else {
    body.append(plain_);
  }
  return {kPlainEncoding, false};
}

void ColumnChunk::AppendPage(std::string_view body, PageEncoding encoding) {
  const std::string_view compressed = compressor_.Compress(body);
  std::string& pages = sealed_.data_pages;
  const size_t start = pages.size();
  AppendDataPageHeader(body.size(), compressed, page_values_, encoding.id,
                       pages);
  sealed_.uncompressed_bytes +=
      static_cast<int64_t>(pages.size() - start + body.size());
  pages.append(compressed);
  sealed_.numbered_pages += encoding.numbered ? 1 : 0;
  sealed_.pages.push_back(
      {static_cast<int64_t>(start), static_cast<int32_t>(pages.size() - start),
       rows_, StatisticsOf(page_integers_, page_texts_, page_nulls_)});
}

void ColumnChunk::AppendDictionaryPage() {
  if (dictionary_.size() == 0) return;
  const std::string_view body = dictionary_.bytes();
  const std::string_view compressed = compressor_.Compress(body);
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
    statistics.least = Bound{PlainInteger(integers.least(), leaf_.type)};
    statistics.greatest = Bound{PlainInteger(integers.greatest(), leaf_.type)};
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
