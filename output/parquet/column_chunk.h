// ColumnChunk gathers the values of one leaf column, up to a row group, as
// compressed pages: data pages of version 1, values numbered by a dictionary
// as long as that pays and plain after that, with bounds and counts of nulls
// for every page. Its memory is that of the compressed pages, of one open
// page, and of the dictionary (1 MiB at most).
//
// Levels are those of Dremel: the repetition level of a value says at which
// list it goes on, the definition level how much of its path is there.
//
//   chunk.AddText("mx1.example", /*repetition=*/0);
//   chunk.AddText("mx2.example", /*repetition=*/1);
//   chunk.EndRows(1);
//
// One thread.

#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/codec.h"
#include "output/parquet/bounds.h"
#include "output/parquet/dictionary.h"

namespace mxscan {

// Types as parquet.thrift numbers them.
enum class PhysicalType : uint8_t {
  kBoolean = 0,
  kInt32 = 1,
  kInt64 = 2,
  kByteArray = 6,
};

// A column of values in the schema's tree.
struct Leaf {
  std::vector<std::string> path;
  PhysicalType type;
  uint8_t max_definition = 0;
  uint8_t max_repetition = 0;
  bool has_bloom_filter = false;  // For texts only.
};

// What is known of the values of a page or a chunk. Without a value that is
// not null there are no bounds.
struct ValueStatistics {
  int64_t nulls = 0;
  std::optional<Bound> least;
  std::optional<Bound> greatest;
};

struct PageSummary {
  int64_t offset;  // From the first data page of its chunk.
  int32_t size;    // With its header.
  int64_t first_row;
  ValueStatistics statistics;
};

// A chunk as it goes into the file: the dictionary page, then the data pages.
struct SealedChunk {
  std::string dictionary_page;  // Empty when there is none.
  std::string data_pages;
  int64_t values = 0;              // With nulls.
  int64_t uncompressed_bytes = 0;  // Of all pages, with their headers.
  int32_t numbered_pages = 0;      // Data pages that need the dictionary.
  std::vector<PageSummary> pages;
  ValueStatistics statistics;
  std::string bloom_filter;  // Empty when there is none.
};

class ColumnChunk {
 public:
  // A page ends with the call of EndRows that makes it as long as one of these.
  static constexpr int64_t kPageRows = 20'000;
  static constexpr size_t kPageBytes = size_t{1} << 20;

  // `compressor` must outlive this.
  ColumnChunk(Leaf leaf, ZstdBlocks& compressor);

  const Leaf& leaf() const { return leaf_; }

  // Adds what is missing where the path ends at `definition`.
  // REQUIRES: definition < leaf().max_definition.
  void AddNull(uint8_t definition, uint8_t repetition) {
    assert(definition < leaf_.max_definition);
    AddLevels(definition, repetition);
    ++page_nulls_;
  }

  // Adds a value. REQUIRES: it is of the leaf's type, and texts are UTF-8.
  void AddInteger(int64_t value, uint8_t repetition);
  void AddBool(bool value, uint8_t repetition);
  void AddText(std::string_view value, uint8_t repetition);

  // Adds `value` if the dictionary has it, which tells that it is UTF-8; else
  // returns false.
  bool AddKnownText(std::string_view value, uint8_t repetition);

  // Whether it pays to foresee texts before they are added, and then to have
  // what was foreseen fetched from memory.
  bool is_cold() const { return numbering_ && dictionary_.size() >= kCold; }
  void Foresee(std::string_view text) { dictionary_.Foresee(text); }
  void FetchForeseen() { dictionary_.FetchForeseen(); }

  // The rows begun since the last call end here: the fewer calls, the less
  // memory is touched. A page ends where rows do.
  void EndRows(int64_t rows) {
    page_rows_ += rows;
    const size_t bytes = plain_.size() + numbers_.size() * sizeof(uint32_t);
    if (page_rows_ >= kPageRows || bytes >= kPageBytes) CutPage();
  }

  // Ends the chunk and gives it away; this begins a new one.
  SealedChunk Seal();

  // Bytes that this holds, nearly.
  size_t memory() const;

 private:
  // A dictionary of so many values is seldom in the processor's first cache.
  static constexpr size_t kCold = 500;

  struct PageEncoding {
    int32_t id;
    bool numbered;
  };

  void AddLevels(uint8_t definition, uint8_t repetition) {
    if (leaf_.max_definition > 0) definitions_.push_back(definition);
    if (leaf_.max_repetition > 0) repetitions_.push_back(repetition);
    ++page_values_;
  }
  bool HardlyRepeats() const;
  void AddOctets(std::string_view octets);
  bool Number(std::string_view value);
  void BoundNumbered();
  void GiveUpDictionary();
  void CutPage();
  PageEncoding EncodeValues(std::string& body) const;
  void AppendPage(std::string_view body, PageEncoding encoding);
  void AppendDictionaryPage();
  ValueStatistics StatisticsOf(const IntegerBounds& integers,
                               const TextBounds& texts, int64_t nulls) const;

  const Leaf leaf_;
  ZstdBlocks& compressor_;

  // The open page.
  std::vector<uint8_t> definitions_;
  std::vector<uint8_t> repetitions_;
  std::vector<uint32_t> numbers_;  // Of values, in the dictionary,
  std::string plain_;              // or the values (bools: an octet each).
  int64_t page_values_ = 0;
  int64_t page_nulls_ = 0;
  int64_t page_rows_ = 0;
  IntegerBounds page_integers_;
  int64_t last_integer_ = 0;  // Of those added.
  TextBounds page_texts_;     // Of those without a number.

  // The chunk.
  bool numbering_;  // New values go into the dictionary.
  Dictionary dictionary_;
  size_t numbers_before_page_ = 0;  // Dictionary's size when the page began.
  int64_t rows_ = 0;
  int64_t nulls_ = 0;
  IntegerBounds integers_;
  TextBounds texts_;
  std::vector<uint64_t> hashes_;  // Of texts, for the Bloom filter.
  SealedChunk sealed_;

  std::string body_;  // Scratch, as is the next.
  std::vector<bool> seen_;
};

}  // namespace mxscan
