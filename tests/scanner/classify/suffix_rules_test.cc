#include "scanner/classify/suffix_rules.h"

#include <gtest/gtest.h>
#include <libpsl.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace mxscan {
namespace {

constexpr char kSystemText[] = "/usr/share/publicsuffix/public_suffix_list.dat";

TEST(SuffixRules, PreferTheLongestAndLetExceptionsWin) {
  const SuffixRules rules("uk\nco.uk\n*.ck\n!www.ck\nnot.a.rule {\n// x\n");
  EXPECT_EQ(rules.Find("a.b.co.uk"), "b.co.uk");
  EXPECT_EQ(rules.Find("co.uk"), "");
  EXPECT_EQ(rules.Find("b.uk"), "b.uk");
  EXPECT_EQ(rules.Find("a.b.c.ck"), "b.c.ck");
  EXPECT_EQ(rules.Find("c.ck"), "");
  EXPECT_EQ(rules.Find("ck"), "");
  EXPECT_EQ(rules.Find("a.www.ck"), "www.ck");
  EXPECT_EQ(rules.Find("a.b.unheard-of"), "b.unheard-of");
  EXPECT_EQ(rules.Find("unheard-of"), "");
}

TEST(SuffixRules, LeaveToOthersWhatIsNotPlain) {
  EXPECT_TRUE(SuffixRules::Knows("mail.example.com"));
  EXPECT_FALSE(SuffixRules::Knows("mail.xn--p1ai"));
  EXPECT_FALSE(SuffixRules::Knows("a\\.b.com"));
}

TEST(SuffixRules, AreNoneInWhatIsNoList) {
  EXPECT_FALSE(SuffixRules("").any());
  EXPECT_FALSE(SuffixRules("// only\n// comments\n").any());
  EXPECT_FALSE(SuffixRules(std::string(100, '\0')).any());
}

// Every line of the system's list, rule or not, and hosts around it.
TEST(SuffixRules, SayWhatLibpslSaysOfTheWholeSystemList) {
  std::ifstream file(kSystemText);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const SuffixRules rules(text);
  ASSERT_TRUE(rules.any());
  const std::unique_ptr<psl_ctx_t, void (*)(psl_ctx_t*)> list(
      psl_load_file(kSystemText), psl_free);
  ASSERT_NE(list, nullptr);
  int compared = 0;
  file.clear();
  file.seekg(0);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with("//")) continue;
    const size_t mark = line.find_first_not_of("*.!");
    const std::string name = line.substr(mark);
    for (const std::string prefix : {"", "a.", "b.a.", "c.b.a.", "www."}) {
      const std::string host = prefix + name;
      if (!SuffixRules::Knows(host)) continue;
      const bool ascii =
          std::all_of(host.begin(), host.end(), [](char c) { return c > 0; });
      if (!ascii) continue;
      const char* const found =
          psl_registrable_domain(list.get(), host.c_str());
      EXPECT_EQ(rules.Find(host), found == nullptr ? "" : found) << host;
      ++compared;
    }
  }
  EXPECT_GT(compared, 30000);
}

}  // namespace
}  // namespace mxscan
