#include "scanner/task/to_record.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/tables/embedded_tables.h"
#include "scanner/tables/finding_rules.h"

namespace mxscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Facts and a verdict whose views are literals, and the row they make.
class ToRecordTest : public testing::Test {
 protected:
  ToRecordTest() {
    facts_.line.line = 7;
    facts_.line.input = "Example.COM.";
    facts_.line.domain = *Name::FromText("example.com");
    facts_.domain = ToText(facts_.line.domain);
    names_.upstreams = {"192.0.2.53", "192.0.2.54"};
    names_.inputs = {"a.txt", "b.txt"};
  }

  // How a definitive MX answer was got.
  static AnswerHeader Heard() {
    AnswerHeader how;
    how.outcome = Outcome::kAnswer;
    how.upstream = 1;
    how.attempts = 2;
    how.rtt_us = 1500;
    how.received_us = 1'700'000'000'000'000;
    return how;
  }

  const Record& Row() {
    batch_.clear();
    ToRecord(facts_, verdict_, findings_, texts_, names_, batch_);
    return batch_.rows().front();
  }

  // Of that row; all null where it has none.
  CheckRecord Checks() {
    const Record& row = Row();
    return row.checks == nullptr ? CheckRecord() : *row.checks;
  }

  DomainFacts facts_;
  Verdict verdict_;
  std::vector<Finding> findings_;
  const FindingTable texts_ =
      *FindingTable::Parse("findings.tsv", FindingTableText());
  RowNames names_;
  RecordBatch batch_;
};

TEST_F(ToRecordTest, AnInvalidLineKeepsItsInputAndReasonAndNothingElse) {
  facts_.line.invalid = "empty_label";
  facts_.status = DomainStatus::kInvalidInput;
  facts_.detail = "empty_label";
  const Record& row = Row();
  EXPECT_EQ(row.line, 7);
  EXPECT_EQ(row.input, "Example.COM.");
  EXPECT_EQ(row.status, "invalid_input");
  EXPECT_EQ(row.detail, "empty_label");
  EXPECT_FALSE(row.domain);
  EXPECT_FALSE(row.findings);
  EXPECT_FALSE(row.scanned_at_us);
  EXPECT_FALSE(row.mx);
  EXPECT_FALSE(row.attempts);
}

TEST_F(ToRecordTest, AFailedLookupIsNeverAnEmptyList) {
  facts_.status = DomainStatus::kTimeout;
  facts_.how = AnswerHeader();
  facts_.how->attempts = 10;
  const Record& row = Row();
  EXPECT_EQ(row.domain, "example.com");
  EXPECT_FALSE(row.mx_count);
  EXPECT_FALSE(row.mx);
  EXPECT_FALSE(row.providers);
  EXPECT_FALSE(row.authenticated);
  EXPECT_FALSE(row.resolver);
  EXPECT_EQ(row.attempts, 10);
}

TEST_F(ToRecordTest, ADefinitiveAbsenceIsAnEmptyListAndNotNull) {
  facts_.status = DomainStatus::kNoMail;
  facts_.mx_known = true;
  facts_.how = Heard();
  facts_.own_addresses.emplace();
  const Record& row = Row();
  EXPECT_EQ(row.mx_count, 0);
  ASSERT_TRUE(row.mx);
  EXPECT_THAT(*row.mx, IsEmpty());
  ASSERT_TRUE(row.addresses);
  EXPECT_THAT(*row.addresses, IsEmpty());
  EXPECT_FALSE(row.provider);
  EXPECT_EQ(row.resolver, "192.0.2.54");
}

TEST_F(ToRecordTest, AnExchangeTellsWhichFamilyNobodyCouldAnswer) {
  facts_.status = DomainStatus::kOk;
  facts_.mx_known = true;
  facts_.how = Heard();
  const IpAddress address = *IpAddress::FromText("192.0.2.1");
  facts_.exchanges.resize(1);
  facts_.exchanges[0].preference = 10;
  facts_.exchanges[0].exchange = "mx.example.com";
  facts_.exchanges[0].state = HostState::kOk;
  facts_.exchanges[0].addresses = {&address, 1};
  facts_.exchanges[0].aaaa_unknown = true;
  verdict_.exchanges = {{"own_name"}};
  const MxRecord mx = Row().mx->front();
  EXPECT_EQ(mx.preference, 10);
  EXPECT_EQ(mx.exchange, "mx.example.com");
  EXPECT_EQ(mx.state, "ok");
  EXPECT_FALSE(mx.alias);
  EXPECT_THAT(mx.addresses, ElementsAre("192.0.2.1"));
  EXPECT_THAT(mx.unknown, ElementsAre("aaaa"));
  EXPECT_EQ(mx.provider, "own_name");
}

