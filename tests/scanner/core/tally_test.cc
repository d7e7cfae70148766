#include "scanner/summary/tally.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scanner/summary/row_counter.h"
#include "scanner/task/words.h"

namespace mxscan {
namespace {

using testing::ElementsAre;

Record RowOf(std::string_view domain, std::string_view status,
             NullableText provider = {}, NullableText category = {}) {
  Record row;
  row.domain = domain;
  row.status = status;
  row.provider = provider;
  row.provider_category = category;
  return row;
}

std::vector<std::string> Lines(const std::vector<Tally::Count>& counts) {
  std::vector<std::string> lines;
  for (const Tally::Count& count : counts) {
    lines.push_back(count.id + " " + std::to_string(count.domains));
  }
  return lines;
}

using enum Tally::Group;

std::string Tlds(const Tally& tally) {
  return tally.survey().counts(Survey::Table::kTld).ToText(SIZE_MAX);
}

TEST(Tally, CountsEachRowByStatusProviderCategoryAndTld) {
  Tally tally;
  tally.Add(RowOf("a.com", "ok", "zoho", "mailbox"));
  tally.Add(RowOf("b.com", "ok", "gmx", "mailbox"));
  tally.Add(RowOf("c.org", "ok", "zoho", "mailbox"));
  tally.Add(RowOf("d.org", "nxdomain"));
  EXPECT_EQ(tally.rows(), 4);
  EXPECT_EQ(tally.with_status(DomainStatus::kOk), 3);
  EXPECT_EQ(tally.with_status(DomainStatus::kNxDomain), 1);
  EXPECT_THAT(Lines(tally.Sorted(kProvider)), ElementsAre("zoho 2", "gmx 1"));
  EXPECT_THAT(Lines(tally.Sorted(kCategory)), ElementsAre("mailbox 3"));
  EXPECT_EQ(Tlds(tally), "0 com,2 org,2");
}

TEST(Tally, CountsDomainsByFindingAndSeverity) {
  const std::string_view ids[] = {"addr_private", "single_mx"};
  const std::string_view first[] = {"error", "warning"};
  const std::string_view second[] = {"warning", "warning"};
  Record row = RowOf("a.com", "ok");
  Tally tally;
  tally.Add(row);
  row.findings = ids;
  row.finding_severities = first;
  tally.Add(row);
  row.finding_severities = second;
  tally.Add(row);
  EXPECT_THAT(Lines(tally.Sorted(kFinding)),
              ElementsAre("warning single_mx 2", "error addr_private 1",
                          "warning addr_private 1"));
}

TEST(Tally, KnowsEveryStatusByItsWord) {
  for (int i = 0; i < kDomainStatusCount; ++i) {
    const auto status = static_cast<DomainStatus>(i);
    Tally tally;
    tally.Add(RowOf("a.com", WordFor(status)));
    EXPECT_EQ(tally.with_status(status), 1) << WordFor(status);
  }
}

TEST(Tally, AnInvalidLineIsARowButNoDomain) {
  Record row;
  row.status = "invalid_input";
  Tally tally;
  tally.Add(row);
  EXPECT_EQ(tally.rows(), 1);
  EXPECT_EQ(Tlds(tally), "0");
}

TEST(Tally, PartsAddUpToTheWhole) {
  Tally one;
  Tally other;
  one.Add(RowOf("a.com", "ok", "gmx", "mailbox"));
  other.Add(RowOf("b.com", "ok", "gmx", "mailbox"));
  other.Add(RowOf("c.de", "no_mail"));
  one.Add(other);
  EXPECT_EQ(one.rows(), 3);
  EXPECT_EQ(one.with_status(DomainStatus::kNoMail), 1);
  EXPECT_THAT(Lines(one.Sorted(kProvider)), ElementsAre("gmx 2"));
  EXPECT_EQ(Tlds(one), "0 com,2 de,1");
}

TEST(Tally, AListOfNonsenseTldsTakesBoundedMemory) {
  Tally tally;
  const int rows = static_cast<int>(2 * TopCounts::kMost);
  for (int i = 0; i < rows; ++i) {
    tally.Add(RowOf("d.t" + std::to_string(i), "nxdomain"));
  }
  EXPECT_EQ(tally.rows(), rows);
  EXPECT_LE(tally.survey().counts(Survey::Table::kTld).size(),
            TopCounts::kMost);
}

// All that a tally knows, as text.
std::string TextOf(const Tally& tally) {
  std::string text = std::to_string(tally.rows());
  for (int i = 0; i < kDomainStatusCount; ++i) {
    const auto status = static_cast<DomainStatus>(i);
    text += " " + std::to_string(tally.with_status(status));
  }
  for (const Tally::Group group : {kProvider, kCategory, kFinding}) {
    for (const std::string& line : Lines(tally.Sorted(group))) {
      text += "\n" + line;
    }
  }
  for (int i = 0; i < Survey::kTables; ++i) {
    const auto table = static_cast<Survey::Table>(i);
    text += "\n" + tally.survey().counts(table).ToText(SIZE_MAX);
  }
  return text;
}

// Rows of many shapes, each of which lies in memory of its own that is gone
// when the next one comes.
class RandomRows {
 public:
  explicit RandomRows(uint32_t tlds) : tlds_(tlds) {}

