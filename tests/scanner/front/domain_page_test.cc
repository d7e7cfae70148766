#include "scanner/pages/domain_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "scanner/flags/flags.h"

namespace mxscan {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kProviders[] =
    "id\tfact\tvalue\trank\tsource\tdate\n"
    "gate\tname\tGate Ltd\t\thttps://example.com\t2026-01-01\n"
    "gate\tcategory\tgateway\t\thttps://example.com\t2026-01-01\n"
    "gate\tsuffix\tgate.example\t\thttps://example.com\t2026-01-01\n"
    "box\tname\tMail Box\t\thttps://example.com\t2026-01-01\n"
    "box\tcategory\tmailbox\t\thttps://example.com\t2026-01-01\n"
    "box\tsuffix\tbox.example\t\thttps://example.com\t2026-01-01\n";

class DomainPageTest : public ::testing::Test {
 protected:
  DomainPageTest() : providers_(*ProviderTable::Parse("p.tsv", kProviders)) {
    record_.input = "Example.COM.";
    record_.domain = "example.com";
    record_.status = "ok";
    record_.findings.emplace();
  }

  std::string PageAt(int columns, bool colours = false) const {
    return DomainPage(record_, providers_,
                      {.columns = columns, .colours = colours});
  }

  MxRecord& AddMx(int32_t preference, std::string_view exchange,
                  std::string_view state) {
    mx_.push_back({.preference = preference,
                   .exchange = exchange,
                   .ttl = 300,
                   .state = state,
                   .alias = std::nullopt,
                   .addresses = {},
                   .unknown = {},
                   .provider = std::nullopt});
    record_.mx = mx_;
    return mx_.back();
  }

  void AddFinding(std::string_view id, std::string_view severity,
                  std::string_view message) {
    found_.push_back({.id = id,
                      .severity = severity,
                      .subject = "",
                      .detail = std::nullopt,
                      .message = message,
                      .remedy = "Mend it.",
                      .reference = "RFC 5321 §5.1"});
    record_.finding_rows = found_;
  }

