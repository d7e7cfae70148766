#include "scanner/demo/demo_world.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "scanner/tables/tsv.h"

namespace mxscan {
namespace {

constexpr std::string_view kSetsName = "mail_sets.tsv";
constexpr std::string_view kZoneName = "extra.zone";
constexpr std::string_view kScanMark = "; scan: ";
constexpr uint64_t kSeed = 2026;
constexpr uint32_t kMxTtl = 3600;
constexpr uint32_t kAddressTtl = 300;

constexpr std::array<std::string_view, 24> kFirstWords = {
    "alpine", "amber", "blue",   "bright", "cedar",  "clear", "copper", "coral",
    "eagle",  "east",  "golden", "green",  "harbor", "iron",  "maple",  "north",
    "ocean",  "prime", "quick",  "silver", "summit", "swift", "urban",  "west"};
constexpr std::array<std::string_view, 24> kSecondWords = {
    "bakery", "bikes",   "books",  "clinic",  "coffee",  "consult",
    "design", "energy",  "events", "farm",    "finance", "fitness",
    "garden", "hotel",   "labs",   "law",     "media",   "motors",
    "school", "studios", "tools",  "trading", "travel",  "works"};
constexpr std::array<std::string_view, 32> kTopLevels = {
    "com", "com", "com", "com", "com",   "com",    "com",    "com",
    "com", "com", "com", "com", "net",   "net",    "org",    "org",
    "de",  "de",  "de",  "de",  "co.uk", "co.uk",  "nl",     "fr",
    "it",  "ch",  "eu",  "pl",  "io",    "com.br", "com.au", "shop"};

absl::string_view ToAbsl(std::string_view text) {
  return {text.data(), text.size()};
}

std::string DomainName(int i) {
  // The number makes it one that nobody has.
  const auto pick = [i](const auto& words, int step) {
    return std::string(words[static_cast<size_t>(i / step) % words.size()]);
  };
  return absl::StrCat(pick(kFirstWords, 1), "-", pick(kSecondWords, 24), "-",
                      1000 + i, ".", pick(kTopLevels, 7));
}

// What {n}, {hex} and their like become for a domain.
std::string Fill(std::string_view pattern, const std::string& domain) {
  const uint64_t hash = Name::FromText(domain)->view().Hash(kSeed);
  const std::string tenant = absl::StrReplaceAll(domain, {{".", "-"}});
  const std::string letter(1, static_cast<char>('a' + hash % 26));
  return absl::StrReplaceAll(ToAbsl(pattern),
                             {{"{domain}", domain},
                              {"{tenant}", tenant},
                              {"{letter}", letter},
                              {"{n}", absl::StrCat(1 + hash % 9)},
                              {"{nn}", absl::StrCat(10 + hash % 90)},
                              {"{nnn}", absl::StrCat(100 + hash % 900)},
                              {"{hex}", absl::StrFormat("%08x", hash >> 32)}});
}

// Exchanges that are no host names have no addresses.
bool IsHost(const Name& name) {
  const std::string text = ToText(name);
  return name.view().LabelCount() > 1 &&
         text.find_first_not_of("0123456789.") != text.npos;
}

struct MailSet {
  std::vector<std::pair<uint16_t, std::string>> exchanges;  // Patterns.
  std::string_view word;   // In place of exchanges; empty for none.
  std::string_view hosts;  // What they are like.
  std::string_view spf;    // What SPF includes, or -; empty without a record.
  int domains = 0;
};

template <typename T>
bool ReadNumber(absl::string_view text, T& number) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && at == end;
}

// What is wrong with the row; empty when it is sound.
std::string ReadMailSet(const TsvRow& row, MailSet& set) {
  constexpr std::array<std::string_view, 7> kWords = {
      "implicit", "nomail", "nxdomain",     "servfail",
      "refused",  "silent", "indeterminate"};
  constexpr std::array<std::string_view, 7> kHosts = {
      "good", "missing", "last_missing", "empty", "servfail", "half", "alias"};
  if (!ReadNumber(ToAbsl(row.fields[1]), set.domains) || set.domains < 1) {
    return "domains is no number above 0";
  }
  set.hosts = row.fields[3];
  set.spf = row.fields[4];
  if (std::ranges::find(kHosts, set.hosts) == kHosts.end()) {
    return "hosts is none of the words it can be";
  }
  if (std::ranges::find(kWords, row.fields[2]) != kWords.end()) {
    set.word = row.fields[2];
    return {};
  }
  const std::vector<std::string> parts =
      absl::StrSplit(ToAbsl(row.fields[2]), ' ');
  for (size_t i = 0; i + 1 < parts.size(); i += 2) {
    uint16_t preference = 0;
    if (!ReadNumber(absl::string_view(parts[i]), preference) ||
        !Name::FromText(Fill(parts[i + 1], "a.example"))) {
      return "mx is neither a word nor pairs of preference and host";
    }
    set.exchanges.emplace_back(preference, parts[i + 1]);
  }
  return parts.size() % 2 == 0 ? "" : "mx lacks a host or a preference";
}

}  // namespace

class DemoWorldBuilder {
 public:
  void AddDomain(const MailSet& set) {
    const std::string domain = DomainName(next_++);
    world_.domains_.push_back(domain);
    if (!set.spf.empty()) AddSpf(*Name::FromText(domain), set.spf);
    if (!set.word.empty()) return AddWithoutMx(domain, set.word);
    for (size_t k = 0; k < set.exchanges.size(); ++k) {
      const auto& [preference, pattern] = set.exchanges[k];
      const std::string host = Fill(pattern, domain);
      const Name name = *Name::FromText(host);
      world_.zone_.AddMx(*Name::FromText(domain), kMxTtl, preference, name);
      const bool last = k + 1 == set.exchanges.size();
      if (set.hosts == "last_missing" && !last) {
        AddHost(name, domain, "good");
      } else if (IsHost(name)) {
        AddHost(name, domain, set.hosts);
      }
    }
  }