TEST_F(ToRecordTest, EveryAddressKeepsItsNetworkAndTheRowItsFirsts) {
  facts_.status = DomainStatus::kOk;
  facts_.mx_known = true;
  const std::vector<IpAddress> addresses = {*IpAddress::FromText("192.0.2.1"),
                                            *IpAddress::FromText("192.0.2.2"),
                                            *IpAddress::FromText("192.0.2.3")};
  facts_.exchanges.resize(3);
  facts_.exchanges[0].addresses = absl::MakeSpan(addresses).first(2);
  facts_.exchanges[2].addresses = absl::MakeSpan(addresses).last(1);
  verdict_.exchanges.resize(3);
  verdict_.networks = {{1, "One", "DE"}, {}, {3, "", "FR"}};
  verdict_.network = verdict_.networks[0];
  const Record& row = Row();
  ASSERT_NE(row.networks, nullptr);
  EXPECT_EQ(row.networks->primary.asn, 1);
  EXPECT_EQ(row.networks->primary.name, "One");
  EXPECT_EQ(row.networks->primary.country, "DE");
  EXPECT_TRUE(row.networks->own.empty());
  const std::span<const MxRecord> mx = *row.mx;
  ASSERT_EQ(mx[0].networks.size(), 2u);
  EXPECT_EQ(mx[0].networks[0].asn, 1);
  EXPECT_FALSE(mx[0].networks[1].asn);
  EXPECT_TRUE(mx[1].networks.empty());
  ASSERT_EQ(mx[2].networks.size(), 1u);
  EXPECT_EQ(mx[2].networks[0].asn, 3);
  EXPECT_FALSE(mx[2].networks[0].name);
}

TEST_F(ToRecordTest, AnOwnAddressKeepsItsNetwork) {
  facts_.status = DomainStatus::kImplicitMx;
  facts_.mx_known = true;
  const IpAddress address = *IpAddress::FromText("192.0.2.1");
  facts_.own_addresses = absl::Span<const IpAddress>(&address, 1);
  verdict_.networks = {{7, "Seven", "DE"}};
  const Record& row = Row();
  ASSERT_NE(row.networks, nullptr);
  ASSERT_EQ(row.networks->own.size(), 1u);
  EXPECT_EQ(row.networks->own[0].asn, 7);
}

class DkimColumnTest : public ToRecordTest {
 protected:
  DkimColumnTest() {
    dkim_.parent = "_domainkey.example.com";
    dkim_.below = DkimFacts::Below::kSomething;
  }
  void Add(std::string_view name, bool has_key) {
    DkimSelector& selector = selectors_.emplace_back();
    selector.name = name;
    selector.known = true;
    selector.has_key = has_key;
  }
  std::optional<std::vector<std::string_view>> Selectors() {
    dkim_.selectors = selectors_;
    facts_.checks.dkim = dkim_;
    const NullableView<Record::StringList> column = Checks().dkim_selectors;
    if (!column) return std::nullopt;
    return std::vector(column->begin(), column->end());
  }

  DkimFacts dkim_;
  std::vector<DkimSelector> selectors_;
};

TEST_F(DkimColumnTest, HasTheSelectorsUnderWhichThereIsAKey) {
  Add("fm1._domainkey.example.com", true);
  Add("fm2._domainkey.example.com", false);
  Add("a.b._domainkey.example.com", true);
  Add("fm3._domainkey.example.com", true);
  selectors_.back().is_revoked = true;
  EXPECT_THAT(*Selectors(), ElementsAre("fm1", "a.b"));
}

TEST_F(DkimColumnTest, IsNullWhereNobodyCouldSayOrThereWasNothingToAsk) {
  EXPECT_EQ(Selectors(), std::nullopt);
  Add("fm1._domainkey.example.com", true);
  Add("fm2._domainkey.example.com", true);
  selectors_.back().known = false;
  EXPECT_EQ(Selectors(), std::nullopt);
  facts_.checks.dkim.reset();
  EXPECT_FALSE(Checks().dkim_selectors);
}

TEST_F(DkimColumnTest, IsEmptyWhereNothingCanBeThere) {
  dkim_.below = DkimFacts::Below::kNothing;
  EXPECT_THAT(*Selectors(), IsEmpty());
}

