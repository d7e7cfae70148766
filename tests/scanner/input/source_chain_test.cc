// What a file is, which part of it is wanted, and what is dropped as equal.

#include "scanner/input/source_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/packed_samples.h"
#include "tests/support/source_rows.h"

namespace mxscan {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using Rows = std::vector<std::string>;

class SourceChainTest : public testing::Test {
 protected:
  SourceChainTest() {
    std::string pattern = testing::TempDir() + "/chain_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~SourceChainTest() override { std::filesystem::remove_all(folder_); }

  // Another input, of this name and content.
  void Add(const std::string& name, std::string_view content) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    inputs_.push_back({ResolvedInput::Kind::kFile, path});
  }

  Rows Read(const InputOptions& options = {}) {
    auto source = OpenSources(inputs_, options);
    if (!source.ok()) return {std::string(source.status().message())};
    return RowsOf(**source);
  }

  // The only input's rows.
  Rows ReadOne(const std::string& name, std::string_view content) {
    inputs_.clear();
    Add(name, content);
    return Read();
  }

  std::string folder_;
  std::vector<ResolvedInput> inputs_;
};

TEST_F(SourceChainTest, TellsFormsByNameAndByFirstOctets) {
  const Rows rows = {"2 a.de -> a.de"};
  EXPECT_EQ(ReadOne("x", "# list\na.de\n"), rows);
  EXPECT_EQ(ReadOne("x.CSV", "id,domain\n7,a.de\n"), rows);
  EXPECT_EQ(ReadOne("x.csv", "id;domain\n7;a.de\n"), rows);
  EXPECT_EQ(ReadOne("x.tsv", "id\tdomain\n7\ta.de\n"), rows);
  EXPECT_EQ(ReadOne("x.csv.gz", "id,domain\n7,a.de\n"), rows);
  EXPECT_EQ(ReadOne("x.txt", "\n1,a.de\n"), rows);
  EXPECT_EQ(ReadOne("x.zone", "$TTL 1\na.de. NS x.\n"),
            (Rows{"2 a.de. -> a.de"}));
  EXPECT_EQ(ReadOne("x.txt", "de. 900 in soa a. b. 1\na.de. NS x.\n"),
            (Rows{"2 a.de. -> a.de"}));
}

TEST_F(SourceChainTest, AFormThatWasNamedIsNotGuessed) {
  Add("x.csv", "1,a.de\n");
  EXPECT_EQ(Read({.format = InputFormat::kLines}),
            (Rows{"1 1,a.de ! bad_character"}));
}

TEST_F(SourceChainTest, AColumnMakesItCsv) {
  Add("x", "site,n\na.de,1\n");
  EXPECT_EQ(Read({.column = "site"}), (Rows{"2 a.de -> a.de"}));
}

TEST_F(SourceChainTest, ReadsCompressedInputWhateverItsName) {
  EXPECT_EQ(ReadOne("x", GzipAb()), (Rows{"1 a.de -> a.de", "2 b.de -> b.de"}));
  EXPECT_EQ(ReadOne("x.gz", ZstdFrame("c.de\n")), (Rows{"1 c.de -> c.de"}));
}

TEST_F(SourceChainTest, DropsAByteOrderMarkAndNamesUtf16) {
  EXPECT_EQ(ReadOne("x",
                    "\xef\xbb\xbf"
                    "a.de\n"),
            (Rows{"1 a.de -> a.de"}));
  EXPECT_EQ(ReadOne("x.csv",
                    "\xef\xbb\xbf"
                    "domain,n\na.de,1\n"),
            (Rows{"2 a.de -> a.de"}));
  for (const std::string mark : {"\xff\xfe", "\xfe\xff"}) {
    EXPECT_THAT(
        ReadOne("x", mark + "a.de\n"),
        ElementsAre(AllOf(HasSubstr("x is UTF-16"), HasSubstr("iconv"))));
  }
}

TEST_F(SourceChainTest, ReadsTheLineEndsOfAnOldMac) {
  EXPECT_EQ(ReadOne("x", "a.de\rb.de\r"),
            (Rows{"1 a.de -> a.de", "2 b.de -> b.de"}));
  EXPECT_EQ(ReadOne("x", "1,a.de\r2,b.de"),
            (Rows{"1 a.de -> a.de", "2 b.de -> b.de"}));
}

TEST_F(SourceChainTest, AnInputThatIsCutOffDoesNotTakeTheOthersWithIt) {
  Add("cut.gz", (GzipAb() + GzipC()).substr(0, GzipAb().size() + 5));
  Add("whole", "d.de\n");
  EXPECT_THAT(Read(), ElementsAre("1 a.de -> a.de", "2 b.de -> b.de",
                                  "1 d.de -> d.de", HasSubstr("cut.gz")));
}

TEST_F(SourceChainTest, OfNothingGivesNothing) {
  EXPECT_EQ(ReadOne("x", ""), Rows{});
  EXPECT_EQ(ReadOne("x.csv", ""), Rows{});
  EXPECT_EQ(ReadOne("x.zone", "\n"), Rows{});
}

TEST_F(SourceChainTest, SkipAndLimitCountEveryLineOverAllInputs) {
  Add("a", "# head\na.de\n\nb.de\n");
  Add("b", "c.de\nd.de\n");
  EXPECT_EQ(Read({.skip = 3}),
            (Rows{"4 b.de -> b.de", "1 c.de -> c.de", "2 d.de -> d.de"}));
  EXPECT_EQ(Read({.limit = 3}), (Rows{"2 a.de -> a.de"}));
  EXPECT_EQ(Read({.skip = 1, .limit = 4}),
            (Rows{"2 a.de -> a.de", "4 b.de -> b.de", "1 c.de -> c.de"}));
  EXPECT_EQ(Read({.limit = 0}), Rows{});
  EXPECT_EQ(Read({.skip = 100}), Rows{});
}

TEST_F(SourceChainTest, ShardsTakeEveryLineOnceByItsNumber) {
  Add("a", "a.de\nb.de\nc.de\n");
  Add("b", "d.de\ne.de\n");
  EXPECT_EQ(Read({.shard = 1, .shards = 3}),
            (Rows{"1 a.de -> a.de", "1 d.de -> d.de"}));
  EXPECT_EQ(Read({.shard = 0, .shards = 3}), (Rows{"3 c.de -> c.de"}));
  // Of what skip and limit leave, by the same numbers.
  EXPECT_EQ(Read({.skip = 1, .limit = 3, .shard = 0, .shards = 2}),
            (Rows{"2 b.de -> b.de", "1 d.de -> d.de"}));
}

TEST_F(SourceChainTest, InAZoneNamesAreCountedForShards) {
  Add("x.zone", "a.de. NS x.\na.de. NS y.\nb.de. NS x.\nb.de. NS y.\n");
  EXPECT_EQ(Read({.shard = 0, .shards = 2}), (Rows{"3 b.de. -> b.de"}));
}

TEST_F(SourceChainTest, UniquePassesTheFirstOfEqualDomains) {
  Add("a", "a.de\nA.DE.\nb.de\n..\n..\n");
  Add("b", "b.de\nc.de\n");
  auto source = OpenSources(inputs_, {.unique = true}, /*seed=*/7);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(RowsOf(**source),
            (Rows{"1 a.de -> a.de", "3 b.de -> b.de", "4 .. ! empty_label",
                  "5 .. ! empty_label", "2 c.de -> c.de"}));
  EXPECT_EQ((*source)->skipped(), 2);
  EXPECT_THAT((*source)->Notice(),
              AllOf(HasSubstr("3 domains, 2 more lines"), HasSubstr("MB")));
}

}  // namespace
}  // namespace mxscan
