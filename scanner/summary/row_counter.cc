#include "scanner/summary/row_counter.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <span>
#include <utility>

namespace mxscan {
namespace {

constexpr uint32_t kNull = UINT32_MAX;

// The texts of a row that are counted, besides its status, which is never null,
// and the last label of its domain.
constexpr NullableText Record::*kTexts[] = {
    &Record::provider, &Record::provider_category, &Record::provider_via,
    &Record::backend_via};

NullableText TldOf(const Record& row) {
  if (!row.domain) return std::nullopt;
  return Survey::TldOf(*row.domain);
}

std::string_view OctetsOf(const uint32_t& number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

}  // namespace

size_t RowCounter::TextHash::operator()(std::string_view text) const noexcept {
  return XXH3_64bits(text.data(), text.size());
}

void RowCounter::Add(const Record& row) {
  tally_.AddOwn(row);
  WriteShape(row);
  const auto found = index_.find(shape_.view());
  if (found != index_.end()) {
    ++counts_[found->second];
    return;
  }
  if (counts_.size() == kMostShapes) Settle();
  index_.emplace(samples_.Keep(shape_.view()), counts_.size());
  counts_.push_back(1);
  KeepSample(row);
}

Tally RowCounter::Take() {
  Settle();
  return std::exchange(tally_, {});
}

// Each text behind its length, so that no two shapes are the same octets.
void RowCounter::WriteShape(const Record& row) {
  shape_.Clear();
  WriteText(row.status);
  WriteText(TldOf(row));
  for (const auto text : kTexts) WriteText(row.*text);
  WriteList(row.backend);
  WriteList(row.findings);
  WriteList(row.finding_severities);
}

void RowCounter::WriteText(NullableText text) {
  const auto size = text ? static_cast<uint32_t>(text->size()) : kNull;
  shape_.Append(OctetsOf(size));
  if (text) shape_.Append(*text);
}

void RowCounter::WriteList(NullableView<Record::StringList> list) {
  const auto size = list ? static_cast<uint32_t>(list->size()) : kNull;
  shape_.Append(OctetsOf(size));
  if (!list) return;
  for (const std::string_view text : *list) WriteText(text);
}

void RowCounter::KeepSample(const Record& row) {
  Record& sample = samples_.Add();
  sample.status = samples_.Keep(row.status);
  sample.domain = Keep(TldOf(row));
  for (const auto text : kTexts) sample.*text = Keep(row.*text);
  sample.backend = Keep(row.backend);
  sample.findings = Keep(row.findings);
  sample.finding_severities = *Keep(row.finding_severities);
}

NullableText RowCounter::Keep(NullableText text) {
  if (!text) return std::nullopt;
  return samples_.Keep(*text);
}

NullableView<Record::StringList> RowCounter::Keep(
    NullableView<Record::StringList> list) {
  if (!list) return std::nullopt;
  const auto kept = samples_.Allocate<std::string_view>(list->size());
  std::ranges::transform(*list, kept.begin(), [this](std::string_view text) {
    return samples_.Keep(text);
  });
  return kept;
}

void RowCounter::Settle() {
  const std::span<const Record> samples = samples_.rows();
  for (size_t i = 0; i < samples.size(); ++i) {
    tally_.AddShape(samples[i], counts_[i]);
  }
  index_.clear();
  counts_.clear();
  samples_.clear();
}

}  // namespace mxscan
