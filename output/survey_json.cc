#include "output/survey_json.h"

#include <cmath>
#include <string>

namespace mxscan {
namespace {

using Json = nlohmann::ordered_json;

Json ProvidersOf(const std::vector<SurveySummary::Provider>& providers,
                 int64_t whole) {
  Json list = Json::array();
  for (const SurveySummary::Provider& provider : providers) {
    list.push_back({{"id", provider.id},
                    {"name", provider.name},
                    {"category", provider.category},
                    {"domains", provider.domains},
                    {"share", Share(provider.domains, whole)}});
  }
  return list;
}

Json CountsOf(const char* key, const std::vector<SurveySummary::Count>& counts,
              int64_t whole) {
  Json list = Json::array();
  for (const SurveySummary::Count& count : counts) {
    list.push_back({{key, count.id},
                    {"domains", count.domains},
                    {"share", Share(count.domains, whole)}});
  }
  return list;
}

Json GatewaysOf(const RunSummary& summary) {
  Json list = Json::array();
  for (const SurveySummary::Gateway& gateway : summary.survey.gateways) {
    list.push_back(
        {{"gateway", gateway.id},
         {"domains", gateway.domains},
         {"share", Share(gateway.domains, summary.domains_with_mail)},
         {"seen", gateway.seen},
         {"unseen", gateway.unseen},
         {"unknown", gateway.unknown},
         {"several", gateway.several},
         {"via",
          {{"secondary_mx", gateway.by_secondary_mx}, {"spf", gateway.by_spf}}},
         {"behind", CountsOf("id", gateway.behind, gateway.domains)}});
  }
  return list;
}

Json ConcentrationOf(const SurveySummary::Concentration& of, int64_t whole) {
  Json top = Json::array();
  for (const SurveySummary::Concentration::Top& item : of.top) {
    top.push_back({{"n", item.count},
                   {"domains", item.domains},
                   {"share", Share(item.domains, whole)}});
  }
  return {{"providers", of.providers},
          {"hhi", Round(of.hhi, 1)},
          {"top", std::move(top)}};
}

Json UnattributedOf(const RunSummary& summary) {
  const SurveySummary::Unattributed& of = summary.survey.unattributed;
  const int64_t whole = summary.domains_with_mail;
  Json largest = Json::array();
  for (const SurveySummary::MxDomain& item : of.largest) {
    largest.push_back({{"mx_domain", item.name},
                       {"domains", item.domains},
                       {"share", Share(item.domains, whole)},
                       {"customers", item.customers},
                       {"likely_provider", item.customers >= 3}});
  }
  return {{"domains", of.domains},
          {"share", Share(of.domains, whole)},
          {"without_mx_domain", of.without_mx_domain},
          {"mx_domains", of.mx_domains},
          {"likely_providers",
           {{"count", of.likely_providers},
            {"domains", of.likely_domains},
            {"share", Share(of.likely_domains, whole)}}},
          {"largest", std::move(largest)}};
}

Json NetworksOf(const RunSummary& summary) {
  Json list = Json::array();
  for (const SurveySummary::Network& network : summary.survey.networks) {
    list.push_back(
        {{"asn", network.asn},
         {"name", network.name},
         {"domains", network.domains},
         {"share", Share(network.domains, summary.domains_with_mail)}});
  }
  return list;
}

int64_t Integer(const Json& object, const char* key) {
  return object.at(key).get<int64_t>();
}

std::string Text(const Json& object, const char* key) {
  return object.at(key).get<std::string>();
}

std::vector<SurveySummary::Count> ReadCounts(const Json& list,
                                             const char* key) {
  std::vector<SurveySummary::Count> counts;
  for (const Json& item : list) {
    counts.push_back({Text(item, key), Integer(item, "domains")});
  }
  return counts;
}

void ReadGateways(const Json& list, SurveySummary& survey) {
  for (const Json& item : list) {
    survey.gateways.push_back(
        {.id = Text(item, "gateway"),
         .domains = Integer(item, "domains"),
         .seen = Integer(item, "seen"),
         .unseen = Integer(item, "unseen"),
         .unknown = Integer(item, "unknown"),
         .several = Integer(item, "several"),
         .by_secondary_mx = Integer(item.at("via"), "secondary_mx"),
         .by_spf = Integer(item.at("via"), "spf"),
         .behind = ReadCounts(item.at("behind"), "id")});
  }
}

SurveySummary::Concentration ReadConcentration(const Json& json) {
  SurveySummary::Concentration read;
  read.providers = Integer(json, "providers");
  read.hhi = json.at("hhi").get<double>();
  for (const Json& item : json.at("top")) {
    read.top.push_back({item.at("n").get<int>(), Integer(item, "domains")});
  }
  return read;
}

SurveySummary::Unattributed ReadUnattributed(const Json& json) {
  SurveySummary::Unattributed read;
  read.domains = Integer(json, "domains");
  read.without_mx_domain = Integer(json, "without_mx_domain");
  read.mx_domains = Integer(json, "mx_domains");
  read.likely_providers = Integer(json.at("likely_providers"), "count");
  read.likely_domains = Integer(json.at("likely_providers"), "domains");
  for (const Json& item : json.at("largest")) {
    read.largest.push_back({Text(item, "mx_domain"), Integer(item, "domains"),
                            item.at("customers").get<int>()});
  }
  return read;
}

void ReadNetworks(const Json& json, SurveySummary& survey) {
  survey.networks_known = !json.at("networks").is_null();
  if (!survey.networks_known) return;
  survey.countries = ReadCounts(json.at("countries"), "country");
  for (const Json& item : json.at("networks")) {
    survey.networks.push_back(
        {Integer(item, "asn"), Text(item, "name"), Integer(item, "domains")});
  }
}

}  // namespace

double Round(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

Json Share(int64_t part, int64_t whole) {
  if (whole <= 0) return nullptr;
  return Round(static_cast<double>(part) / static_cast<double>(whole), 6);
}

void AddSurvey(const RunSummary& summary, Json& json) {
  const SurveySummary& survey = summary.survey;
  const int64_t whole = summary.domains_with_mail;
  json["mailboxes"] = ProvidersOf(survey.mailboxes, whole);
  json["backends"] = GatewaysOf(summary);
  json["attribution"] = CountsOf("via", survey.attribution, whole);
  json["concentration"] = {
      {"exchanges", ConcentrationOf(survey.exchange_concentration, whole)},
      {"mailboxes", ConcentrationOf(survey.mailbox_concentration, whole)}};
  json["unattributed"] = UnattributedOf(summary);
  json["countries"] = nullptr;
  json["networks"] = nullptr;
  if (!survey.networks_known) return;
  json["countries"] = CountsOf("country", survey.countries, whole);
  json["networks"] = NetworksOf(summary);
}

void AddCounters(const RunSummary& summary, Json& json) {
  Json missing = Json::object();
  for (const SurveySummary::Count& count : summary.survey.at_most_missing) {
    missing[count.id] = count.domains;
  }
  json["at_most_missing"] = std::move(missing);
  Json tables = Json::object();
  for (const SurveySummary::Counters& counters : summary.survey.counters) {
    tables[counters.table] = counters.text;
  }
  json["counters"] = std::move(tables);
}

void ReadSurvey(const Json& json, RunSummary& summary) {
  if (!json.contains("mailboxes")) return;
  SurveySummary& survey = summary.survey;
  for (const Json& item : json.at("mailboxes")) {
    survey.mailboxes.push_back({Text(item, "id"), Text(item, "name"),
                                Text(item, "category"),
                                Integer(item, "domains")});
  }
  ReadGateways(json.at("backends"), survey);
  survey.attribution = ReadCounts(json.at("attribution"), "via");
  const Json& concentration = json.at("concentration");
  survey.exchange_concentration =
      ReadConcentration(concentration.at("exchanges"));
  survey.mailbox_concentration =
      ReadConcentration(concentration.at("mailboxes"));
  survey.unattributed = ReadUnattributed(json.at("unattributed"));
  ReadNetworks(json, survey);
  for (const auto& [table, domains] : json.at("at_most_missing").items()) {
    survey.at_most_missing.push_back({table, domains.get<int64_t>()});
  }
  for (const auto& [table, text] : json.at("counters").items()) {
    survey.counters.push_back({table, text.get<std::string>()});
  }
}

}  // namespace mxscan
