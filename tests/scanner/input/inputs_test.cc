#include "scanner/input/inputs.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"

namespace mxscan {
namespace {

absl::StatusOr<std::unique_ptr<DomainSource>> OpenAll(
    const std::vector<std::string>& arguments) {
  const absl::StatusOr<std::vector<ResolvedInput>> inputs =
      ResolveInputs(arguments);
  if (!inputs.ok()) return inputs.status();
  return OpenSources(*inputs);
}

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// A folder of its own for each test, which is the current one while it runs.
class Inputs : public testing::Test {
 protected:
  Inputs() : home_(std::filesystem::current_path()) {
    std::string pattern = testing::TempDir() + "/inputs_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    std::filesystem::current_path(folder_);
  }
  ~Inputs() override {
    std::filesystem::current_path(home_);
    std::filesystem::remove_all(folder_);
  }

  static void Write(const std::string& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
  }

  // `file:line domain` of every line.
  static std::vector<std::string> Read(DomainSource& source) {
    std::vector<std::string> rows;
    InputLine line;
    while (true) {
      const absl::StatusOr<bool> more = source.Next(line);
      EXPECT_TRUE(more.ok()) << more.status();
      if (!more.ok() || !*more) return rows;
      rows.push_back(std::to_string(line.file) + ":" +
                     std::to_string(line.line) + " " + ToText(line.domain));
    }
  }

  static std::vector<std::string> Read(std::vector<std::string> arguments) {
    const auto source = OpenAll(arguments);
    EXPECT_TRUE(source.ok()) << source.status();
    return source.ok() ? Read(**source) : std::vector<std::string>();
  }

  static std::string Error(std::vector<std::string> arguments) {
    return std::string(OpenAll(arguments).status().message());
  }

