#include "scanner/survey/top_counts.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

constexpr std::string_view kReserved = " ,%\x7f";
// No scan comes to more, and a few thousand of these can be added up.
constexpr int64_t kMostDomains = int64_t{1} << 50;

bool IsReserved(char c) {
  return static_cast<unsigned char>(c) < ' ' ||
         kReserved.find(c) != kReserved.npos;
}

void AppendKey(std::string_view key, std::string& out) {
  for (const char c : key) {
    if (IsReserved(c)) {
      absl::StrAppend(
          &out, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    } else {
      out.push_back(c);
    }
  }
}

template <typename Number>
std::optional<Number> ReadNumber(std::string_view text, int base) {
  Number value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value, base);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

std::optional<std::string> ReadKey(std::string_view text) {
  std::string key;
  while (!text.empty()) {
    if (text.front() != '%') {
      if (IsReserved(text.front())) return std::nullopt;
      key.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    if (text.size() < 3) return std::nullopt;
    const auto octet = ReadNumber<uint8_t>(text.substr(1, 2), 16);
    if (!octet) return std::nullopt;
    key.push_back(static_cast<char>(*octet));
    text.remove_prefix(3);
  }
  return key;
}

std::optional<int64_t> ReadCount(std::string_view text) {
  const auto count = ReadNumber<int64_t>(text, 10);
  if (!count || *count < 0 || *count > kMostDomains) return std::nullopt;
  return count;
}

// Takes the text up to `mark`, and the mark, from the front of `text`.
std::string_view TakeField(std::string_view& text, char mark) {
  const size_t end = std::min(text.find(mark), text.size());
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return field;
}

// Reads KEY,COUNT[,WITNESS...].
std::optional<TopCounts::Counted> ReadCounted(std::string_view text) {
  TopCounts::Counted counted;
  const std::optional<std::string> key = ReadKey(TakeField(text, ','));
  const std::optional<int64_t> count = ReadCount(TakeField(text, ','));
  if (!key || !count || *count == 0) return std::nullopt;
  counted.key = *key;
  counted.entry.count = *count;
  while (!text.empty()) {
    const auto witness = ReadNumber<uint32_t>(TakeField(text, ','), 16);
    if (!witness || *witness == 0) return std::nullopt;
    counted.entry.Witness(*witness);
  }
  return counted;
}

bool IsBefore(const TopCounts::Counted& a, const TopCounts::Counted& b) {
  return a.entry.count != b.entry.count ? a.entry.count > b.entry.count
                                        : a.key < b.key;
}

}  // namespace

size_t TopCounts::TextHash::operator()(std::string_view text) const noexcept {
  return XXH3_64bits(text.data(), text.size());
}

void TopCounts::Entry::Witness(uint32_t hash) {
  for (uint32_t& place : witnesses) {
    if (place == hash || hash == 0) return;
    if (place == 0 || hash < place) std::swap(place, hash);
  }
}

int TopCounts::Entry::Witnesses() const {
  return kWitnesses - static_cast<int>(std::ranges::count(witnesses, 0U));
}

TopCounts::Entry& TopCounts::EntryOf(std::string_view key) {
  const auto found = entries_.find(key);
  if (found != entries_.end()) return found->second;
  return entries_.emplace(std::string(key), Entry()).first->second;
}

void TopCounts::Add(std::string_view key, int64_t count, uint32_t witness) {
  Entry& entry = EntryOf(key);
  entry.count += count;
  entry.Witness(witness);
  if (entries_.size() > kMost) Prune();
}

void TopCounts::Add(const TopCounts& other) {
  missing_ += other.missing_;
  for (const auto& [key, counted] : other.entries_) {
    Entry& entry = EntryOf(key);
    entry.count += counted.count;
    for (const uint32_t hash : counted.witnesses) entry.Witness(hash);
  }
  if (entries_.size() > kMost) Prune();
}

void TopCounts::Prune() {
  std::vector<int64_t> counts;
  counts.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) counts.push_back(entry.count);
  const auto first_to_go = counts.begin() + kKept;
  std::nth_element(counts.begin(), first_to_go, counts.end(), std::greater<>());
  const int64_t part = *first_to_go;
  missing_ += part;
  absl::erase_if(entries_, [part](auto& item) {
    return (item.second.count -= part) <= 0;
  });
}

int64_t TopCounts::CountOf(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? 0 : found->second.count;
}

std::vector<TopCounts::Counted> TopCounts::Sorted() const {
  std::vector<Counted> sorted;
  sorted.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) sorted.push_back({key, entry});
  std::ranges::sort(sorted, IsBefore);
  return sorted;
}

std::string TopCounts::ToText(size_t most) const {
  const std::vector<Counted> sorted = Sorted();
  int64_t missing = missing_;
  if (sorted.size() > most) missing += sorted[most].entry.count;
  std::string text = absl::StrCat(missing);
  for (size_t i = 0; i < std::min(most, sorted.size()); ++i) {
    text.push_back(' ');
    AppendKey(sorted[i].key, text);
    absl::StrAppend(&text, ",", sorted[i].entry.count);
    for (const uint32_t hash : sorted[i].entry.witnesses) {
      if (hash != 0) absl::StrAppend(&text, ",", absl::Hex(hash));
    }
  }
  return text;
}

std::optional<TopCounts> TopCounts::FromText(std::string_view text) {
  TopCounts read;
  const std::optional<int64_t> missing = ReadCount(TakeField(text, ' '));
  if (!missing) return std::nullopt;
  read.missing_ = *missing;
  while (!text.empty()) {
    const std::optional<Counted> counted = ReadCounted(TakeField(text, ' '));
    if (!counted) return std::nullopt;
    const auto [place, is_new] =
        read.entries_.emplace(counted->key, counted->entry);
    if (!is_new) return std::nullopt;
  }
  return read;
}

}  // namespace mxscan
