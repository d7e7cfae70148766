#include "output/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::StartsWith;

constexpr std::string_view kGzipMagic = "\x1F\x8B";
constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";

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

}  // namespace
}  // namespace mxscan
