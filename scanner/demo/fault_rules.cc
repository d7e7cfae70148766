#include "scanner/demo/fault_rules.h"

#include <charconv>
#include <string>

#include "absl/strings/str_cat.h"

namespace mxscan {
namespace {

struct KindWord {
  std::string_view word;
  FaultKind kind;
  int rcode = 0;
};

constexpr KindWord kKindWords[] = {
    {"loss", FaultKind::kDrop},
    {"silence", FaultKind::kDrop},
    {"dead", FaultKind::kDrop},
    {"duplicate", FaultKind::kDuplicate},
    {"delay", FaultKind::kDelay},
    {"late", FaultKind::kDelay},
    {"reorder", FaultKind::kDelay},
    {"truncate", FaultKind::kTruncate},
    {"small", FaultKind::kSmall},
    {"wrong-id", FaultKind::kWrongId},
    {"wrong-source", FaultKind::kWrongSource},
    {"wrong-question", FaultKind::kWrongQuestion},
    {"not-response", FaultKind::kNotResponse},
    {"garbage", FaultKind::kGarbage},
    {"pointer-loop", FaultKind::kPointerLoop},
    {"cut", FaultKind::kCut},
    {"forge-before", FaultKind::kForgeBefore},
    {"forge-after", FaultKind::kForgeAfter},
    {"forge-blind", FaultKind::kForgeBlind},
    {"limit", FaultKind::kLimit},
    {"lower-case", FaultKind::kLowerCase},
    {"formerr", FaultKind::kRcode, 1},
    {"servfail", FaultKind::kRcode, 2},
    {"nxdomain", FaultKind::kRcode, 3},
    {"notimp", FaultKind::kRcode, 4},
    {"refused", FaultKind::kRcode, 5},
    {"ad", FaultKind::kAuthenticated},
    {"tcp-refuse", FaultKind::kTcpRefuse},
    {"tcp-close", FaultKind::kTcpClose},
    {"tcp-cut", FaultKind::kTcpCut},
    {"rewrite", FaultKind::kRewrite},
};

constexpr std::string_view kFaultWords[kFaultKindCount] = {
    "drop",         "duplicate",   "delay",        "truncate",
    "small",        "wrong-id",    "wrong-source", "wrong-question",
    "not-response", "garbage",     "pointer-loop", "cut",
    "forge-before", "forge-after", "forge-blind",  "limit",
    "lower-case",   "rcode",       "ad",           "tcp-refuse",
    "tcp-close",    "tcp-cut",     "rewrite"};

struct TypeWord {
  std::string_view word;
  uint16_t type;
};

constexpr TypeWord kTypeWords[] = {
    {"A", 1},   {"NS", 2},      {"CNAME", 5}, {"SOA", 6},  {"PTR", 12},
    {"MX", 15}, {"TXT", 16},    {"AAAA", 28}, {"SRV", 33}, {"DNAME", 39},
    {"DS", 43}, {"DNSKEY", 48}, {"TLSA", 52}, {"ANY", 255}};

// Reads all of `text` as a number.
template <typename T>
bool ReadNumber(std::string_view text, T& number) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && at == end;
}

bool ReadChance(std::string_view text, double& chance) {
  return ReadNumber(text, chance) && chance >= 0 && chance <= 1;
}

// `2s`, `1500ms`, `0.5s`.
bool ReadDuration(std::string_view text, Nanos& duration) {
  double unit = 1e9;
  if (text.ends_with("ms")) {
    unit = 1e6;
    text.remove_suffix(2);
  } else if (text.ends_with("s")) {
    text.remove_suffix(1);
  } else {
    return false;
  }
  double number = 0;
  if (!ReadNumber(text, number) || number < 0 || number > 1e9) return false;
  duration = Nanos(static_cast<int64_t>(number * unit));
  return true;
}

bool ReadMillis(std::string_view text, Nanos& duration) {
  return ReadDuration(std::string(text) + "ms", duration);
}

bool ReadType(std::string_view text, std::optional<RrType>& type) {
  for (const TypeWord& known : kTypeWords) {
    if (known.word == text) type = static_cast<RrType>(known.type);
  }
  uint16_t number = 0;
  if (text.starts_with("TYPE") && ReadNumber(text.substr(4), number)) {
    type = static_cast<RrType>(number);
  }
  return type.has_value();
}

bool ReadName(std::string_view text, FaultRule& rule) {
  if (text.starts_with("*.")) {
    rule.below = true;
    text.remove_prefix(2);
  }
  rule.name = Name::FromText(text);
  return rule.name.has_value();
}

bool ReadServer(std::string_view text, FaultRule& rule) {
  rule.address = IpAddress::FromText(text);
  if (rule.address) return true;
  const std::optional<Endpoint> endpoint = Endpoint::FromText(text);
  if (!endpoint) return false;
  rule.address = endpoint->address;
  rule.port = endpoint->port;
  return true;
}

// One of two words.
bool ReadEither(std::string_view text, std::string_view yes,
                std::string_view no, bool& value) {
  value = text == yes;
  return text == yes || text == no;
}

bool ReadFlag(std::string_view text, std::optional<bool>& flag) {
  bool value = false;
  if (!ReadEither(text, "yes", "no", value)) return false;
  flag = value;
  return true;
}

bool ReadProtocol(std::string_view text, std::optional<Protocol>& protocol) {
  bool tcp = false;
  if (!ReadEither(text, "tcp", "udp", tcp)) return false;
  protocol = tcp ? Protocol::kTcp : Protocol::kUdp;
  return true;
}

// Where `key` is unknown, or `value` is not what it wants: false.
bool ReadKey(std::string_view key, std::string_view value, FaultRule& rule) {
  if (key == "name") return ReadName(value, rule);
  if (key == "type") return ReadType(value, rule.type);
  if (key == "at") return ReadServer(value, rule);
  if (key == "proto") return ReadProtocol(value, rule.protocol);
  if (key == "edns") return ReadFlag(value, rule.edns);
  if (key == "cd") return ReadFlag(value, rule.checking_disabled);
  if (key == "p") return ReadChance(value, rule.chance);
  if (key == "share") return ReadChance(value, rule.share);
  if (key == "from") return ReadDuration(value, rule.from);
  if (key == "until") return ReadDuration(value, rule.until);
  if (key == "every") return ReadDuration(value, rule.every);
  if (key == "for") return ReadDuration(value, rule.active);
  if (key == "after") return ReadNumber(value, rule.after);
  if (key == "times") return ReadNumber(value, rule.times);
  if (key == "ms") return ReadMillis(value, rule.delay);
  if (key == "jitter") return ReadMillis(value, rule.jitter);
  if (key == "qps") return ReadNumber(value, rule.qps) && rule.qps > 0;
  if (key == "count") return ReadNumber(value, rule.count) && rule.count > 0;
  if (key == "ede") return ReadNumber(value, rule.extended_error);
  if (key == "action") return ReadEither(value, "refused", "drop", rule.refuse);
  return false;
}

// Takes the next word off `text`; empty at the end of it.
std::string_view TakeWord(std::string_view& text) {
  const size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  const size_t end = std::min(text.find_first_of(" \t\r", begin), text.size());
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

bool ReadKind(std::string_view word, FaultRule& rule) {
  for (const KindWord& known : kKindWords) {
    if (known.word != word) continue;
    rule.kind = known.kind;
    rule.rcode = known.rcode;
    // Enough for its neighbours to overtake it.
    if (word == "reorder") rule.jitter = std::chrono::milliseconds(3);
    return true;
  }
  return false;
}

// What makes the rule no rule; empty when it is sound.
std::string ReadRule(std::string_view line, FaultRule& rule) {
  const std::string_view kind = TakeWord(line);
  if (!ReadKind(kind, rule)) {
    return absl::StrCat("there is no fault '", std::string(kind), "'");
  }
  while (true) {
    const std::string_view word = TakeWord(line);
    if (word.empty()) break;
    const size_t equals = word.find('=');
    if (equals == std::string_view::npos ||
        !ReadKey(word.substr(0, equals), word.substr(equals + 1), rule)) {
      return absl::StrCat("'", std::string(word),
                          "' is no key=value that a fault has");
    }
  }
  if (rule.kind == FaultKind::kLimit && rule.qps <= 0) {
    return "a limit needs qps=N";
  }
  if ((rule.every > Nanos(0)) != (rule.active > Nanos(0))) {
    return "every= and for= need each other";
  }
  return {};
}

}  // namespace

std::string_view FaultWord(FaultKind kind) {
  return kFaultWords[static_cast<int>(kind)];
}

absl::StatusOr<std::vector<FaultRule>> ParseFaultRules(std::string_view name,
                                                       std::string_view text) {
  std::vector<FaultRule> rules;
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    FaultRule rule;
    if (const std::string wrong = ReadRule(line, rule); !wrong.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(std::string(name), ":", number, ": ", wrong,
                       "; scanner/demo/README.md lists them all"));
    }
    rules.push_back(rule);
  }
  return rules;
}

}  // namespace mxscan
