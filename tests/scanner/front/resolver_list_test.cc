#include "scanner/upstreams/resolver_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Texts(const std::vector<Endpoint>& endpoints) {
  std::vector<std::string> texts;
  for (const Endpoint& endpoint : endpoints) texts.push_back(ToText(endpoint));
  return texts;
}

std::vector<std::string> Listed(std::string_view text) {
  const absl::StatusOr<std::vector<Endpoint>> list =
      ParseResolverList("list", text);
  EXPECT_TRUE(list.ok()) << list.status();
  return list.ok() ? Texts(*list) : std::vector<std::string>();
}

std::string Refusal(std::string_view text) {
  return std::string(ParseResolverList("list", text).status().message());
}

TEST(ResolverList, TakesCommasSpacesAndLines) {
  EXPECT_THAT(Listed("192.0.2.1,192.0.2.2:5353, 2001:db8::1\r\n"
                     "# a comment, with a comma\n"
                     "\n"
                     "[2001:db8::2]:5353  # another\n"
                     "[2001:db8::3]"),
              ElementsAre("192.0.2.1", "192.0.2.2:5353", "2001:db8::1",
                          "[2001:db8::2]:5353", "2001:db8::3"));
}

TEST(ResolverList, DropsDuplicates) {
  EXPECT_THAT(Listed("192.0.2.1,192.0.2.1:53,192.0.2.1:54"),
              ElementsAre("192.0.2.1", "192.0.2.1:54"));
}

TEST(ResolverList, NamesTheWordAndTheLineItCannotRead) {
  EXPECT_THAT(Refusal("192.0.2.1,dns.example"),
              ::testing::StartsWith("list: 'dns.example'"));
  EXPECT_THAT(Refusal("192.0.2.1\n\n192.0.2.300\n"),
              ::testing::StartsWith("list:3: '192.0.2.300'"));
  for (const char* wrong : {"192.0.2.1:0", "192.0.2.1:65536",
                            "192.0.2.1:", "[2001:db8::1", "::1]:53", "@@x"}) {
    EXPECT_THAT(Refusal(wrong), HasSubstr(wrong));
  }
}

TEST(ResolverList, MustNameOne) {
  for (const char* empty : {"", " , ", "# only a comment\n"}) {
    EXPECT_THAT(Refusal(empty), HasSubstr("names no server"));
  }
}

TEST(ResolvConf, GivesItsNameServersInOrder) {
  EXPECT_THAT(Texts(ParseResolvConf("# by hand\n"
                                    "search example.com\n"
                                    "nameserver 192.0.2.2\n"
                                    "  nameserver\t2001:db8::1 # trailing\n"
                                    "nameserver 192.0.2.2\n"
                                    ";nameserver 192.0.2.3\n"
                                    "nameserver fe80::1%eth0\n"
                                    "nameserver\n"
                                    "nameservers 192.0.2.4\n"
                                    "nameserver 192.0.2.5")),
              ElementsAre("192.0.2.2", "2001:db8::1", "192.0.2.5"));
}

TEST(ResolvConf, MayNameNone) {
  EXPECT_TRUE(ParseResolvConf("options edns0\n").empty());
  EXPECT_TRUE(ParseResolvConf("").empty());
}

}  // namespace
}  // namespace mxscan