  const ProviderTable providers_;
  std::vector<MxRecord> mx_;
  std::vector<FindingRecord> found_;
  Record record_;
};

TEST_F(DomainPageTest, SaysEverythingInItsPlace) {
  const std::string_view addresses[] = {"203.0.113.5", "2001:db8::5"};
  const std::string_view unknown[] = {"aaaa"};
  const std::string_view backend[] = {"box"};
  const std::string_view several[] = {"gate", "unattributed"};
  mx_.reserve(3);
  AddMx(5, "mx1.gate.example", "ok").addresses = addresses;
  mx_.back().provider = "gate";
  AddMx(10, "mx2.gate.example", "ok").addresses = std::span(addresses).first(1);
  mx_.back().unknown = unknown;
  mx_.back().alias = "other.example";
  AddMx(100, "gone.example.com", "nxdomain").provider = "unattributed";
  record_.provider = "gate";
  record_.providers = several;
  record_.provider_category = "gateway";
  record_.provider_via = "mx_suffix";
  const NetworkRecord networks = {{64500, "Gate", "NZ"}, {}};
  record_.networks = &networks;
  record_.backend = backend;
  record_.backend_via = "spf";
  AddFinding("mx_gone", "error", "The exchange gone.example.com is not there.");
  AddFinding("mx_gone", "error", "The exchange another.example is not either.");
  AddFinding("one_more", "warning",
             "A sentence that is so long that it takes a second line of the "
             "page to be said.");
  EXPECT_EQ(PageAt(79),
            R"(example.com
-------------------------------------------------------------------------------
Status     takes mail
Provider   Gate Ltd (gateway), known by the name of the exchange
Network    AS64500, Gate, NZ
Behind it  Mail Box, named in its SPF record

  5  mx1.gate.example  203.0.113.5, 2001:db8::5
                       Gate Ltd
 10  mx2.gate.example  203.0.113.5
                       is an alias of other.example
                       may have IPv6 addresses: nobody could say
100  gone.example.com  does not exist
                       somebody unknown

error      The exchange gone.example.com is not there.
           The exchange another.example is not either.
           Mend it.
           mx_gone, RFC 5321 §5.1

warning    A sentence that is so long that it takes a second line of the page
           to be said.
           Mend it.
           one_more, RFC 5321 §5.1
)");
}

TEST_F(DomainPageTest, ShowsWhatADomainPublishesWhereSomebodyAsked) {
  EXPECT_THAT(PageAt(79), Not(HasSubstr("TLS-RPT")));
  CheckRecord checks;
  record_.checks = &checks;
  EXPECT_THAT(PageAt(79), Not(HasSubstr("TLS-RPT")));
  checks.tls_rpt = "v=TLSRPTv1; rua=mailto:a@example.com";
  EXPECT_THAT(PageAt(79),
              HasSubstr("\nTLS-RPT    v=TLSRPTv1; rua=mailto:a@example.com\n"));
  checks.tls_rpt = "";
  EXPECT_THAT(PageAt(79), HasSubstr("\nTLS-RPT    none\n"));
}

TEST_F(DomainPageTest, SaysThatThereIsNothingToFind) {
  EXPECT_THAT(PageAt(79), Not(HasSubstr("Findings")));  // Nor to look at.
  AddMx(10, "mx1.example.com", "ok");
  EXPECT_THAT(PageAt(79), HasSubstr("\n\nFindings   none\n"));
  record_.findings.reset();  // Nobody looked.
  EXPECT_THAT(PageAt(79), Not(HasSubstr("Findings")));
}

TEST_F(DomainPageTest, ShowsWhatWasGivenWhereItWasAnotherName) {
  record_.domain = "xn--bcher-kva.example";
  record_.input =
      "b\xC3\xBC"
      "cher.example";
  EXPECT_THAT(PageAt(79), StartsWith("xn--bcher-kva.example (b\xC3\xBC"
                                     "cher.example)\n"));
  record_.domain.reset();
  record_.status = "invalid_input";
  record_.detail = "label_too_long";
  EXPECT_THAT(PageAt(79), HasSubstr("\nStatus     is no domain "
                                    "(label_too_long)\n"));
}

std::string WithoutColours(std::string_view page) {
  std::string plain;
  while (!page.empty()) {
    if (page.starts_with("\x1b[")) {
      page.remove_prefix(page.find('m') + 1);
      continue;
    }
    plain += page.front();
    page.remove_prefix(1);
  }
  return plain;
}

std::vector<size_t> WidthsOf(std::string_view page) {
  std::vector<size_t> widths;
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    widths.push_back(WidthOf(line));
    page.remove_prefix(line.size() + 1);
  }
  return widths;
}

TEST_F(DomainPageTest, HasColoursWhereTheyAreWantedAndIsThePageWithout) {
  AddFinding("mx_gone", "error", "It is not there.");
  const std::string coloured = PageAt(60, /*colours=*/true);
  EXPECT_THAT(coloured, HasSubstr("\x1b[31merror\x1b[0m"));
  EXPECT_THAT(coloured, HasSubstr("\x1b[1mexample.com\x1b[0m"));
  EXPECT_EQ(WithoutColours(coloured), PageAt(60));
}

TEST_F(DomainPageTest, FitsAnyWindowWhateverItIsGiven) {
  const std::string label = std::string(63, 'x') + ".";
  std::string every;
  for (int octet = 0; octet < 256; ++octet) every += static_cast<char>(octet);
  for (const std::string& hostile :
       {label + label + label + label, std::string(300, ' '), every,
        std::string("\xE7\x89\x87\xE4\xBB\xAE\xE5\x90\x8D \xF0\x9F\x92\xA9"),
        std::string("\x1b]0;title\x07\x1b[2J\r\n\xC2\x9B"), std::string()}) {
    const std::string_view texts[] = {hostile, "192.0.2.1", hostile};
    mx_.clear();
    found_.clear();
    AddMx(65535, hostile, "ok").addresses = texts;
    AddMx(0, "a.example", hostile).alias = hostile;
    record_.input = hostile;
    record_.detail = hostile;
    record_.alias = hostile;
    record_.provider = hostile;
    record_.mx_domain = hostile;
    AddFinding(hostile, hostile, hostile);
    for (int columns = 20; columns <= 132; columns += 7) {
      const std::string page = PageAt(columns);
      EXPECT_THAT(WidthsOf(page), Each(Le(static_cast<size_t>(columns))));
      for (const char octet : page) {
        const bool is_control =
            static_cast<uint8_t>(octet) < 0x20 || octet == 0x7F;
        EXPECT_TRUE(octet == '\n' || !is_control) << int{octet};
      }
      EXPECT_THAT(page, Not(HasSubstr("\xC2\x9B")));  // A C1 control.
    }
  }
}