  absl::Status AddExtraZone(std::string_view text) {
    absl::Status added = world_.zone_.AddText(kZoneName, text);
    if (!added.ok()) return added;
    for (absl::string_view line : absl::StrSplit(ToAbsl(text), '\n')) {
      if (!absl::ConsumePrefix(&line, ToAbsl(kScanMark))) continue;
      world_.domains_.emplace_back(line);
    }
    return absl::OkStatus();
  }

  DemoWorld Take() {
    // The groups are mixed as in any real list.
    std::ranges::sort(world_.domains_, {}, [](const std::string& domain) {
      return Name::FromText(domain)->view().Hash(kSeed + 1);
    });
    return std::move(world_);
  }

 private:
  void AddWithoutMx(const std::string& domain, std::string_view word) {
    const Name name = *Name::FromText(domain);
    if (word == "implicit") {
      AddAddresses(name, /*v6=*/true);
    } else if (word == "nomail" || word == "indeterminate") {
      AddSpf(name, "-");
    }
    if (word == "indeterminate") {
      AddFault(absl::StrCat("servfail type=A name=", domain));
      AddFault(absl::StrCat("servfail type=AAAA name=", domain));
    } else if (word == "servfail" || word == "refused" || word == "silent") {
      const char* kind = word == "silent"     ? "silence"
                         : word == "servfail" ? "servfail"
                                              : "refused";
      AddFault(absl::StrCat(kind, " name=", domain));
    }
  }

  void AddSpf(const Name& name, std::string_view includes) {
    std::string text = "v=spf1 ";
    for (absl::string_view include : absl::StrSplit(ToAbsl(includes), ' ')) {
      if (include != "-") absl::StrAppend(&text, "include:", include, " ");
    }
    text += "-all";
    std::vector<uint8_t> rdata = {static_cast<uint8_t>(text.size())};
    rdata.insert(rdata.end(), text.begin(), text.end());
    world_.zone_.Add(name, RrType::kTxt, kMxTtl, rdata);
  }

  void AddHost(const Name& host, const std::string& domain,
               std::string_view manner) {
    const std::string text = ToText(host);
    if (manner == "good") {
      AddAddresses(host, /*v6=*/true);
    } else if (manner == "half") {
      AddAddresses(host, /*v6=*/false);
      AddFault(absl::StrCat("servfail type=AAAA name=", text));
    } else if (manner == "servfail") {
      AddFault(absl::StrCat("servfail name=", text));
    } else if (manner == "empty") {
      world_.zone_.Add(host, RrType::kTxt, kMxTtl, {{1, '-'}});
    } else if (manner == "alias") {
      const Name target = *Name::FromText(Fill("mx1.webhost{nn}.net", domain));
      world_.zone_.AddAlias(host, kMxTtl, target);
      AddAddresses(target, /*v6=*/true);
    }
  }

  // One or two IPv4 addresses, and for half of all names an IPv6 one.
  void AddAddresses(const Name& name, bool v6) {
    const uint64_t hash = name.view().Hash(kSeed);
    IpAddress address;
    address.octets = {44, static_cast<uint8_t>(hash >> 24),
                      static_cast<uint8_t>(hash >> 16),
                      static_cast<uint8_t>(hash >> 8)};
    world_.zone_.AddAddress(name, kAddressTtl, address);
    if (hash % 3 == 0) {
      ++address.octets[3];
      world_.zone_.AddAddress(name, kAddressTtl, address);
    }
    if (!v6 || hash / 3 % 2 == 0) return;
    address.family = IpAddress::Family::kV6;
    address.octets = {0x2a, 0x02, 0xff, 0xff};
    for (int i = 0; i < 8; ++i) {
      address.octets[8 + i] = static_cast<uint8_t>(hash >> (8 * i));
    }
    world_.zone_.AddAddress(name, kAddressTtl, address);
  }

  void AddFault(const std::string& rule) {
    // The words above are rules of which ParseFaultRules knows every one.
    world_.faults_.push_back(ParseFaultRules(kSetsName, rule)->front());
  }

  DemoWorld world_;
  int next_ = 0;
};

absl::StatusOr<DemoWorld> DemoWorld::Make() {
  return Parse(DemoMailSetsText(), DemoExtraZoneText());
}

absl::StatusOr<DemoWorld> DemoWorld::Parse(std::string_view mail_sets,
                                           std::string_view extra_zone) {
  constexpr std::string_view kColumns[] = {"group", "domains", "mx",
                                           "hosts", "spf",     "source"};
  absl::StatusOr<TsvFile> file = TsvFile::Parse(kSetsName, mail_sets, kColumns);
  if (!file.ok()) return file.status();
  DemoWorldBuilder builder;
  for (const TsvRow& row : file->rows) {
    MailSet set;
    if (const std::string wrong = ReadMailSet(row, set); !wrong.empty()) {
      return TsvError(kSetsName, row.line, wrong);
    }
    for (int i = 0; i < set.domains; ++i) builder.AddDomain(set);
  }
  if (absl::Status added = builder.AddExtraZone(extra_zone); !added.ok()) {
    return added;
  }
  return builder.Take();
}

}  // namespace mxscan
