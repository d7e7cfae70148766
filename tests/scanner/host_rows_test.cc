#include "scanner/commands/host_rows.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "scanner/input/line_source.h"
#include "scanner/tables/provider_data.h"
#include "tests/support/memory_bytes.h"

namespace mxscan {
namespace {

constexpr char kTable[] =
    "id\tfact\tvalue\trank\tsource\tdate\n"
    "acme\tcategory\tmailbox\t\tits documentation\t2026-11\n"
    "acme\tname\tAcme Mail\t\tits documentation\t2026-11\n"
    "acme\tsuffix\tmx.acme.net\t\tits documentation\t2026-11\n";

class CollectedBytes : public ByteSink {
 public:
  explicit CollectedBytes(std::string& text) : text_(text) {}
  absl::Status Write(std::string_view chunk) override {
    text_ += chunk;
    return absl::OkStatus();
  }
  absl::StatusOr<FileMark> Checkpoint() override { return FileMark(); }
  absl::Status Close() override { return absl::OkStatus(); }

 private:
  std::string& text_;
};

class HostRowsTest : public ::testing::Test {
 protected:
  // What comes out for the lines of `text`, without the header.
  std::string RowsOf(const std::string& text, bool flushed = false) {
    const absl::StatusOr<ProviderTable> table =
        ProviderTable::Parse("table", kTable);
    EXPECT_TRUE(table.ok()) << table.status();
    const absl::StatusOr<PublicSuffixes> suffixes = PublicSuffixes::System();
    EXPECT_TRUE(suffixes.ok()) << suffixes.status();
    Classifier classifier({.table = &*table, .suffixes = &*suffixes});
    MemoryBytes bytes(text);
    LineSource source(bytes, 0);
    std::string written;
    std::vector<std::unique_ptr<TextTable>> tables;
    tables.push_back(
        std::make_unique<TextTable>(std::make_unique<CollectedBytes>(written),
                                    TableForm::kCsv, HostRows::kColumns));
    HostRows rows(source, classifier, tables);
    std::atomic<bool> running{true};
    std::thread worker([&] {
      EXPECT_TRUE(rows.Run().ok());
      running = false;
    });
    while (flushed && running) EXPECT_TRUE(rows.Flush().ok());
    worker.join();
    EXPECT_TRUE(tables[0]->Finish().ok());
    return written.substr(written.find('\n') + 1);
  }
};

TEST_F(HostRowsTest, NameTheProviderOfAHostByItsSuffix) {
  EXPECT_EQ(RowsOf("in1.mx.acme.net\nMX.Acme.NET.\n"),
            "in1.mx.acme.net,acme,Acme Mail,mailbox,mx_suffix,acme.net\n"
            "mx.acme.net,acme,Acme Mail,mailbox,mx_suffix,acme.net\n");
}

TEST_F(HostRowsTest, SayThatNobodyKnowsAndNeverThatItIsTheDomainsOwn) {
  EXPECT_EQ(RowsOf("mail.example.co.uk\nnotmx.acme.net\nlocalhost\n"),
            "mail.example.co.uk,unattributed,,,,example.co.uk\n"
            "notmx.acme.net,unattributed,,,,acme.net\n"
            "localhost,unattributed,,,,\n");
}

TEST_F(HostRowsTest, AreThereForLinesThatAreNoHostsToo) {
  EXPECT_EQ(RowsOf(".\nno host\n192.0.2.1\n10 mx.acme.net\na..b\n"),
            ".,,,,,\n"
            "no host,,,,,\n"
            "192.0.2.1,,,,,\n"
            "10 mx.acme.net,,,,,\n"
            "a..b,,,,,\n");
}

TEST_F(HostRowsTest, ReadTheEscapesOfOurOwnRows) {
  EXPECT_EQ(RowsOf("a\\.b.mx.acme.net\n\\000.mx.acme.net\na\\300.acme.net\n"),
            "a\\.b.mx.acme.net,acme,Acme Mail,mailbox,mx_suffix,acme.net\n"
            "\\000.mx.acme.net,acme,Acme Mail,mailbox,mx_suffix,acme.net\n"
            "a\\300.acme.net,,,,,\n");
}

TEST_F(HostRowsTest, PassOverBlankLinesAndComments) {
  EXPECT_EQ(RowsOf("\n# no host\n\n"), "");
}

// For ThreadSanitizer, and for rows that are cut in two.
TEST_F(HostRowsTest, AreWholeThoughTheyAreFlushedMeanwhile) {
  std::string text, expected;
  for (int i = 0; i < 5000; ++i) {
    text += "in1.mx.acme.net\n";
    expected += "in1.mx.acme.net,acme,Acme Mail,mailbox,mx_suffix,acme.net\n";
  }
  EXPECT_EQ(RowsOf(text, /*flushed=*/true), expected);
}

}  // namespace
}  // namespace mxscan
