#include "scanner/classify/suffix_index.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <string>

namespace mxscan {
namespace {

TEST(SuffixIndex, FindsTheLongestSuffixThatAHostEndsInAtALabel) {
  SuffixIndex index;
  ASSERT_TRUE(index.Add("google.com", 1));
  ASSERT_TRUE(index.Add("mail.google.com", 2));
  EXPECT_EQ(index.Find("google.com").value, 1);
  EXPECT_EQ(index.Find("mx.google.com").value, 1);
  EXPECT_EQ(index.Find("mx.mail.google.com").value, 2);
  EXPECT_EQ(index.Find("mx.mail.google.com").start, 3u);
  EXPECT_EQ(index.Find("notgoogle.com").value, SuffixIndex::kNone);
  EXPECT_EQ(index.Find("google.com.example").value, SuffixIndex::kNone);
  EXPECT_EQ(index.Find("mx\\.google.com").value, SuffixIndex::kNone);
}

// Names of few letters and labels, so that they have much in common.
class Names {
 public:
  std::string Name(int most_labels) {
    std::string name = Label();
    for (int i = Below(most_labels); i > 0; --i) name = Label() + "." + name;
    return name;
  }
  int Below(int bound) { return static_cast<int>(random_() % bound); }

 private:
  std::string Label() {
    const char* const kLabels[] = {"a", "b", "ab", "a\\.b"};
    return kLabels[Below(4)];
  }

  std::mt19937 random_{3};
};

TEST(SuffixIndex, FindsTheSameForHostsThatComeTogether) {
  Names names;
  std::deque<std::string> texts;  // Which the index looks into.
  for (int world = 0; world < 200; ++world) {
    SuffixIndex index;
    for (int i = 0; i < 8; ++i) {
      index.Add(texts.emplace_back(names.Name(4)), i);
      index.AddPattern(texts.emplace_back("a*." + names.Name(3)), 100 + i);
    }
    SuffixTrail trail;
    std::deque<std::string> hosts;
    for (int i = 0; i < 100; ++i) {
      const std::string& host = hosts.emplace_back(names.Name(6));
      const SuffixMatch alone = index.Find(host);
      const SuffixMatch together = index.Find(host, trail);
      ASSERT_EQ(together.value, alone.value) << host;
      ASSERT_EQ(together.by_pattern, alone.by_pattern) << host;
      ASSERT_EQ(together.start, alone.start) << host;
    }
  }
}

}  // namespace
}  // namespace mxscan