 private:
  const std::filesystem::path home_;
  std::filesystem::path folder_;
};

TEST_F(Inputs, AreFilesWhereTheyExistAndDomainsOtherwise) {
  Write("example.com", "a.de\n");
  EXPECT_THAT(Read({"example.com"}), ElementsAre("0:1 a.de"));
  EXPECT_THAT(Read({"example.org"}), ElementsAre("0:1 example.org"));
}

TEST_F(Inputs, AreReadOneAfterTheOtherWithLinesCountedForEach) {
  Write("one.txt", "a.de\n\nb.de");
  Write("two.txt", "# two\nc.de\n");
  EXPECT_THAT(Read({"one.txt", "two.txt"}),
              ElementsAre("0:1 a.de", "0:3 b.de", "1:2 c.de"));
}

TEST_F(Inputs, TakeAllNamesTogetherAsOneInput) {
  Write("one.txt", "a.de\n");
  EXPECT_THAT(Read({"x.org", "one.txt", "Y.org."}),
              ElementsAre("0:1 x.org", "0:2 y.org", "1:1 a.de"));
}

TEST_F(Inputs, CountOctetsAndSkippedLinesOverAllFiles) {
  Write("one.txt", "a.de\n\n");
  Write("two.txt", "# two\nc.de\n");
  const auto source = OpenAll({"one.txt", "two.txt"});
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ((*source)->bytes_total(), 17);
  EXPECT_EQ((*source)->bytes_used(), 0);
  InputLine line;
  for (const int64_t used : {5, 17}) {
    ASSERT_TRUE(*(*source)->Next(line));
    EXPECT_EQ((*source)->bytes_used(), used);
  }
  EXPECT_FALSE(*(*source)->Next(line));
  EXPECT_EQ((*source)->bytes_used(), 17);
  EXPECT_EQ((*source)->skipped(), 2);
}

// What shard `shard` of two has read of the input that both share.
SharedLines SharedBy(int64_t shard, const InputOptions& part) {
  InputOptions options = part;
  options.shard = shard;
  options.shards = 2;
  const auto source =
      OpenSources(*ResolveInputs({"list.txt"}), options, /*seed=*/1);
  InputLine line;
  while (*(*source)->Next(line)) {
  }
  return (*source)->lines_of_all_shards().value_or(SharedLines());
}

TEST_F(Inputs, AreKnownToBeTheSameForEveryShard) {
  Write("list.txt", "a.de\n\nb.de\n!\nb.de\nc.de\n");
  for (const bool unique : {false, true}) {
    const InputOptions part{.unique = unique, .skip = 1};
    EXPECT_EQ(SharedBy(0, part).count, 4);
    EXPECT_EQ(SharedBy(1, part).count, 4);
    EXPECT_EQ(SharedBy(0, part).checksum, SharedBy(1, part).checksum);
  }
}

TEST_F(Inputs, AreKnownToDifferThoughTheyAreOfOneSize) {
  Write("list.txt", "a.de\nb.de\n");
  const SharedLines before = SharedBy(0, {});
  for (const char* text : {"a.de\nc.de\n", "b.de\na.de\n", "a.de\nb.dE\n"}) {
    Write("list.txt", text);
    EXPECT_EQ(SharedBy(0, {}).count, before.count);
    EXPECT_NE(SharedBy(0, {}).checksum, before.checksum) << text;
  }
}

TEST_F(Inputs, ThatLookLikePathsAreNeverTakenForDomains) {
  for (const std::string path :
       {"list.txt", "list.csv", "list.gz", "lists/top", "./example.com"}) {
    EXPECT_EQ(Error({path}), "cannot use input '" + path +
                                 "': there is no such file; check the path");
  }
}

TEST_F(Inputs, ThatAreNeitherSayWhatIsExpected) {
  EXPECT_THAT(Error({"localhost"}), HasSubstr("one label alone"));
  EXPECT_THAT(Error({"exa mple.com"}), HasSubstr("(white_space)"));
  EXPECT_THAT(Error({"--"}), HasSubstr("one label alone"));
  EXPECT_THAT(Error({""}), HasSubstr("(empty)"));
  EXPECT_THAT(Error({"https://example.com/"}), HasSubstr("it is a URL"));
  EXPECT_THAT(Error({"a@example.com"}), HasSubstr("an e-mail address"));
  EXPECT_THAT(Error({"a.com\nb.com"}), HasSubstr("more than one line"));
  EXPECT_THAT(Error({}), StartsWith("no input; give files"));
  EXPECT_THAT(Error({"-", "a.de", "-"}), HasSubstr("only once"));
}

TEST_F(Inputs, ThatCannotBeReadAreKnownBeforeTheFirstLine) {
  Write("one.txt", "a.de\n");
  std::filesystem::create_directory("folder");
  EXPECT_EQ(
      Error({"one.txt", "folder"}),
      "cannot use input 'folder': it is a directory; name the files in it");
}

TEST_F(Inputs, ThatMayNotBeReadNameTheRemedy) {
  Write("secret.txt", "a.de\n");
  chmod("secret.txt", 0);
  chmod(".", 0755);
  // Root may read everything, so it stops being root for a moment.
  constexpr uid_t kNobody = 65534;
  const bool was_root = geteuid() == 0;
  if (was_root) {
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  const absl::Cleanup restore = [was_root] {
    EXPECT_TRUE(!was_root || seteuid(0) == 0);
  };
  EXPECT_EQ(Error({"secret.txt"}),
            "cannot read secret.txt: Permission denied; make it readable, or "
            "run as a user who may read it");
}

TEST_F(Inputs, FromAPipeComeLineByLineWithoutWaitingForMore) {
  ASSERT_EQ(mkfifo("pipe", 0600), 0);
  const auto source = OpenAll({"pipe"});
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ((*source)->bytes_total(), std::nullopt);
  const int writer = open("pipe", O_WRONLY);
  InputLine line;
  for (const std::string_view text : {"a.de\n", "b.de\n"}) {
    ASSERT_EQ(write(writer, text.data(), text.size()), 5);
    ASSERT_TRUE(*(*source)->Next(line));
    EXPECT_EQ(line.input, text.substr(0, 4));
  }
  close(writer);
  EXPECT_FALSE(*(*source)->Next(line));
}

TEST_F(Inputs, WaitForAWriterOfAPipeThatNobodyHasOpened) {
  ASSERT_EQ(mkfifo("pipe", 0600), 0);
  const auto source = OpenAll({"pipe"});
  ASSERT_TRUE(source.ok()) << source.status();
  std::thread writer([] { std::ofstream("pipe") << "a.de\nb.de"; });
  EXPECT_THAT(Read(**source), ElementsAre("0:1 a.de", "0:2 b.de"));
  writer.join();
}

// The reader may be before, in or after its wait when it is stopped.
TEST_F(Inputs, ThatWaitForAPipeCanBeStopped) {
  ASSERT_EQ(mkfifo("pipe", 0600), 0);
  Write("after.txt", "z.de\n");
  for (int i = 0; i < 50; ++i) {
    const auto source = OpenAll({"pipe", "after.txt"});
    ASSERT_TRUE(source.ok()) << source.status();
    std::thread reader([&] {
      InputLine line;
      EXPECT_FALSE(*(*source)->Next(line));
    });
    (*source)->Stop();
    reader.join();
    InputLine line;
    EXPECT_FALSE(*(*source)->Next(line));
  }
}

TEST_F(Inputs, ThatAreStoppedGiveNoHalfLine) {
  ASSERT_EQ(mkfifo("pipe", 0600), 0);
  const auto source = OpenAll({"pipe"});
  ASSERT_TRUE(source.ok()) << source.status();
  const int pipe = open("pipe", O_RDWR);
  ASSERT_EQ(write(pipe, "half.a.na", 9), 9);
  std::thread reader([&] {
    InputLine line;
    EXPECT_FALSE(*(*source)->Next(line)) << line.input;
  });
  // Once the pipe is empty, the reader has the half and wants the rest.
  for (int left = 1; left > 0; std::this_thread::yield()) {
    ASSERT_EQ(ioctl(pipe, FIONREAD, &left), 0);
  }
  (*source)->Stop();
  reader.join();
  close(pipe);
}

}  // namespace
}  // namespace mxscan
