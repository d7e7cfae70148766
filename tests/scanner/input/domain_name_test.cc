#include "scanner/input/domain_name.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mxscan {
namespace {

using namespace std::string_literals;

std::string Normalized(std::string_view text) {
  const NormalizedDomain domain = NormalizeDomain(text);
  EXPECT_EQ(domain.invalid, "") << text;
  return ToText(domain.name);
}

std::string_view ReasonFor(std::string_view text) {
  const NormalizedDomain domain = NormalizeDomain(text);
  EXPECT_TRUE(domain.invalid.empty() || domain.name.view().IsRoot()) << text;
  return domain.invalid;
}

TEST(DomainName, IsTrimmedLowerCasedAndLosesOneFinalDot) {
  EXPECT_EQ(Normalized(" \tExample.COM.\r\n"), "example.com");
  EXPECT_EQ(Normalized("example.com"), "example.com");
  EXPECT_EQ(ReasonFor("example.com.."), "empty_label");
}

TEST(DomainName, MayHaveOneLabelOnly) {
  EXPECT_EQ(Normalized("com"), "com");
  EXPECT_EQ(Normalized("localhost."), "localhost");
}

TEST(DomainName, TakesUnderscoresAndHyphensAnywhereInALabel) {
  EXPECT_EQ(Normalized("_dmarc.example.com"), "_dmarc.example.com");
  EXPECT_EQ(Normalized("-a-.b_c.de"), "-a-.b_c.de");
  EXPECT_EQ(Normalized("xn--bcher-kva.example"), "xn--bcher-kva.example");
}

TEST(DomainName, OfOtherScriptsBecomesALabels) {
  EXPECT_EQ(Normalized("bücher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(Normalized("BÜCHER.example"), "xn--bcher-kva.example");
  EXPECT_EQ(Normalized("bu\u0308cher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(Normalized("faß.de"), "xn--fa-hia.de");  // IDNA2008, not "fass".
  EXPECT_EQ(Normalized("例え.テスト"), "xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(Normalized("_dmarc.bücher.example"),
            "_dmarc.xn--bcher-kva.example");
}

TEST(DomainName, TakesTheFullStopsOfOtherScriptsForDots) {
  EXPECT_EQ(Normalized("例え。テスト。"), "xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(Normalized("ｅｘａｍｐｌｅ．com"), "example.com");
}

TEST(DomainName, MayHaveLabelsOf63OctetsAndNoLonger) {
  const std::string longest(63, 'a');
  EXPECT_EQ(Normalized(longest + ".de"), longest + ".de");
  EXPECT_EQ(ReasonFor(longest + "a.de"), "label_too_long");
  EXPECT_EQ(ReasonFor("de." + longest + "a"), "label_too_long");
  EXPECT_EQ(ReasonFor("ü" + longest + ".de"), "label_too_long");
}

TEST(DomainName, MayHave253CharactersAndNoMore) {
  const std::string label(63, 'a');
  const std::string name = label + "." + label + "." + label + ".";
  EXPECT_EQ(Normalized(name + std::string(61, 'b')).size(), 253u);
  EXPECT_EQ(Normalized(name + std::string(61, 'b') + ".").size(), 253u);
  EXPECT_EQ(ReasonFor(name + std::string(62, 'b')), "name_too_long");
  EXPECT_EQ(ReasonFor(name + "b." + std::string(60, 'b')), "name_too_long");
  std::string many;
  for (int i = 0; i < 200; ++i) many += "ü.";
  EXPECT_EQ(ReasonFor(many + "de"), "name_too_long");
  EXPECT_EQ(ReasonFor(std::string(2000, 'x') + "ü"), "name_too_long");
}

TEST(DomainName, IsNotInvented) {
  const std::vector<std::pair<std::string, std::string_view>> cases = {
      {"", "empty"},
      {" \t ", "empty"},
      {".", "empty_label"},
      {"..", "empty_label"},
      {".example.com", "empty_label"},
      {"a..example.com", "empty_label"},
      {"bücher..example", "empty_label"},
      {"exam ple.com", "white_space"},
      {"example.com\t# mine", "white_space"},
      {"example.com example.org", "white_space"},
      {"1.2.3.4", "ip_address"},
      {"1.2.3.4.", "ip_address"},
      {"1.2.3.4:25", "ip_address"},
      {"10.0.0.0/8", "ip_address"},
      {"::1", "ip_address"},
      {"2001:DB8::1", "ip_address"},
      {"[2001:db8::1]", "ip_address"},
      {"[2001:db8::1]:25", "ip_address"},
      {"fe80::1%eth0", "ip_address"},
      {"１.２.３.４", "ip_address"},
      {"http://example.com/", "url"},
      {"https://user@example.com/", "url"},
      {"example.com/index.html", "url"},
      {"a@example.com", "email_address"},
      {"Some One <a@example.com>", "email_address"},
      {"mailto:a@example.com", "email_address"},
      {"*.example.com", "bad_character"},
      {"example.com:25", "bad_character"},
      {"a\\.b.example.com", "bad_character"},
      {"exa,mple.com", "bad_character"},
      {"example.com;", "bad_character"},
      {"\"example.com\"", "bad_character"},
      {"exam\x01ple.com", "bad_character"},
      {"a\0b.com"s, "nul_byte"},
      {"\0"s, "nul_byte"},
      {"b\xfc"
       "cher.example",
       "bad_utf8"},
      {"\xc0\xae.example", "bad_utf8"},
      {"\xed\xa0\x80.example", "bad_utf8"},
      {"\xf4\x90\x80\x80.example", "bad_utf8"},
      {"bücher\xc3", "bad_utf8"},
      {"☃☃\u2028.example", "bad_idn"},
      {"a\u00a0b.example", "bad_idn"},
      {"-ü.example", "bad_idn"},
      {"\u0301abc.example", "bad_idn"},
      {"xn--a-ecp.bücher.ru\u200c", "bad_idn"},
  };
  for (const auto& [text, reason] : cases) {
    EXPECT_EQ(ReasonFor(text), reason) << text;
  }
}

TEST(DomainName, OfDigitsAloneIsADomainUnlessItIsAnAddress) {
  EXPECT_EQ(Normalized("256.1.1.1"), "256.1.1.1");
  EXPECT_EQ(Normalized("1.2.3"), "1.2.3");
  EXPECT_EQ(Normalized("163.com"), "163.com");
}

}  // namespace
}  // namespace mxscan