TEST(PageText, WritesWhatIsNotToBeSeenAsNumbers) {
  EXPECT_EQ(Cleaned("plain \xC3\xBC \xE7\x89\x87"),
            "plain \xC3\xBC \xE7\x89\x87");
  EXPECT_EQ(Cleaned("\x1b[31m"), "\\u{1b}[31m");
  EXPECT_EQ(Cleaned("a\xE2\x80\xAE"
                    "b"),
            "a\\u{202e}b");  // Turns text round.
  EXPECT_EQ(Cleaned("a\xEF\xB8\x8F"), "a\\u{fe0f}");
  EXPECT_EQ(Cleaned("\xFF"), "\xEF\xBF\xBD");
  EXPECT_EQ(Cleaned(std::string_view("\0\x7F", 2)), "\\u{0}\\u{7f}");
}

TEST(PageText, TakesWideCharactersForTwoColumns) {
  EXPECT_EQ(WidthOf("abc"), 3u);
  EXPECT_EQ(WidthOf("\xC2\xA7"), 1u);
  EXPECT_EQ(WidthOf("\xE7\x89\x87"), 2u);
  EXPECT_EQ(WidthOf("\xF0\x9F\x92\xA9"), 2u);
}

// The outputs of a scan with these arguments, typed on a terminal.
std::vector<OutputFile> OutputsOf(std::vector<std::string> arguments,
                                  bool on_terminal = true) {
  Environment environment;
  environment.stdout_is_terminal = on_terminal;
  arguments.insert(arguments.end(), {"-r", "192.0.2.1"});
  const absl::StatusOr<Command> command = ParseFlags(arguments, environment);
  EXPECT_TRUE(command.ok()) << command.status();
  if (!command.ok()) return {};
  const ScanPlan plan = std::get<ScanPlan>(*command);
  EXPECT_EQ(plan.ordered, plan.outputs.front().has_pages);
  return plan.outputs;
}

TEST(PageFlags, GiveAHandfulOfDomainsOnATerminalPages) {
  EXPECT_FALSE(OutputsOf({"example.com"}, false).front().has_pages);
  std::vector<std::string> domains;
  for (int i = 0; i < 20; ++i) {
    domains.push_back("d" + std::to_string(i) + ".example");
  }
  EXPECT_TRUE(OutputsOf(domains).front().has_pages);
  domains.emplace_back("one-more.example");
  EXPECT_FALSE(OutputsOf(domains).front().has_pages);
}

TEST(PageFlags, GiveRowsToWhoeverAsksForThem) {
  for (const std::vector<std::string>& rows :
       {std::vector<std::string>{"-o", "rows.csv"},
        {"-o", "-"},
        {"--format", "csv"},
        {"--layout", "long"}}) {
    std::vector<std::string> arguments = {"example.com"};
    arguments.insert(arguments.end(), rows.begin(), rows.end());
    EXPECT_FALSE(OutputsOf(arguments).front().has_pages) << rows.back();
  }
  const auto both = OutputsOf({"example.com", "--findings-out", "f.sarif"});
  EXPECT_TRUE(both.front().has_pages);
  EXPECT_EQ(ToText(both.back().format), "sarif");
}

}  // namespace
}  // namespace mxscan
