#include "scanner/input/extract_host.h"

#include <gtest/gtest.h>

namespace mxscan {
namespace {

TEST(ExtractHost, TakesTheHostOutOfUrls) {
  for (const std::string_view url :
       {"https://example.com", "http://example.com/", "//example.com/x",
        "  https://jane:p@ss@example.com:8443/a?b=c@d#e", "example.com/path",
        "example.com:25", "ftp://example.com?q", "https://example.com\\x",
        "example.com?utm=https://other.net/", "example.com#x@y",
        "https://example.com/contact@other.net", "example.com/a@b"}) {
    EXPECT_EQ(ExtractHost(url), "example.com") << url;
  }
}

TEST(ExtractHost, TakesTheDomainOutOfEMailAddresses) {
  for (const std::string_view address :
       {"jane@example.com", "mailto:jane@example.com?subject=Hi",
        "Jane Doe <jane@example.com>", "\"a@b\"@example.com",
        "Jane <jane@example.com> (work)"}) {
    EXPECT_EQ(ExtractHost(address), "example.com") << address;
  }
}

TEST(ExtractHost, LeavesEverythingElseAsItIs) {
  for (const std::string_view text :
       {"example.com", " example.com. ", "", "   ", "a b", "192.0.2.1"}) {
    EXPECT_EQ(ExtractHost(text), text);
  }
}

TEST(ExtractHost, WhatIsNoDomainStaysInvalid) {
  InputLine line;
  for (const std::string_view text :
       {"https:///x", "jane@", "http://192.0.2.1/", "http://[2001:db8::1]:80/",
        "2001:db8::1", "@", "://", "<>@<>"}) {
    SetDomain(text, /*extract_host=*/true, line);
    EXPECT_FALSE(line.valid()) << text;
    EXPECT_EQ(line.input, text);
  }
}

TEST(SetDomain, ExtractsOnlyWhenAskedTo) {
  InputLine line;
  SetDomain("jane@example.com", /*extract_host=*/false, line);
  EXPECT_EQ(line.invalid, "email_address");
  SetDomain("jane@Example.com", /*extract_host=*/true, line);
  EXPECT_TRUE(line.valid());
  EXPECT_EQ(ToText(line.domain), "example.com");
  EXPECT_EQ(line.input, "jane@Example.com");
}

}  // namespace
}  // namespace mxscan
