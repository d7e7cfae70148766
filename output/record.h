// Record is one row: what a sink writes for one input line. Plain data, typed
// and nested as the columns of schema.h; strings and lists are views into the
// RecordBatch that holds the row (or, in a test, into literals).
//
// Null is "not asked": it is never used for "asked, and there was none", which
// is the empty value.
//
// RecordBatch is filled by one thread and handed over whole to another; it
// never runs on two at once. clear() keeps its memory, so that batches which
// go round between a shard and the writer allocate nothing once warm.

#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "output/nullable_view.h"
#include "output/row_arena.h"

namespace mxscan {

// In whose network an address is; null where that is not known.
struct AddressNetwork {
  std::optional<int64_t> asn;
  NullableText name;
  NullableText country;
};

// One mail exchanger of a row.
struct MxRecord {
  int32_t preference = 0;
  std::string_view exchange;
  int64_t ttl = 0;
  std::string_view state;
  NullableText alias;
  std::span<const std::string_view> addresses;
  std::span<const std::string_view> unknown;
  NullableText provider;
  // Of the addresses, in their order; empty where nobody looked.
  std::span<const AddressNetwork> networks = {};
};

// One thing that is wrong with a row's domain, or worth knowing.
struct FindingRecord {
  std::string_view id;
  std::string_view severity;
  std::string_view subject;
  NullableText detail;
  std::string_view message;
  std::string_view remedy;
  std::string_view reference;
};

// What the groups of checks learnt of a domain; empty text: there is none, for
// certain.
struct CheckRecord {
  NullableText spf;
  std::optional<int32_t> spf_lookups;
  std::optional<int32_t> spf_void;
  NullableText dmarc;
  NullableText dmarc_policy;
  NullableText dmarc_location;
  NullableText mta_sts;
  NullableText mta_sts_mode;
  NullableText tls_rpt;
  NullableText dane;
  NullableList<std::string_view> dkim_selectors;
  NullableText ptr;
};

// In whose networks a row's addresses are.
struct NetworkRecord {
  AddressNetwork primary;               // Of the first address of `primary_mx`.
  std::span<const AddressNetwork> own;  // Of the domain's own, in their order.
};

// Members that most rows have stand before those that few have.
struct Record {
  using StringList = std::span<const std::string_view>;

  int64_t place = 0;  // In the whole input, from 0; no column.
  int64_t line = 0;
  std::string_view input;  // Any octets; sinks make them valid UTF-8.
  NullableText domain;
  std::string_view status;
  std::optional<int64_t> scanned_at_us;  // Unix time, microseconds.
  std::optional<int64_t> rtt_us;
  std::optional<int32_t> mx_count;
  std::optional<int32_t> attempts;
  NullableText resolver;
  NullableText protocol;
  NullableList<MxRecord> mx;
  NullableText primary_mx;
  NullableText provider;
  NullableList<std::string_view> providers;
  NullableText provider_name;
  NullableText provider_category;
  NullableText provider_via;
  NullableText mx_domain;
  NullableList<std::string_view> findings;  // Distinct ids, most severe first.
  StringList finding_severities;            // The worst of each; no column.
  NullableText severity;
  std::optional<bool> authenticated;
  NullableText detail;
  NullableText alias;
  NullableList<std::string_view> addresses;
  NullableList<std::string_view> backend;
  NullableText backend_via;
  NullableText input_file;
  // Null where nobody looked: all that is in them is null.
  const NetworkRecord* networks = nullptr;
  const CheckRecord* checks = nullptr;
  // All of the findings, when rows of them are wanted.
  std::span<const FindingRecord> finding_rows;
};

// A row is written by one thread and read by another, out of memory: what it
// does not carry costs neither. What few rows have goes behind a pointer.
static_assert(sizeof(Record) <= 456);
static_assert(sizeof(MxRecord) <= 128);

class RecordBatch {
 public:
  // A batch of this size is worth handing over.
  static constexpr size_t kFullRows = 256;
  static constexpr size_t kFullBytes = size_t{256} << 10;

  RecordBatch() = default;
  RecordBatch(const RecordBatch&) = delete;
  RecordBatch& operator=(const RecordBatch&) = delete;

  // Copies `text` into the batch; the view holds until clear().
  std::string_view Keep(std::string_view text);

  // The same of a text that is written where it is kept: `write` is given room
  // for `most` octets, and returns how many it wrote.
  // REQUIRES: most <= RowArena::kLargest.
  template <typename Write>
  std::string_view KeepWritten(size_t most, Write write);

  // Room for `size` values in the batch, value-initialised.
  template <typename T>
  std::span<T> Allocate(size_t size);

  // A new row, all null. The reference holds until the next Add or clear.
  Record& Add();

  std::span<const Record> rows() const { return rows_; }
  bool empty() const { return rows_.empty(); }
  size_t size() const { return rows_.size(); }

  // Says that the batch should go to the writer; it can still take rows, so
  // that a writer without room loses none.
  bool full() const {
    return rows_.size() >= kFullRows || arena_.used() >= kFullBytes;
  }
  void clear();

 private:
  RowArena arena_;
  std::vector<Record> rows_;
};

template <typename Write>
std::string_view RecordBatch::KeepWritten(size_t most, Write write) {
  assert(most <= RowArena::kLargest);
  char* const text = static_cast<char*>(arena_.Allocate(most, 1));
  const auto size = static_cast<size_t>(write(text));
  arena_.GiveBack(most - size);
  return {text, size};
}

template <typename T>
std::span<T> RecordBatch::Allocate(size_t size) {
  static_assert(std::is_trivially_destructible_v<T>);
  void* memory = arena_.Allocate(size * sizeof(T), alignof(T));
  T* first = static_cast<T*>(memory);
  std::uninitialized_value_construct_n(first, size);
  return {first, size};
}

}  // namespace mxscan
