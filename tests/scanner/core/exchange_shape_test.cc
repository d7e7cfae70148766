#include "scanner/task/exchange_shape.h"

#include <string_view>

#include "gtest/gtest.h"

namespace mxscan {
namespace {

class ExchangeShapeTest : public testing::Test {
 protected:
  ExchangeShape Shape(std::string_view exchange,
                      std::string_view domain = "example.com") {
    return ShapeOf(*Name::FromText(exchange), *Name::FromText(domain),
                   suffixes_);
  }

 private:
  PublicSuffixes suffixes_ = *PublicSuffixes::System();
};

TEST_F(ExchangeShapeTest, AnOrdinaryHostNameIsAHost) {
  EXPECT_EQ(Shape("mx1.example.com"), ExchangeShape::kHost);
  EXPECT_EQ(Shape("4a.mx-1.xn--80ak6aa92e.com"), ExchangeShape::kHost);
}

TEST_F(ExchangeShapeTest, AnUnderscoreIsUnusualButAHost) {
  EXPECT_EQ(Shape("mail_1.example.com"), ExchangeShape::kHost);
}

TEST_F(ExchangeShapeTest, TheRootIsTheNullExchange) {
  EXPECT_EQ(Shape("."), ExchangeShape::kNull);
}

TEST_F(ExchangeShapeTest, LocalhostIsKnownByAllItsNames) {
  EXPECT_EQ(Shape("localhost"), ExchangeShape::kLocalhost);
  EXPECT_EQ(Shape("LOCALHOST.localdomain"), ExchangeShape::kLocalhost);
  EXPECT_EQ(Shape("mail.localhost"), ExchangeShape::kLocalhost);
  EXPECT_NE(Shape("localhost.example.com"), ExchangeShape::kLocalhost);
}

TEST_F(ExchangeShapeTest, AVerificationTokenIsNotTakenForAReservedTld) {
  EXPECT_EQ(Shape("ms123.msv1.invalid"), ExchangeShape::kVerificationLeftover);
  EXPECT_EQ(Shape("abc.mx-verification.google.com"),
            ExchangeShape::kVerificationLeftover);
  EXPECT_EQ(Shape("nomail.invalid"), ExchangeShape::kReservedTld);
  EXPECT_EQ(Shape("notmsv1.invalid"), ExchangeShape::kReservedTld);
}

TEST_F(ExchangeShapeTest, AnAddressIsALiteralHoweverItWasMistyped) {
  EXPECT_EQ(Shape("192.0.2.1"), ExchangeShape::kIpLiteral);
  EXPECT_EQ(Shape("[44\\.10\\.9\\.9]"), ExchangeShape::kIpLiteral);
  EXPECT_EQ(Shape("2001:db8::1"), ExchangeShape::kIpLiteral);
  EXPECT_EQ(Shape("44.10.9.9.example.com"), ExchangeShape::kIpLiteral);
}

TEST_F(ExchangeShapeTest, AnAddressBeforeTheRegistrableDomainIsALiteral) {
  EXPECT_EQ(Shape("44.10.9.9.example.co.uk", "mail.example.co.uk"),
            ExchangeShape::kIpLiteral);
  EXPECT_EQ(Shape("44.10.9.9.example.co.uk", "example.com"),
            ExchangeShape::kHost);
}

TEST_F(ExchangeShapeTest, FourNumbersBeyond255AreNoAddress) {
  EXPECT_EQ(Shape("44.10.9.256"), ExchangeShape::kInvalidHostName);
  EXPECT_EQ(Shape("44.10.9.256.example.com"), ExchangeShape::kHost);
}

TEST_F(ExchangeShapeTest, OctetsThatNoHostMayHaveAreInvalid) {
  EXPECT_EQ(Shape("aspmx.l.google.com\\032\\(priority:1\\)"),
            ExchangeShape::kInvalidHostName);
  EXPECT_EQ(Shape("-mx.example.com"), ExchangeShape::kInvalidHostName);
  EXPECT_EQ(Shape("mx-.example.com"), ExchangeShape::kInvalidHostName);
  EXPECT_EQ(Shape("mx.example.42"), ExchangeShape::kInvalidHostName);
}

TEST_F(ExchangeShapeTest, OneLabelIsNoMailHost) {
  EXPECT_EQ(Shape("mail"), ExchangeShape::kSingleLabel);
}

TEST_F(ExchangeShapeTest, EveryReservedTldIsRuledOut) {
  for (std::string_view host :
       {"mx.alt", "mx.example", "mx.internal", "mx.invalid", "mx.local",
        "mx.onion", "mx.test"}) {
    EXPECT_EQ(Shape(host), ExchangeShape::kReservedTld) << host;
  }
}

}  // namespace
}  // namespace mxscan
