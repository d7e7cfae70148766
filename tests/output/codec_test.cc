#include "output/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <string>
#include <string_view>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::StartsWith;

constexpr std::string_view kGzipMagic = "\x1F\x8B";
constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";

// Text of `size` octets, of which some repeats.
std::string Names(size_t size) {
  std::string names;
  for (uint32_t i = 1; names.size() < size; ++i) {
    names += std::to_string(i * 2'654'435'761) + ".example\n";
  }
  names.resize(size);
  return names;
}

TEST(Codec, MakesEveryChunkAWholeMemberOrFrame) {
  for (const Compression kind : {Compression::kGzip, Compression::kZstd}) {
    MemoryBytes::Log log;
    const auto bytes = Compressed(kind, std::make_unique<MemoryBytes>(log));
    const std::string_view magic =
        kind == Compression::kGzip ? kGzipMagic : kZstdMagic;
    for (const size_t size : {1u, 256u << 10, 0u, 5u << 20}) {
      ASSERT_TRUE(bytes->Write(std::string(size, 'a')).ok());
      EXPECT_THAT(log.chunks.back(), StartsWith(std::string(magic)));
    }
    EXPECT_EQ(log.chunks.size(), 4u);
    EXPECT_FALSE(log.closed);
    ASSERT_TRUE(bytes->Close().ok());
    EXPECT_TRUE(log.closed);
  }
}

TEST(Codec, WithoutCompressionGivesTheDestinationBack) {
  MemoryBytes::Log log;
  auto plain = std::make_unique<MemoryBytes>(log);
  const ByteSink* const destination = plain.get();
  EXPECT_EQ(Compressed(Compression::kNone, std::move(plain)).get(),
            destination);
}

TEST(Codec, HasTheChecksumOfGzip) {
  EXPECT_EQ(Crc32("123456789"), 0xCBF43926u);
  EXPECT_EQ(Crc32(""), 0u);
}

// As any reader does it: one frame, of a size that its header tells.
std::string Decompressed(std::string_view frame) {
  const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  EXPECT_LT(size, size_t{1} << 30);
  EXPECT_EQ(ZSTD_findFrameCompressedSize(frame.data(), frame.size()),
            frame.size());
  std::string content(size, 'x');
  EXPECT_EQ(ZSTD_decompress(content.data(), content.size(), frame.data(),
                            frame.size()),
            size);
  return content;
}

TEST(ZstdBlocks, AreReadAsTheyWereWhateverTheyHold) {
  ZstdBlocks blocks;
  using enum ZstdBlocks::Content;
  for (const auto content : {kLines, kValues, kNumbers}) {
    for (const size_t size : {0u, 1u, 300u, 70'000u, 3u << 20}) {
      const std::string block = Names(size);
      EXPECT_EQ(Decompressed(blocks.Compress(block, content)), block);
    }
  }
}

// Sizes are told in one octet to four, and blocks end at 128 KiB.
TEST(ZstdBlocks, BehindAHeadAreOneFrameTheFirstTimeAndTheNext) {
  ZstdBlocks blocks;
  for (const size_t size : {0u, 1u, 100u, 255u, 256u, 300u, 65'791u, 65'792u,
                            131'072u, 400'000u, 600'000u, 5u << 20}) {
    const std::string tail = Names(size);
    for (const size_t before : {0u, 1u, 8u, 64u, 65u, 5'000u, 8u}) {
      const std::string head(before, 'h');
      ASSERT_TRUE(Decompressed(blocks.CompressBehind(head, tail)) ==
                  head + tail)
          << before << " and " << size;
    }
  }
}

TEST(ZstdBlocks, BehindAHeadAreThoseOfThisCallAndNoOther) {
  ZstdBlocks blocks;
  const std::string names = Names(1000);
  std::string others = names;
  others.back() ^= 1;
  for (const std::string& tail : {names, others, names, names + "a", others}) {
    EXPECT_EQ(Decompressed(blocks.CompressBehind("head", tail)), "head" + tail);
    EXPECT_EQ(
        Decompressed(blocks.Compress("a line", ZstdBlocks::Content::kLines)),
        "a line");
  }
}

}  // namespace
}  // namespace mxscan
