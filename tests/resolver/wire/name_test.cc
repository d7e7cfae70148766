#include "resolver/wire/name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace mxscan {
namespace {

Name N(std::string_view text) {
  const std::optional<Name> name = Name::FromText(text);
  EXPECT_TRUE(name.has_value()) << text;
  return name.value_or(Name());
}

std::vector<uint8_t> Octets(NameView name) {
  return {name.bytes().begin(), name.bytes().end()};
}

std::string Label(int length, char c = 'a') { return std::string(length, c); }

// 255 octets in wire form: three labels of 63 and one of 61.
std::string LongestName() {
  return Label(63) + "." + Label(63) + "." + Label(63) + "." + Label(61);
}

TEST(Name, IsTheRootToBeginWith) {
  EXPECT_TRUE(Name().view().IsRoot());
  EXPECT_TRUE(NameView().IsRoot());
  EXPECT_EQ(ToText(Name()), ".");
  EXPECT_EQ(N(".").view(), NameView());
}

TEST(Name, ReadsTextInEitherCaseWithOrWithoutTheFinalDot) {
  const std::vector<uint8_t> octets = {2,   'm', 'x', 7,   'e', 'x',
                                       'a', 'm', 'p', 'l', 'e', 0};
  EXPECT_EQ(Octets(N("mx.example")), octets);
  EXPECT_EQ(Octets(N("MX.eXample.")), octets);
}

TEST(Name, ReadsEscapesAndLowersTheLettersTheyStandFor) {
  EXPECT_EQ(Octets(N("a\\.b.c")),
            (std::vector<uint8_t>{3, 'a', '.', 'b', 1, 'c', 0}));
  EXPECT_EQ(Octets(N("\\000\\255\\\\\\065")),
            (std::vector<uint8_t>{4, 0, 255, '\\', 'a', 0}));
}

TEST(Name, RefusesWhatIsNoName) {
  for (const char* text : {"", "..", ".a", "a..b", "a..", "\\", "a\\", "\\1",
                           "\\12", "\\256", "\\999", "\\0a0"}) {
    EXPECT_FALSE(Name::FromText(text).has_value()) << text;
  }
}

TEST(Name, HoldsLabelsOf63AndNamesOf255OctetsAndNoMore) {
  EXPECT_TRUE(Name::FromText(Label(63)).has_value());
  EXPECT_FALSE(Name::FromText(Label(64)).has_value());
  EXPECT_EQ(N(LongestName()).view().size(), 255);
  EXPECT_FALSE(Name::FromText(LongestName() + "a").has_value());
  EXPECT_FALSE(Name::FromText(LongestName() + ".a").has_value());
}

TEST(Name, WritesWhatIsNotPlainAsEscapes) {
  EXPECT_EQ(ToText(N("_dmarc.Example-1.com.")), "_dmarc.example-1.com");
  EXPECT_EQ(ToText(N("a\\.b.c")), "a\\.b.c");
  EXPECT_EQ(ToText(N("a b.\\000\\255*.c")), "a\\032b.\\000\\255\\042.c");
}

TEST(Name, EscapesAnOddOctetWhereverItStands) {
  const std::string all = "abcdefghijklmnopqrstuvwxyz.0123456789.-_";
  EXPECT_EQ(ToText(N(all)), all);
  for (const auto& [odd, escaped] :
       std::vector<std::pair<char, std::string>>{{'.', "\\."},
                                                 {'\0', "\\000"},
                                                 {' ', "\\032"},
                                                 {'/', "\\047"},
                                                 {':', "\\058"},
                                                 {'`', "\\096"},
                                                 {'{', "\\123"},
                                                 {'\xad', "\\173"},
                                                 {'\xff', "\\255"}}) {
    for (size_t size = 1; size < 70; ++size) {
      const size_t first = std::min<size_t>(size, 40);
      std::string text = Label(static_cast<int>(first));
      if (size > first) text += "." + Label(static_cast<int>(size - first));
      for (size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '.') continue;
        std::vector<uint8_t> octets = Octets(N(text));
        octets[at + 1] = static_cast<uint8_t>(odd);
        std::string expected = text;
        expected.replace(at, 1, escaped);
        ASSERT_EQ(ToText(NameView::Trusted(octets)), expected);
      }
    }
  }
}

TEST(Name, ComesBackFromItsTextForEveryOctet) {
  for (int octet = 0; octet < 256; ++octet) {
    const uint8_t bytes[] = {2, 'x', LowerOctet(static_cast<uint8_t>(octet)),
                             0};
    const NameView name = NameView::Trusted(bytes);
    EXPECT_EQ(N(ToText(name)).view(), name) << octet;
  }
}

TEST(Name, FitsItsTextIntoTheRoomPromisedHoweverOddItsOctets) {
  const Name name = N(LongestName());
  std::vector<uint8_t> odd = Octets(name);
  for (uint8_t& octet : odd) {
    if (octet == 'a') octet = 0xff;
  }
  EXPECT_EQ(ToText(NameView::Trusted(odd)).size(), 250u * 4 + 3);
  EXPECT_LE(ToText(NameView::Trusted(odd)).size(), size_t{kMaxNameText});
}

TEST(Name, KnowsItsLabelsParentsAndAncestors) {
  const Name name = N("mx.example.com");
  EXPECT_EQ(name.view().LabelCount(), 3);
  EXPECT_EQ(NameView().LabelCount(), 0);
  EXPECT_EQ(name.view().Parent(), N("example.com").view());
  EXPECT_TRUE(name.view().IsAtOrBelow(name));
  EXPECT_TRUE(name.view().IsAtOrBelow(N("com")));
  EXPECT_TRUE(name.view().IsAtOrBelow(NameView()));
  EXPECT_FALSE(name.view().IsAtOrBelow(N("ample.com")));
  EXPECT_FALSE(N("com").view().IsAtOrBelow(name));
  // The octets of "com" as the end of a label are no label of their own.
  EXPECT_FALSE(N("x\\003com").view().IsAtOrBelow(N("com")));
}

TEST(Name, JoinsAPrefixToASuffixUnlessTooLong) {
  const Name name = N("a.b.old.example");
  const absl::Span<const uint8_t> prefix = name.view().bytes().first(4);
  EXPECT_EQ(Name::Join(prefix, N("new.example")), N("a.b.new.example"));
  EXPECT_EQ(Name::Join({}, N("example")), N("example"));
  EXPECT_FALSE(Name::Join(prefix, N(LongestName())).has_value());
}

TEST(Name, HashesByItsOctetsAndTheSeed) {
  EXPECT_EQ(N("Example.com").view().Hash(1), N("example.COM").view().Hash(1));
  EXPECT_NE(N("example.com").view().Hash(1), N("example.com").view().Hash(2));
  EXPECT_NE(N("example.com").view().Hash(1), N("example.net").view().Hash(1));
}

TEST(Name, CopiesItselfOntoItself) {
  Name name = N("example.com");
  const Name& same = name;
  name = same;
  EXPECT_EQ(name, N("example.com"));
}

}  // namespace
}  // namespace mxscan
