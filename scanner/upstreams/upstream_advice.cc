#include "scanner/upstreams/upstream_advice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace mxscan {
namespace {

// What the stub of a desktop or a home router might bear; a guess on the high
// side, of which the text says that it is one.
constexpr double kDesktopRate = 500;
// Lists that anything can serve, and times that anybody can wait.
constexpr int64_t kFewLines = 1000;
constexpr double kShortSeconds = 60;
// For an input whose length nobody knows.
constexpr int64_t kYardstick = 1'000'000;

constexpr char kRemedy[] =
    "A resolver of your own is faster: \"Which resolver?\" in README.md";

struct Stub {
  std::string_view address;
  std::string_view what;
};
constexpr std::array<Stub, 7> kStubs = {{
    {"127.0.0.53", "the stub of systemd-resolved"},
    {"127.0.0.54", "the stub of systemd-resolved"},
    {"127.0.1.1", "the stub of NetworkManager"},
    {"127.0.0.11", "the stub of Docker"},
    {"10.255.255.254", "the stub of WSL"},
    {"100.100.100.100", "the stub of Tailscale"},
    {"fd7a:115c:a1e0::53", "the stub of Tailscale"},
}};

std::string_view StubAt(const IpAddress& address) {
  for (const Stub& stub : kStubs) {
    if (IpAddress::FromText(stub.address) == address) return stub.what;
  }
  return {};
}

// Of a network that is nobody's on the Internet: RFC 1918, RFC 6598 and RFC
// 3927; in IPv6 unique local and link-local addresses.
bool IsPrivate(const IpAddress& address) {
  const auto& octets = address.octets;
  if (address.family == IpAddress::Family::kV6) {
    return (octets[0] & 0xfe) == 0xfc ||
           (octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80);
  }
  return octets[0] == 10 || (octets[0] == 172 && (octets[1] & 0xf0) == 16) ||
         (octets[0] == 192 && octets[1] == 168) ||
         (octets[0] == 100 && (octets[1] & 0xc0) == 64) ||
         (octets[0] == 169 && octets[1] == 254);
}

// `1,500`.
std::string Grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(at, ",");
  }
  return text;
}

// Three digits of an estimate, and noughts.
int64_t Rounded(int64_t number) {
  int64_t unit = 1;
  while (number / unit >= 1000) unit *= 10;
  return (number + unit / 2) / unit * unit;
}

// `26 minutes`: two digits are enough for a guess.
std::string Lasting(double seconds) {
  const auto in = [seconds](double unit, const char* name) {
    return absl::StrCat(std::lround(seconds / unit), " ", name);
  };
  if (seconds < 90) return in(1, "seconds");
  if (seconds < 90 * 60) return in(60, "minutes");
  if (seconds < 48 * 3600) return in(3600, "hours");
  return in(24 * 3600, "days");
}

}  // namespace

UpstreamAdvice::UpstreamAdvice(const UpstreamSituation& situation,
                               const PublicResolvers& table)
    : situation_(situation), table_(table), kind_(Judge()) {}

UpstreamAdvice::Kind UpstreamAdvice::Judge() const {
  bool desktop = false;
  for (const Endpoint& resolver : situation_.resolvers) {
    if (table_.Find(resolver.address) != nullptr) continue;
    const bool private_one =
        situation_.from_system && IsPrivate(resolver.address);
    if (StubAt(resolver.address).empty() && !private_one) return Kind::kNone;
    desktop = true;
  }
  if (desktop) return Kind::kDesktop;
  if (TypedRate() > PoliteRate()) {
    return situation_.rate_per_resolver > 0 ? Kind::kImpolite : Kind::kPolite;
  }
  return Kind::kNone;
}

double UpstreamAdvice::PoliteRate() const {
  double sum = 0;
  for (const auto& rate : table_.PoliteRates(situation_.resolvers)) {
    sum += rate.value_or(0);
  }
  return sum;
}

// What the user would have; all there is, where nothing was said.
double UpstreamAdvice::TypedRate() const {
  double rate = std::numeric_limits<double>::infinity();
  if (situation_.rate > 0) rate = situation_.rate;
  if (situation_.rate_per_resolver > 0) {
    rate = std::min(rate, situation_.rate_per_resolver *
                              static_cast<double>(situation_.resolvers.size()));
  }
  return rate;
}

// What may be a resolver for scans after all: only its owner knows.
bool UpstreamAdvice::MayBeMeant(const Endpoint& resolver) const {
  return table_.Find(resolver.address) == nullptr &&
         StubAt(resolver.address).empty();
}

// `127.0.0.53 is the stub of systemd-resolved, …`.
std::string UpstreamAdvice::Desktops() const {
  std::vector<std::string> found;
  for (const Endpoint& resolver : situation_.resolvers) {
    if (table_.Find(resolver.address) != nullptr) continue;
    const std::string_view stub = StubAt(resolver.address);
    found.push_back(absl::StrCat(
        ToText(resolver.address), " is ",
        stub.empty() ? "a private address, as a home router has one"
                     : std::string(stub)));
  }
  return absl::StrJoin(found, ", ");
}

// `8.8.8.8 (Google Public DNS)`, an operator once.
std::string UpstreamAdvice::Operators() const {
  std::vector<std::string> found;
  std::set<std::string> named;
  for (const Endpoint& resolver : situation_.resolvers) {
    const std::string& name = table_.Find(resolver.address)->operator_name;
    const bool is_new = named.insert(name).second;
    found.push_back(ToText(resolver.address) +
                    (is_new ? " (" + name + ")" : ""));
  }
  return absl::StrJoin(found, ", ");
}

std::string UpstreamAdvice::Text(std::optional<int64_t> lines) const {
  const bool desktop = kind_ == Kind::kDesktop;
  const double most = desktop ? kDesktopRate : PoliteRate();
  const double rate = std::min(TypedRate(), most);
  const int64_t domains = lines.value_or(kYardstick);
  const double seconds =
      static_cast<double>(domains) * situation_.queries_per_domain / rate;
  if (desktop ? domains <= kFewLines : seconds < kShortSeconds) return "";
  const std::string times = Grouped(std::lround(rate)) + " times a second";
  const std::string takes = absl::StrCat(Grouped(Rounded(domains)), " domains ",
                                         lines ? "" : "would ", "take about ",
                                         Lasting(seconds), ". ", kRemedy);
  switch (kind_) {
    case Kind::kDesktop: {
      const bool meant = std::ranges::any_of(
          situation_.resolvers, [&](const auto& r) { return MayBeMeant(r); });
      return absl::StrCat(
          Desktops(), " and not made for scans: answers are ",
          "easily lost, and even if it can be asked ", times, ", ", takes,
          meant ? "; if yours is no router, name it with --resolvers" : "");
    }
    case Kind::kImpolite:
      return absl::StrCat("--rate-per-resolver is more than is polite towards ",
                          "a public resolver: expect refusals and lost answers "
                          "of ",
                          Operators(), " above ", times, ". ", kRemedy);
    case Kind::kPolite:
    case Kind::kNone: break;
  }
  return absl::StrCat(Operators(),
                      situation_.resolvers.size() > 1 ? " are" : " is",
                      " asked at most ", times,
                      situation_.resolvers.size() > 1 ? " together" : "",
                      ", as is polite towards a public resolver: ", takes);
}

}  // namespace mxscan
