#include "scanner/demo/world_truth.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "rapidjson/stringbuffer.h"
#include "rapidjson/writer.h"

namespace mxscan {
namespace {

using Found = RecordSource::Found;
using Family = IpAddress::Family;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr int kMaxSteps = 16;

// In the order of DomainStatus and HostState.
constexpr std::string_view kStatusWords[] = {"ok",
                                             "null_mx",
                                             "implicit_mx",
                                             "no_mail",
                                             "nxdomain",  //
                                             "indeterminate",
                                             "servfail",
                                             "refused",
                                             "timeout",
                                             "malformed",
                                             "invalid_input"};
constexpr std::string_view kStateWords[] = {
    "ok", "nxdomain", "nodata", "failed", "loop", "not_queried", "null"};

bool Failed(Found found) {
  return found == Found::kServFail || found == Found::kRefused ||
         found == Found::kSilence;
}

std::vector<IpAddress> AddressesAt(const World& world, NameView name,
                                   const World::Site& site) {
  std::vector<IpAddress> addresses;
  const int a_count = site.a == Found::kRecords ? site.a_count : 0;
  const int aaaa_count = site.aaaa == Found::kRecords ? site.aaaa_count : 0;
  for (int k = 0; k < a_count; ++k) {
    addresses.push_back(world.AddressOf(name, Family::kV4, k));
  }
  for (int k = 0; k < aaaa_count; ++k) {
    addresses.push_back(world.AddressOf(name, Family::kV6, k));
  }
  std::ranges::sort(addresses);
  return addresses;
}

// Follows aliases from `name`, to which it writes their end. False for a loop.
bool FollowAliases(const World& world, Name& name, World::Site& site) {
  for (int step = 0; step <= kMaxSteps; ++step) {
    world.Describe(name, site);
    if (site.mx != Found::kAlias) return true;
    name = Name(site.alias);
  }
  return false;
}

// Exchanges that are no host names are never asked for.
bool RulesItselfOut(std::string_view exchange) {
  return exchange.find_first_not_of("0123456789.") == std::string_view::npos ||
         exchange.find('.') == std::string_view::npos;
}

TrueExchange TruthOfExchange(const World& world, uint32_t ttl,
                             const World::Exchange& exchange) {
  TrueExchange truth;
  truth.preference = exchange.preference;
  truth.exchange = ToText(exchange.host);
  truth.ttl = ttl;
  if (exchange.host.view().IsRoot()) {
    truth.state = HostState::kNull;
    return truth;
  }
  if (RulesItselfOut(truth.exchange)) return truth;
  Name end = exchange.host;
  World::Site site;
  if (!FollowAliases(world, end, site)) {
    truth.state = HostState::kLoop;
    return truth;
  }
  if (!(end.view() == exchange.host.view())) truth.alias = ToText(end);
  truth.addresses = AddressesAt(world, end, site);
  truth.a_unknown = Failed(site.a);
  truth.aaaa_unknown = Failed(site.aaaa);
  truth.state = !truth.addresses.empty()                ? HostState::kOk
                : site.a == Found::kNxDomain            ? HostState::kNxDomain
                : truth.a_unknown || truth.aaaa_unknown ? HostState::kFailed
                                                        : HostState::kNoData;
  return truth;
}

DomainStatus StatusWithoutMx(const World::Site& site, bool has_addresses) {
  if (has_addresses) return DomainStatus::kImplicitMx;
  return Failed(site.a) || Failed(site.aaaa) ? DomainStatus::kIndeterminate
                                             : DomainStatus::kNoMail;
}

void Write(std::string_view text, Writer& json) {
  json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void Write(const std::optional<std::string>& text, Writer& json) {
  text ? Write(std::string_view(*text), json) : void(json.Null());
}

void Write(const std::vector<IpAddress>& addresses, Writer& json) {
  json.StartArray();
  for (const IpAddress& address : addresses) {
    Write(std::string_view(ToText(address)), json);
  }
  json.EndArray();
}

void Write(const TrueExchange& mx, Writer& json) {
  json.StartObject();
  json.Key("preference");
  json.Int(mx.preference);
  json.Key("exchange");
  Write(std::string_view(mx.exchange), json);
  json.Key("ttl");
  json.Int64(mx.ttl);
  json.Key("state");
  Write(kStateWords[static_cast<int>(mx.state)], json);
  json.Key("alias");
  Write(mx.alias, json);
  json.Key("addresses");
  Write(mx.addresses, json);
  json.Key("unknown");
  json.StartArray();
  if (mx.a_unknown) json.String("a");
  if (mx.aaaa_unknown) json.String("aaaa");
  json.EndArray();
  json.EndObject();
}

}  // namespace

TrueRow TruthOf(const World& world, uint64_t i) {
  const Name domain = world.DomainName(i);
  TrueRow row;
  row.domain = ToText(domain);
  Name end = domain;
  World::Site site;
  FollowAliases(world, end, site);  // No domain of the world is in a loop.
  if (!(end.view() == domain.view())) row.alias = ToText(end);
  switch (site.mx) {
    case Found::kAlias:
    case Found::kRecords: break;
    case Found::kNoData:
      row.addresses = AddressesAt(world, end, site);
      row.status = StatusWithoutMx(site, !row.addresses->empty());
      return row;
    case Found::kNxDomain: row.status = DomainStatus::kNxDomain; return row;
    case Found::kServFail: row.status = DomainStatus::kServFail; return row;
    case Found::kRefused: row.status = DomainStatus::kRefused; return row;
    case Found::kSilence: row.status = DomainStatus::kTimeout; return row;
  }
  for (int k = 0; k < site.exchange_count; ++k) {
    row.mx.push_back(TruthOfExchange(world, site.ttl, site.exchanges[k]));
  }
  std::ranges::sort(row.mx, {}, [](const TrueExchange& mx) {
    return std::tie(mx.preference, mx.exchange);
  });
  if (row.mx.front().state == HostState::kNull) {
    row.status = DomainStatus::kNullMx;
  }
  return row;
}

void AppendNdjson(int64_t line, const TrueRow& row, std::string& out) {
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  json.Key("line");
  json.Int64(line);
  json.Key("domain");
  Write(std::string_view(row.domain), json);
  json.Key("status");
  Write(kStatusWords[static_cast<int>(row.status)], json);
  json.Key("mx_count");
  json.Int64(static_cast<int64_t>(row.mx.size()));
  json.Key("alias");
  Write(row.alias, json);
  json.Key("mx");
  json.StartArray();
  for (const TrueExchange& mx : row.mx) Write(mx, json);
  json.EndArray();
  json.Key("addresses");
  row.addresses ? Write(*row.addresses, json) : void(json.Null());
  json.EndObject();
  out.append(buffer.GetString(), buffer.GetSize());
  out.push_back('\n');
}

}  // namespace mxscan
