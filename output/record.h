// Record is one row: what a sink writes for one input line. Plain data, typed
// and nested as the columns of schema.h; strings and lists are views into the
// RecordBatch that holds the row (or, in a test, into literals).
//
// A nullopt, or a null view of an optional list, is "not asked": it is never
// used for "asked, and there was none", which is the empty value.
//
// RecordBatch is filled by one thread and handed over whole to another; it
// never runs on two at once. clear() keeps its memory, so that batches which
// go round between a shard and the writer allocate nothing once warm.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "output/row_arena.h"

namespace mxscan {

// In whose network an address is; null where that is not known.
struct AddressNetwork {
  std::optional<int64_t> asn;
  std::optional<std::string_view> name;
  std::optional<std::string_view> country;
};

// One mail exchanger of a row.
struct MxRecord {
  int32_t preference = 0;
  std::string_view exchange;
  int64_t ttl = 0;
  std::string_view state;
  std::optional<std::string_view> alias;
  std::span<const std::string_view> addresses;
  std::span<const std::string_view> unknown;
  std::optional<std::string_view> provider;
  // Of the addresses, in their order; empty where nobody looked.
  std::span<const AddressNetwork> networks = {};
};

// One thing that is wrong with a row's domain, or worth knowing.
struct FindingRecord {
  std::string_view id;
  std::string_view severity;
  std::string_view subject;
  std::optional<std::string_view> detail;
  std::string_view message;
  std::string_view remedy;
  std::string_view reference;
};

struct Record {
  using StringList = std::span<const std::string_view>;

  int64_t place = 0;  // In the whole input, from 0; no column.
  int64_t line = 0;
  std::optional<std::string_view> input_file;
  std::string_view input;  // Any octets; sinks make them valid UTF-8.
  std::optional<std::string_view> domain;
  std::string_view status;
  std::optional<std::string_view> detail;
  std::optional<int64_t> scanned_at_us;  // Unix time, microseconds.
  std::optional<int32_t> mx_count;
  std::optional<std::string_view> alias;
  std::optional<std::span<const MxRecord>> mx;
  std::optional<StringList> addresses;
  std::optional<std::string_view> primary_mx;
  std::optional<std::string_view> provider;
  std::optional<StringList> providers;
  std::optional<std::string_view> provider_name;
  std::optional<std::string_view> provider_category;
  std::optional<std::string_view> provider_via;
  std::optional<std::string_view> mx_domain;
  std::optional<StringList> backend;
  std::optional<std::string_view> backend_via;
  std::optional<bool> authenticated;
  std::optional<std::string_view> resolver;
  std::optional<std::string_view> protocol;
  std::optional<int32_t> attempts;
  std::optional<int64_t> rtt_us;
  AddressNetwork network;  // Of the first address of `primary_mx`.
  std::span<const AddressNetwork> networks;  // Of `addresses`, as above.
  std::optional<StringList> findings;        // Distinct ids, most severe first.
  StringList finding_severities;             // The worst of each; no column.
  std::optional<std::string_view> severity;
  // What the groups of checks learnt; empty text: there is none, for certain.
  std::optional<std::string_view> spf;
  std::optional<int32_t> spf_lookups;
  std::optional<int32_t> spf_void;
  std::optional<std::string_view> dmarc;
  std::optional<std::string_view> dmarc_policy;
  std::optional<std::string_view> dmarc_location;
  std::optional<std::string_view> mta_sts;
  std::optional<std::string_view> mta_sts_mode;
  std::optional<std::string_view> tls_rpt;
  std::optional<std::string_view> dane;
  std::optional<StringList> dkim_selectors;
  std::optional<std::string_view> ptr;
  // All of the findings, when rows of them are wanted.
  std::span<const FindingRecord> finding_rows;
};

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
