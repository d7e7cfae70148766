#include "scanner/input/expanded_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/memory_bytes.h"
#include "tests/support/packed_samples.h"

namespace mxscan {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;

struct Expanded {
  std::string text;
  absl::Status status;
};

Expanded Expand(std::string_view content, size_t piece = SIZE_MAX,
                const ExpansionLimit& limit = {}) {
  MemoryBytes bytes(content, piece);
  const StopEvent stop;
  ExpandedBytes expanded("list.x", bytes, stop, limit);
  Expanded result;
  char out[100];
  while (true) {
    const absl::StatusOr<size_t> got = expanded.Read(absl::MakeSpan(out));
    result.status = got.status();
    if (!got.ok() || *got == 0) return result;
    result.text.append(out, *got);
  }
}

void ExpectText(std::string_view content, std::string_view text) {
  for (const size_t piece : {size_t{1}, size_t{7}, SIZE_MAX}) {
    const Expanded expanded = Expand(content, piece);
    EXPECT_EQ(expanded.text, text) << piece;
    EXPECT_TRUE(expanded.status.ok()) << expanded.status;
  }
}

TEST(ExpandedBytes, PassesOnWhatIsNotCompressed) {
  ExpectText("", "");
  ExpectText("a.de\n", "a.de\n");
  ExpectText("\x1f", "\x1f");
  ExpectText("(\xb5/", "(\xb5/");
  ExpectText("P*M", "P*M");
}

TEST(ExpandedBytes, ReadsEveryMemberOfGzipAndTheZerosBehindThem) {
  ExpectText(GzipAb(), "a.de\nb.de\n");
  ExpectText(GzipAb() + GzipC() + GzipAb(), "a.de\nb.de\nc.de\na.de\nb.de\n");
  ExpectText(GzipC() + std::string(600, '\0'), "c.de\n");
}

TEST(ExpandedBytes, ReadsEveryFrameOfZstdAndPassesOverSkippableOnes) {
  ExpectText(ZstdFrame("a.de\n"), "a.de\n");
  ExpectText(ZstdSkippable("note") + ZstdFrame("a.de\n") + ZstdSkippable("") +
                 ZstdFrame("b.de\n"),
             "a.de\nb.de\n");
  ExpectText(ZstdSkippable("nothing else"), "");
}

TEST(ExpandedBytes, GivesWhatCameBeforeACutAndNamesIt) {
  for (const std::string& whole :
       {GzipAb() + GzipC(), ZstdFrame("a.de\nb.de\n") + ZstdFrame("c.de\n")}) {
    const size_t second = whole.size() - 3;
    for (const size_t piece : {size_t{1}, SIZE_MAX}) {
      const Expanded cut =
          Expand(std::string_view(whole).substr(0, second), piece);
      EXPECT_THAT(cut.text, testing::StartsWith("a.de\nb.de\n"));
      EXPECT_THAT(std::string(cut.status.message()),
                  AllOf(HasSubstr("list.x is cut off"),
                        HasSubstr("fetch the file again")));
    }
  }
}

TEST(ExpandedBytes, EveryCutEitherEndsBetweenPartsOrIsNamed) {
  for (const std::string& whole :
       {GzipAb() + GzipC(), ZstdFrame("a.de\n") + ZstdFrame("c.de\n")}) {
    const size_t first =
        whole.size() -
        (whole[0] == '\x1f' ? GzipC().size() : ZstdFrame("c.de\n").size());
    for (size_t size = 4; size < whole.size(); ++size) {
      const Expanded cut = Expand(std::string_view(whole).substr(0, size));
      EXPECT_EQ(cut.status.ok(), size == first) << size;
    }
  }
}

TEST(ExpandedBytes, NamesWhatIsDamaged) {
  std::string broken = GzipAb();
  broken[broken.size() - 6] ^= 1;  // In the checksum.
  EXPECT_THAT(
      std::string(Expand(broken).status.message()),
      AllOf(HasSubstr("list.x is damaged"), HasSubstr("fetch the file again")));
  EXPECT_FALSE(Expand(GzipAb() + "garbage").status.ok());
  EXPECT_FALSE(Expand(GzipC() + "\0\0"s + GzipC()).status.ok());
  EXPECT_FALSE(Expand(ZstdFrame("a.de\n") + "garbage").status.ok());
}

TEST(ExpandedBytes, StopsWhatExpandsBeyondReason) {
  const ExpansionLimit limit{.free = 1 << 20, .ratio = 200};
  const Expanded bomb = Expand(ZstdBomb('x', 100), SIZE_MAX, limit);
  EXPECT_THAT(std::string(bomb.status.message()),
              AllOf(HasSubstr("list.x expands to more than 200 times"),
                    HasSubstr("expand it first")));
  EXPECT_LT(bomb.text.size(), size_t{2} << 20);
  // As large, but below the free part; or above, and not as dense.
  EXPECT_TRUE(Expand(ZstdBomb('x', 7), SIZE_MAX, limit).status.ok());
  std::string dense;
  for (int i = 0; i < 40; ++i) dense += ZstdFrame(std::string(1 << 16, 'y'));
  EXPECT_TRUE(Expand(dense, SIZE_MAX, limit).status.ok());
}

TEST(ExpandedBytes, ARunThatStopsCallsNothingCutOff) {
  const std::string cut = GzipAb().substr(0, 12);
  MemoryBytes bytes(cut);
  StopEvent stop;
  ExpandedBytes expanded("list.gz", bytes, stop);
  ASSERT_TRUE(stop.Open().ok());
  stop.Set();
  char out[100];
  const absl::StatusOr<size_t> got = expanded.Read(absl::MakeSpan(out));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(*got, 0);
}

}  // namespace
}  // namespace mxscan
