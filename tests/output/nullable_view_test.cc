#include "output/nullable_view.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace mxscan {
namespace {

static_assert(sizeof(NullableText) == sizeof(std::string_view));
static_assert(std::is_trivially_copyable_v<NullableText>);

TEST(NullableView, IsNullUntilSomethingIsPutIn) {
  NullableText text;
  EXPECT_FALSE(text);
  EXPECT_FALSE(text.has_value());
  EXPECT_EQ(text.value_or("other"), "other");
  text = "some";
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "some");
  EXPECT_EQ(text->size(), 4u);
  EXPECT_EQ(text.value_or("other"), "some");
  text = std::nullopt;
  EXPECT_FALSE(text);
}

TEST(NullableView, EmptyIsNotNullEvenWithoutData) {
  const std::string_view without_data;
  ASSERT_EQ(without_data.data(), nullptr);
  const NullableText text = without_data;
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "");
  EXPECT_EQ(text.value_or("other"), "");

  const NullableList<int> list = std::span<const int>();
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->empty());

  NullableList<std::string_view> emplaced;
  EXPECT_FALSE(emplaced);
  emplaced.emplace();
  ASSERT_TRUE(emplaced);
  EXPECT_TRUE(emplaced->empty());
  emplaced.reset();
  EXPECT_FALSE(emplaced);
}

TEST(NullableView, StaysWhatItWasWhenItIsCopied) {
  const NullableText null;
  const NullableText empty = std::string_view();
  NullableText copy = "some";
  copy = null;
  EXPECT_FALSE(copy);
  copy = empty;
  EXPECT_TRUE(copy);
  EXPECT_EQ(*copy, "");
}

TEST(NullableView, NullIsEqualToNothingButNull) {
  const NullableText null;
  EXPECT_EQ(null, std::nullopt);
  EXPECT_NE(null, "");
  EXPECT_NE(NullableText(""), std::nullopt);
  EXPECT_EQ(NullableText("a"), std::string("a"));
  EXPECT_NE(NullableText("a"), "b");
}

TEST(NullableView, ViewsWhatItWasGivenWithoutACopy) {
  const std::string source = "example.com";
  const NullableText text = source;
  EXPECT_EQ(text->data(), source.data());
  const int numbers[] = {1, 2, 3};
  const NullableList<int> list = numbers;
  EXPECT_EQ(list->data(), numbers);
  EXPECT_EQ(list->size(), 3u);
}

}  // namespace
}  // namespace mxscan