  const Record& Next() {
    batch_.clear();
    Record& row = batch_.Add();
    row.status = One("ok", "nxdomain", "invalid_input");
    if (Half()) row.domain = batch_.Keep(Domain());
    if (Half()) row.provider = One("gmx", "zoho", "unattributed");
    if (Half()) row.provider_category = One("mailbox", "gateway", "");
    if (Half()) row.provider_via = One("mx_suffix", "address", "");
    if (Half()) row.backend = Some("gmx", "zoho");
    if (Half()) row.backend_via = One("spf", "secondary_mx", "");
    if (Half()) row.mx_domain = One("a.example", "b.example", "");
    NetworkRecord& networks = batch_.Allocate<NetworkRecord>(1).front();
    if (Half()) networks.primary.asn = random_() % 3;
    if (Half()) networks.primary.name = One("One", "Other", "");
    if (Half()) networks.primary.country = One("DE", "FR", "");
    if (Half()) row.networks = &networks;
    if (Half()) row.findings = Some("single_mx", "mx_alias");
    if (row.findings) {
      row.finding_severities = Severities(row.findings->size());
    }
    return row;
  }

 private:
  bool Half() { return random_() % 2 == 0; }

  std::string Domain() {
    return "d" + std::to_string(random_() % 100) + (Half() ? ".t" : "\\.t") +
           std::to_string(random_() % tlds_);
  }

  std::string_view One(std::string_view a, std::string_view b,
                       std::string_view c) {
    const std::string_view all[] = {a, b, c};
    return batch_.Keep(all[random_() % 3]);
  }

  Record::StringList Some(std::string_view a, std::string_view b) {
    const auto list = batch_.Allocate<std::string_view>(random_() % 3);
    for (size_t i = 0; i < list.size(); ++i) {
      list[i] = batch_.Keep(i == 0 ? a : b);
    }
    return list;
  }

  Record::StringList Severities(size_t size) {
    const auto list = batch_.Allocate<std::string_view>(size);
    for (std::string_view& severity : list) {
      severity = One("error", "warning", "info");
    }
    return list;
  }

  const uint32_t tlds_;
  std::mt19937 random_{1};
  RecordBatch batch_;
};

TEST(RowCounter, CountsAsATallyThatTakesRowByRow) {
  for (const uint32_t tlds : {1U, 1'000U}) {  // Some shapes, and too many.
    RandomRows rows(tlds);
    RowCounter counter;
    for (int part = 0; part < 3; ++part) {
      Tally one_by_one;
      for (int i = 0; i < 20'000; ++i) {
        const Record& row = rows.Next();
        one_by_one.Add(row);
        counter.Add(row);
        ASSERT_LE(counter.shapes(), RowCounter::kMostShapes);
      }
      EXPECT_EQ(TextOf(counter.Take()), TextOf(one_by_one)) << tlds;
    }
  }
  EXPECT_EQ(TextOf(RowCounter().Take()), TextOf(Tally()));
}

// What is null, what is empty, and what only stands together in another way
// are not the same.
TEST(RowCounter, TellsShapesApartThatReadAlike) {
  const std::string_view ids[] = {"gm", "x"};
  const std::string_view id[] = {"gmx"};
  RowCounter counter;
  Tally one_by_one;
  const auto add = [&](const Record& row) {
    counter.Add(row);
    one_by_one.Add(row);
  };
  for (const auto& [provider, category] :
       std::initializer_list<std::array<std::string_view, 2>>{
           {"gmx", "gateway"}, {"gmxgate", "way"}, {"", "gmxgateway"}}) {
    Record row = RowOf("a.com", "ok", provider, category);
    add(row);
    for (const Record::StringList backend :
         {Record::StringList(), Record::StringList(ids),
          Record::StringList(id)}) {
      row.provider_category = "gateway";
      row.backend = backend;
      add(row);
    }
  }
  Record row = RowOf("a.com", "ok");
  add(row);
  row.provider_category = "";
  add(row);
  EXPECT_EQ(TextOf(counter.Take()), TextOf(one_by_one));
}

}  // namespace
}  // namespace mxscan
