#include "resolver/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>

namespace mxscan {
namespace {

std::string RoundTrip(std::string_view text) {
  const std::optional<IpAddress> address = IpAddress::FromText(text);
  return address.has_value() ? ToText(*address) : "none";
}

std::string EndpointRoundTrip(std::string_view text) {
  const std::optional<Endpoint> endpoint = Endpoint::FromText(text);
  return endpoint.has_value() ? ToText(*endpoint) : "none";
}

TEST(IpAddress, IsWrittenInTheTextOfRfc5952) {
  EXPECT_EQ(RoundTrip("192.0.2.255"), "192.0.2.255");
  EXPECT_EQ(RoundTrip("::"), "::");
  EXPECT_EQ(RoundTrip("::1"), "::1");
  EXPECT_EQ(RoundTrip("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(RoundTrip("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(RoundTrip("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  EXPECT_EQ(RoundTrip("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  EXPECT_EQ(RoundTrip("1:2:3:4:5:6:0:0"), "1:2:3:4:5:6::");
  EXPECT_EQ(RoundTrip("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ",
        "[::1]", "::1%lo", ":::", "1:2:3:4:5:6:7:8:9", "example.com"}) {
    EXPECT_EQ(RoundTrip(text), "none") << text;
  }
  EXPECT_EQ(RoundTrip(std::string_view("1.2.3.4\0", 8)), "none");
}

TEST(IpAddress, ComesBackFromItsTextWhateverItsOctets) {
  std::minstd_rand random(7);
  for (int i = 0; i < 20000; ++i) {
    IpAddress address{.family = IpAddress::Family::kV6};
    for (uint8_t& octet : address.octets) {
      octet = random() % 3 == 0 ? random() : 0;
    }
    ASSERT_EQ(IpAddress::FromText(ToText(address)), address);
    ASSERT_LT(ToText(address).size(), size_t{kMaxAddressText});
  }
}

TEST(IpAddress, SortsV4BeforeV6ThenByOctets) {
  EXPECT_LT(IpAddress::FromText("255.0.0.0"), IpAddress::FromText("::"));
  EXPECT_LT(IpAddress::FromText("9.0.0.0"), IpAddress::FromText("10.0.0.0"));
}

TEST(Endpoint, TakesAnAddressWithOrWithoutAPort) {
  EXPECT_EQ(EndpointRoundTrip("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(EndpointRoundTrip("192.0.2.1:53"), "192.0.2.1");
  EXPECT_EQ(EndpointRoundTrip("192.0.2.1:5353"), "192.0.2.1:5353");
  EXPECT_EQ(EndpointRoundTrip("2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(EndpointRoundTrip("[2001:db8::1]"), "2001:db8::1");
  EXPECT_EQ(EndpointRoundTrip("[2001:db8::1]:65535"), "[2001:db8::1]:65535");
}

TEST(Endpoint, RefusesWhatIsNoEndpoint) {
  for (const char* text :
       {"", ":53", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536",
        "192.0.2.1:+1", "192.0.2.1:53x", "[192.0.2.1]:53", "[::1", "[::1]53",
        "[::1]:", "[]", "dns.example:53"}) {
    EXPECT_EQ(EndpointRoundTrip(text), "none") << text;
  }
}

}  // namespace
}  // namespace mxscan
