#include "scanner/classify/suffix_index.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace mxscan