TEST_F(ToRecordTest, ReverseNamesLeadBackFromAllAddressesOrSomeOrNone) {
  std::vector<ReverseFacts> addresses(2);
  facts_.checks.ptr.emplace();
  EXPECT_FALSE(Checks().ptr);  // No address was looked at.
  facts_.checks.ptr->addresses = addresses;
  EXPECT_FALSE(Checks().ptr);  // Nobody could say.
  for (ReverseFacts& reverse : addresses) {
    reverse.known = reverse.confirmation_known = true;
  }
  EXPECT_EQ(Checks().ptr, "none");
  addresses[1].is_confirmed = true;
  EXPECT_EQ(Checks().ptr, "some");
  addresses[0].is_confirmed = true;
  EXPECT_EQ(Checks().ptr, "all");
  addresses[0].confirmation_known = false;
  EXPECT_FALSE(Checks().ptr);
}

TEST_F(ToRecordTest, FindingsStandThereOnceEachWithTheWorstSeverity) {
  EXPECT_THAT(*Row().findings, IsEmpty());
  EXPECT_FALSE(Row().severity);
  findings_ = {
      {FindingId::kAddrPrivate, Severity::kError, "mx1.example.com", {}},
      {FindingId::kAddrPrivate, Severity::kWarning, "mx2.example.com", {}},
      {FindingId::kSingleMx, Severity::kInfo, {}, {}}};
  const Record& row = Row();
  EXPECT_THAT(*row.findings, ElementsAre("addr_private", "single_mx"));
  EXPECT_THAT(row.finding_severities, ElementsAre("error", "info"));
  EXPECT_EQ(row.severity, "error");
}

TEST_F(ToRecordTest, EveryFindingIsARowWithItsSentenceWhereThatIsWanted) {
  findings_ = {
      {FindingId::kMxTargetNxdomain, Severity::kError, "gone.example.com", {}},
      {FindingId::kMxMany, Severity::kInfo, {}, {}, 12}};
  EXPECT_THAT(Row().finding_rows, IsEmpty());
  names_.finding_rows = true;
  const auto rows = Row().finding_rows;
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].subject, "gone.example.com");
  EXPECT_FALSE(rows[0].detail);
  EXPECT_EQ(rows[0].message, "The exchange gone.example.com does not exist.");
  EXPECT_EQ(rows[1].subject, "example.com");
  EXPECT_EQ(rows[1].severity, "info");
  EXPECT_EQ(rows[1].message, "example.com has 12 exchanges.");
}

TEST_F(ToRecordTest, TheInputFileIsNamedOnlyWhenThereAreSeveral) {
  facts_.line.file = 1;
  EXPECT_FALSE(Row().input_file);
  names_.several_inputs = true;
  EXPECT_EQ(Row().input_file, "b.txt");
}

TEST_F(ToRecordTest, ARowOutlivesTheFactsItWasMadeOf) {
  std::string detail = "ede_22_of_some_length_beyond_small_strings";
  facts_.detail = detail;
  const Record& row = Row();
  detail.assign(detail.size(), 'x');
  EXPECT_EQ(row.detail, "ede_22_of_some_length_beyond_small_strings");
}

TEST(FindingRules, KnowWhereAReferenceCanBeRead) {
  EXPECT_EQ(UriOfReference("RFC 7505 §3"),
            "https://www.rfc-editor.org/rfc/rfc7505#section-3");
  EXPECT_EQ(UriOfReference("RFC 1122 §3.2.1.3, RFC 6890"),
            "https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3");
  EXPECT_EQ(UriOfReference("see RFC 6890, and others"),
            "https://www.rfc-editor.org/rfc/rfc6890");
  for (const char* nowhere : {"", "RFC ", "RFC x", "the documentation"}) {
    EXPECT_EQ(UriOfReference(nowhere), "") << nowhere;
  }
}

TEST(FindingRules, AreThoseOfTheTableInItsOrder) {
  const absl::StatusOr<FindingTable> table =
      FindingTable::Parse("data/findings.tsv", FindingTableText());
  ASSERT_TRUE(table.ok()) << table.status();
  const std::vector<FindingRule> rules = RulesOf(*table);
  ASSERT_EQ(rules.size(), size_t{kFindingCount});
  EXPECT_EQ(rules[0].id, "no_mail_route");
  EXPECT_EQ(rules[0].severity, "info");
  EXPECT_EQ(rules[0].group, "mx");
}

}  // namespace
}  // namespace mxscan
