#include "output/codec.h"

#include <zlib.h>
#include <zstd.h>

#include <cassert>
#include <cstdlib>
#include <utility>

namespace mxscan {
namespace {

// Neither library fails on memory of the right size, save for lack of memory,
// of which the rest of the program dies as well.
void Require(bool succeeded) {
  if (!succeeded) std::abort();
}

class GzipSink final : public ByteSink {
 public:
  explicit GzipSink(std::unique_ptr<ByteSink> destination)
      : destination_(std::move(destination)) {
    constexpr int kGzip = 15 + 16;  // A window of 32 KiB, and gzip's frame.
    constexpr int kMemoryLevel = 8;
    Require(deflateInit2(&stream_, kLevel, Z_DEFLATED, kGzip, kMemoryLevel,
                         Z_DEFAULT_STRATEGY) == Z_OK);
  }
  ~GzipSink() override { deflateEnd(&stream_); }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  absl::Status Write(std::string_view chunk) override {
    Require(deflateReset(&stream_) == Z_OK);
    const uLong bound =
        deflateBound(&stream_, static_cast<uLong>(chunk.size()));
    compressed_.resize(bound);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(chunk.data()));
    stream_.avail_in = static_cast<uInt>(chunk.size());
    stream_.next_out = reinterpret_cast<Bytef*>(compressed_.data());
    stream_.avail_out = static_cast<uInt>(bound);
    Require(deflate(&stream_, Z_FINISH) == Z_STREAM_END);
    return destination_->Write({compressed_.data(), stream_.total_out});
  }
  bool wants_whole_chunks() const override { return true; }
  absl::StatusOr<FileMark> Checkpoint() override {
    return destination_->Checkpoint();
  }
  absl::Status Close() override { return destination_->Close(); }

 private:
  static constexpr int kLevel = 6;  // gzip's own default.

  const std::unique_ptr<ByteSink> destination_;
  z_stream stream_ = {};
  std::string compressed_;
};

class ZstdSink final : public ByteSink {
 public:
  explicit ZstdSink(std::unique_ptr<ByteSink> destination)
      : destination_(std::move(destination)) {}

  absl::Status Write(std::string_view chunk) override {
    compressed_.clear();
    blocks_.Append(chunk, compressed_);
    return destination_->Write(compressed_);
  }
  bool wants_whole_chunks() const override { return true; }
  absl::StatusOr<FileMark> Checkpoint() override {
    return destination_->Checkpoint();
  }
  absl::Status Close() override { return destination_->Close(); }

 private:
  const std::unique_ptr<ByteSink> destination_;
  ZstdBlocks blocks_;
  std::string compressed_;
};

}  // namespace

std::unique_ptr<ByteSink> Compressed(Compression compression,
                                     std::unique_ptr<ByteSink> destination) {
  switch (compression) {
    case Compression::kNone: break;
    case Compression::kGzip:
      return std::make_unique<GzipSink>(std::move(destination));
    case Compression::kZstd:
      return std::make_unique<ZstdSink>(std::move(destination));
  }
  return destination;
}

struct ZstdBlocks::State {
  ZSTD_CCtx* context = ZSTD_createCCtx();

  State() { Require(context != nullptr); }
  ~State() { ZSTD_freeCCtx(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

ZstdBlocks::ZstdBlocks() : state_(std::make_unique<State>()) {}
ZstdBlocks::~ZstdBlocks() = default;

void ZstdBlocks::Append(std::string_view block, std::string& out) {
  const size_t start = out.size();
  const size_t bound = ZSTD_compressBound(block.size());
  out.resize(start + bound);
  const size_t size =
      ZSTD_compressCCtx(state_->context, out.data() + start, bound,
                        block.data(), block.size(), kLevel);
  Require(ZSTD_isError(size) == 0);
  out.resize(start + size);
}

uint32_t Crc32(std::string_view bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace mxscan
