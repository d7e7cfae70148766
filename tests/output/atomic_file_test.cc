#include "output/atomic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> NamesIn(const TempDir& dir) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

TEST(AtomicFile, AppearsOnlyWhenCommitted) {
  const TempDir dir;
  const std::string path = dir / "summary.json";
  auto file = AtomicFile::Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Write("{}\n").ok());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(std::filesystem::exists(path + ".tmp"));
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(ReadFile(path), "{}\n");
  EXPECT_EQ(NamesIn(dir).size(), 1u);
}

TEST(AtomicFile, LeavesNothingWithoutCommit) {
  const TempDir dir;
  {
    auto file = AtomicFile::Create(dir / "summary.json");
    ASSERT_TRUE((*file)->Write("half").ok());
  }
  EXPECT_THAT(NamesIn(dir), IsEmpty());
}

TEST(AtomicFile, KeepsTheOldFileUntilTheNewOneIsWhole) {
  const TempDir dir;
  const std::string path = dir / "summary.json";
  ASSERT_TRUE(WriteAtomically(path, "old").ok());
  {
    auto file = AtomicFile::Create(path);
    ASSERT_TRUE((*file)->Write("half").ok());
    EXPECT_EQ(ReadFile(path), "old");
  }
  EXPECT_EQ(ReadFile(path), "old");
  ASSERT_TRUE(WriteAtomically(path, "new").ok());
  EXPECT_EQ(ReadFile(path), "new");
}

TEST(AtomicFile, FollowsASymbolicLink) {
  const TempDir dir;
  ASSERT_TRUE(WriteAtomically(dir / "2026.json", "old").ok());
  std::filesystem::create_symlink("2026.json", dir / "latest.json");
  ASSERT_TRUE(WriteAtomically(dir / "latest.json", "new").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(dir / "latest.json"));
  EXPECT_EQ(ReadFile(dir / "2026.json"), "new");
}

TEST(AtomicFile, WritesIntoADeviceAndNeverRenamesOverIt) {
  ASSERT_TRUE(WriteAtomically("/dev/null", "{}").ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  const absl::Status full = WriteAtomically("/dev/full", "{}");
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(AtomicFile, SaysWhyItCannotBeWritten) {
  const TempDir dir;
  EXPECT_THAT(WriteAtomically(dir / "none/a.json", "").ToString(),
              HasSubstr("create its directory first"));
  EXPECT_THAT(WriteAtomically(dir.path().string(), "").ToString(),
              HasSubstr("name a file in it"));
}

}  // namespace
}  // namespace mxscan
