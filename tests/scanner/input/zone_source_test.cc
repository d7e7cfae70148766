#include "scanner/input/zone_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/memory_bytes.h"
#include "tests/support/source_rows.h"

namespace mxscan {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using Rows = std::vector<std::string>;

Rows Read(std::string_view content, size_t piece = SIZE_MAX) {
  MemoryBytes bytes(content, piece);
  ZoneSource source(bytes, "com.zone", /*file=*/0);
  return RowsOf(source);
}

// As ICANN's service gives them: one record a line, all names absolute.
TEST(ZoneSource, GivesEachDelegatedNameOfARegistrysFileOnce) {
  EXPECT_EQ(Read("com.\t900\tin\tsoa\ta.x. b.x. 1 2 3 4 5\n"
                 "com.\t172800\tin\tns\ta.gtld-servers.net.\n"
                 "com.\t86400\tin\tdnskey\t257 3 8 AwEA\n"
                 "a.com.\t172800\tin\tns\tns1.a.com.\n"
                 "a.com.\t172800\tin\tns\tns2.a.com.\n"
                 "a.com.\t86400\tin\tds\t1 8 2 AB\n"
                 "a.com.\t86400\tin\trrsig\tds 8 2 86400 1 2 3 com. x\n"
                 "ns1.a.com.\t172800\tin\ta\t192.0.2.1\n"
                 "ns2.a.com.\t172800\tin\taaaa\t2001:db8::1\n"
                 "b.com.\t172800\tin\tns\tns.b.net.\n"
                 "ck0p.com.\t86400\tin\tnsec3\t1 1 0 - CK0Q NS SOA\n"
                 "com.\t900\tin\tsoa\ta.x. b.x. 1 2 3 4 5\n"),
            (Rows{"4 a.com. -> a.com", "10 b.com. -> b.com"}));
}

TEST(ZoneSource, UnderstandsRelativeNamesOriginsAndOmittedOwners) {
  const std::string_view text =
      "; a comment\n"
      "$ORIGIN COM.\n"
      "$TTL 900\n"
      "@ IN SOA a.gtld-servers.net. nstld (\n"
      "   1 ; serial (\n"
      "   2 3 4 5 )\n"
      "\tNS A.GTLD-SERVERS.NET.\n"
      "EXAMPLE NS NS1.EXAMPLE\n"
      " NS NS2.EXAMPLE\n"
      "example 3600 IN NS NS3.EXAMPLE\n"
      "NS1.EXAMPLE A 192.0.2.1\n"
      "EXAMPLE.COM. 1h30m NS NS4.EXAMPLE\n"
      "$ORIGIN co\n"
      " NS still.the.last.owner.\n"
      "deep IN 60 NS x.\n";
  const Rows rows = {"8 EXAMPLE -> example.com", "15 deep -> deep.co.com"};
  for (const size_t piece : {size_t{1}, size_t{5}, SIZE_MAX}) {
    EXPECT_EQ(Read(text, piece), rows) << piece;
  }
}

TEST(ZoneSource, IsNotLedAstrayByParenthesesAndQuotes) {
  EXPECT_EQ(
      Read("com. SOA x. y. 1 2 3 4 5\r\n"
           "a.com. TXT \"( not open ; \\\" (\" ; ( either\r\n"
           "b.com. ( 3600\r\n"
           "  IN ) NS x.\r\n"
           "c.com. IN (\r\n"
           " NS ; comment )\r\n"
           " x. )\r\n"
           "d.com. TXT ( \"one\"\r\n"
           "e.com. NS inside.\r\n"
           ")\r\n"
           "f.com. CLASS1 NS x.\r\n"
           "g.com. TXT \"not closed\r\n"
           "h.com. NS x.\r\n"
           "i\\(.com. NS x.\r\n"),
      (Rows{"4 b.com. -> b.com", "6 c.com. -> c.com", "11 f.com. -> f.com",
            "13 h.com. -> h.com", "14 i\\(.com. ! bad_character"}));
}

TEST(ZoneSource, KnowsTheApexByTheSoaOrElseByTheOrigin) {
  EXPECT_EQ(Read("$ORIGIN de.\n@ NS x.\nde. NS y.\na NS x.\n"),
            (Rows{"4 a -> a.de"}));
  EXPECT_EQ(Read("co.uk. SOA x. y. 1 2 3 4 5\nuk. NS x.\nco.uk. NS x.\n"
                 "a.co.uk. NS x.\nother.de. NS x.\n"),
            (Rows{"4 a.co.uk. -> a.co.uk"}));
  EXPECT_EQ(Read(". 86400 IN SOA a. b. 1 2 3 4 5\n. NS a.\ncom. NS a.\n"),
            (Rows{"3 com. -> com"}));
  EXPECT_EQ(Read("a.de. NS x.\n"), (Rows{"1 a.de. -> a.de"}));
}

TEST(ZoneSource, NumbersAreOfNamesAndAllElseIsPassedOver) {
  MemoryBytes bytes("com. SOA x. y. 1 2 3 4 5\n\na.com. NS x.\nb.com. NS x.\n");
  ZoneSource source(bytes, "com.zone", 0);
  EXPECT_EQ(RowsOf(source).size(), 2);
  EXPECT_EQ(source.position(), 2);
  EXPECT_EQ(source.skipped(), 2);
}

TEST(ZoneSource, RefusesWhatItCannotFollowAndSaysWhere) {
  EXPECT_THAT(
      Read("$INCLUDE other.zone\n"),
      ElementsAre(AllOf(HasSubstr("com.zone:1"), HasSubstr("$INCLUDE"))));
  EXPECT_THAT(Read("$GENERATE 1-9 a$ NS x.\n"),
              ElementsAre(HasSubstr("$GENERATE")));
  EXPECT_THAT(
      Read("\na NS x.\n"),
      ElementsAre(AllOf(HasSubstr("com.zone:2"), HasSubstr("$ORIGIN com."))));
  EXPECT_THAT(Read("a.de. NS x.\nb.de. TXT ( x\nc.de. NS x.\n"),
              ElementsAre("1 a.de. -> a.de", AllOf(HasSubstr("com.zone:2"),
                                                   HasSubstr("never closed"))));
}

TEST(ZoneSource, ALineOfFourMegabytesCostsItselfOnly) {
  EXPECT_EQ(Read("a.de. NS x.\nb.de. TXT ( " + std::string(4 << 20, 'x') +
                 "\nc.de. NS x.\n"),
            (Rows{"1 a.de. -> a.de", "3 c.de. -> c.de"}));
}

TEST(ZoneSource, SurvivesOctetsThatNoZoneHas) {
  const std::string nul("a\0b.de. NS x.\nc.de. NS x.\n", 26);
  const Rows rows = Read(nul);
  ASSERT_EQ(rows.size(), 2);
  EXPECT_THAT(rows[0], HasSubstr("nul_byte"));
  EXPECT_EQ(Read("\xff.de. NS x.\n"), (Rows{"1 \xff.de. ! bad_utf8"}));
  EXPECT_EQ(Read(""), Rows{});
  EXPECT_EQ(Read("\\"), Rows{});
  EXPECT_EQ(Read("a\\"), Rows{});
}

}  // namespace
}  // namespace mxscan
