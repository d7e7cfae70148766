// The compressions that outputs need; zlib's and zstd's only door. Each object
// is driven by one thread.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "output/byte_sink.h"

namespace mxscan {

enum class Compression : uint8_t { kNone, kGzip, kZstd };

// Puts a compressor before `destination`: every chunk becomes one whole gzip
// member or zstd frame, so that what a file holds is whole at any moment, and
// after a full disk as well. Readers take members and frames in a row as one
// stream. kNone gives `destination` back.
std::unique_ptr<ByteSink> Compressed(Compression compression,
                                     std::unique_ptr<ByteSink> destination);

// Compresses blocks of bytes by zstd, each on its own, with a state and memory
// that are made once.
class ZstdBlocks {
 public:
  // What a block is made of says how hard it pays to look for what repeats.
  enum class Content : uint8_t {
    kLines,    // Of text, as a table's rows are.
    kValues,   // Of one column, side by side.
    kNumbers,  // Of a few bits each.
  };

  ZstdBlocks();
  ~ZstdBlocks();
  ZstdBlocks(const ZstdBlocks&) = delete;
  ZstdBlocks& operator=(const ZstdBlocks&) = delete;

  // `block`, compressed. The view holds until the next call.
  // REQUIRES: block is under 1 GiB.
  std::string_view Compress(std::string_view block, Content content);

  // The same of `head` and `tail`, one behind the other: values, and a little
  // before them. Where `tail` is that of the last such call, it is not
  // compressed again.
  std::string_view CompressBehind(std::string_view head, std::string_view tail);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The CRC-32 of gzip and of Parquet's pages.
uint32_t Crc32(std::string_view bytes);

}  // namespace mxscan
