#include "output/text_chunks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "output/codec.h"
#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Ripeness = Sink::Ripeness;

void PutRow(size_t size, TextChunks& chunks) {
  chunks.buffer().Append(std::string(size - 1, 'x') + "\n");
  ASSERT_TRUE(chunks.EndRow().ok());
}

TEST(TextChunks, HandOverWhatThereIsForAReaderWhoWaits) {
  MemoryBytes::Log log;
  TextChunks chunks(std::make_unique<MemoryBytes>(log));
  PutRow(3, chunks);
  EXPECT_THAT(log.chunks, IsEmpty());
  ASSERT_TRUE(chunks.Flush().ok());
  ASSERT_TRUE(chunks.Flush().ok());
  EXPECT_THAT(log.chunks, ElementsAre("xx\n"));
  EXPECT_EQ(chunks.ripeness(), Ripeness::kAlwaysRipe);
}

class CompressedChunks : public ::testing::TestWithParam<Compression> {
 protected:
  MemoryBytes::Log log_;
  TextChunks chunks_{
      Compressed(GetParam(), std::make_unique<MemoryBytes>(log_))};
};

TEST_P(CompressedChunks, AreWholeButAtACheckpointAndTheEnd) {
  for (int i = 0; i < 300; ++i) {
    PutRow(1 << 10, chunks_);
    ASSERT_TRUE(chunks_.Flush().ok());
  }
  EXPECT_THAT(log_.chunks, SizeIs(1));
  const absl::StatusOr<DurableMark> mark = chunks_.Checkpoint();
  ASSERT_TRUE(mark.ok()) << mark.status();
  EXPECT_THAT(log_.chunks, SizeIs(2));
  EXPECT_EQ(ParseFileMark(mark->state)->bytes,
            static_cast<int64_t>(log_.text().size()));
  PutRow(1 << 10, chunks_);
  ASSERT_TRUE(chunks_.Finish().ok());
  EXPECT_THAT(log_.chunks, SizeIs(3));
  EXPECT_TRUE(log_.closed);
}

TEST_P(CompressedChunks, AreRatherNotCutOffBeforeHalfOfOneIsThere) {
  constexpr size_t kHalf = ByteSink::kChunk / 2;
  EXPECT_EQ(chunks_.ripeness(), Ripeness::kUnripe);
  PutRow(kHalf - 1, chunks_);
  EXPECT_EQ(chunks_.ripeness(), Ripeness::kUnripe);
  PutRow(1, chunks_);
  // Not kRipe, which would take formats along that gather much more.
  EXPECT_EQ(chunks_.ripeness(), Ripeness::kAlwaysRipe);
  PutRow(kHalf, chunks_);
  EXPECT_EQ(chunks_.ripeness(), Ripeness::kUnripe);
}

INSTANTIATE_TEST_SUITE_P(All, CompressedChunks,
                         ::testing::Values(Compression::kGzip,
                                           Compression::kZstd));

}  // namespace
}  // namespace mxscan
