// ColumnChunk gathers the values of one leaf column, up to a row group, as
// compressed pages: data pages of version 1, values numbered by a dictionary
// as long as that pays and plain after that, with bounds and counts of nulls
// for every page. Its memory is that of the compressed pages, of one open
// page, and of the dictionary (1 MiB at most).
//
// Levels are those of Dremel: the repetition level of a value says at which
// list it goes on, the definition level how much of its path is there.
//
//   chunk.AddLevels(/*definitions=*/{2, 2, 0}, /*repetitions=*/{0, 1, 0});
//   chunk.AddTexts({"mx1.example", "mx2.example"});
//   chunk.EndRows(2);
//
// One thread.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/codec.h"
#include "output/parquet/bounds.h"
#include "output/parquet/dictionary.h"
#include "output/text_buffer.h"

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

  // Adds the levels of values, each there or missing, and then the values that
  // are there. Of levels that the leaf does not have, all are 0.
  // REQUIRES: as many of one as of the other; values of the leaf's type.
  void AddLevels(std::span<const uint8_t> definitions,
                 std::span<const uint8_t> repetitions);
  void AddIntegers(std::span<const int64_t> values);  // Or bools: 0 and 1.
  // A broken sequence of UTF-8 becomes U+FFFD. The texts must hold, and their
  // memory stay as it is, until ForgetTexts.
  void AddTexts(std::span<const std::string_view> texts);
  void ForgetTexts() { ++texts_forgotten_; }

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

  // A text that has a number. Where a column has few texts, rows share them,
  // and another at the same place is the same.
  struct RecentText {
    const char* data = nullptr;
    uint32_t size = 0;
    uint32_t number = 0;
    uint64_t holds_until = 0;  // The next value of `texts_forgotten_`.
  };
  static constexpr int kRecentBits = 4;

  struct PageEncoding {
    int32_t id;
    bool numbered;
  };

  bool HardlyRepeats() const;
  size_t NumberIntegers(std::span<const int64_t> values);
  void AddPlain(std::span<const int64_t> values);
  size_t NumberTexts(std::span<const std::string_view> texts);
  size_t NumberRecent(std::span<const std::string_view> texts);
  bool NumberText(std::string_view text, uint32_t hash);
  bool NumberValue(std::string_view value, uint32_t hash);
  bool NumberNew(std::string_view value, uint32_t hash);
  void BoundNumbered();
  void GiveUpDictionary();
  void CutPage();
  void AppendLevels(std::span<const uint8_t> levels, uint8_t largest);
  PageEncoding EncodeValues();
  void AppendPage(PageEncoding encoding);
  void AppendDictionaryPage();
  ValueStatistics StatisticsOf(const IntegerBounds& integers,
                               const TextBounds& texts, int64_t nulls) const;

  const Leaf leaf_;
  ZstdBlocks& compressor_;

  // The open page.
  std::vector<uint8_t> definitions_;
  std::vector<uint8_t> repetitions_;
  std::vector<uint32_t> numbers_;  // Of values, in the dictionary,
  TextBuffer plain_;               // or the values (bools: an octet each).
  int64_t page_values_ = 0;        // With nulls.
  int64_t page_nulls_ = 0;         // And values that are still to come.
  int64_t page_rows_ = 0;
  IntegerBounds page_integers_;
  int64_t last_integer_ = 0;  // Of those added.
  TextBounds page_texts_;     // Of those without a number.

  // The chunk.
  bool numbering_;  // New values go into the dictionary.
  Dictionary dictionary_;
  std::array<RecentText, size_t{1} << kRecentBits> recent_;
  uint64_t texts_forgotten_ = 0;    // How often.
  size_t numbers_before_page_ = 0;  // Dictionary's size when the page began.
  int64_t rows_ = 0;
  int64_t nulls_ = 0;
  IntegerBounds integers_;
  TextBounds texts_;
  std::vector<uint64_t> hashes_;  // Of texts, for the Bloom filter.
  SealedChunk sealed_;

  TextBuffer body_;  // Scratch, as are the next.
  TextBuffer levels_;
  std::vector<uint8_t> seen_;
  std::vector<uint32_t> text_hashes_;
  std::string repaired_;
};

}  // namespace mxscan
