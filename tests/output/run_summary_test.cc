#include "output/run_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/output/support.h"

namespace mxscan {
namespace {

using ::testing::ElementsAre;
using Json = nlohmann::ordered_json;

std::vector<std::string> KeysOf(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& item : json.items()) keys.push_back(item.key());
  return keys;
}

SurveySummary SmallSurvey() {
  SurveySummary survey;
  survey.attribution = {{"mx_suffix", 5}, {"unattributed", 1}};
  survey.mailboxes = {{"google", "Google", "mailbox", 4},
                      {"unseen", "", "", 2}};
  survey.gateways = {{.id = "mimecast",
                      .domains = 4,
                      .seen = 2,
                      .unseen = 1,
                      .unknown = 1,
                      .several = 1,
                      .by_secondary_mx = 1,
                      .by_spf = 1,
                      .behind = {{"google", 2}, {"zoho", 1}}}};
  survey.exchange_concentration = {3, 2777.78, {{1, 3}, {2, 5}}};
  survey.mailbox_concentration = {2, 5000, {{1, 4}}};
  survey.unattributed = {1, 0, 1, 0, 0, {{"host.example", 1, 1}}};
  survey.at_most_missing = {{"tld", 0}, {"mx_domain", 7}};
  survey.counters = {{"tld", "0 com,7 de,2"}};
  return survey;
}

RunSummary SmallRun() {
  RunSummary run;
  run.version = "0.1.0";
  run.started_at_us = 1'763'770'235'000'000;
  run.finished_at_us = 1'763'770'236'500'000;
  run.elapsed_s = 1.5;
  run.runs = {{1'763'770'235'000'000, 1'763'770'236'000'000, 1.0, 7},
              {1'763'770'236'000'000, 1'763'770'236'500'000, .5, 3}};
  run.input = {.lines = 12, .rows = 10, .blank_or_comment = 2, .invalid = 1};
  run.domains = 9;
  run.by_status = {{"ok", 6}, {"null_mx", 0}, {"nxdomain", 3}};
  run.domains_with_mail = 6;
  run.providers = {{"zoho", "Zoho", "mailbox", 1},
                   {"google", "Google", "mailbox", 4},
                   {"aruba", "Aruba", "hosting", 1}};
  run.categories = {{"hosting", 1}, {"mailbox", 5}};
  run.findings = {{"single_mx", "info", 4},
                  {"mx_target_cname", "warning", 1},
                  {"addr_private", "error", 1},
                  {"implicit_mx", "warning", 3}};
  run.tlds = {{"de", 2, 1, {{"zoho", 1}}}, {"com", 7, 5, {}}};
  run.survey = SmallSurvey();
  run.queries = {.sent = 40,
                 .answered = 38,
                 .retried = 2,
                 .retried_in_vain = 1,
                 .tcp = 1,
                 .strays = 3,
                 .kernel_drops = 4,
                 .by_outcome = {{"answer", 30}, {"nxdomain", 8}}};
  run.resolvers = {{"192.0.2.53:53",
                    40,
                    38,
                    0.05,
                    900,
                    1500,
                    2000,
                    26.66,
                    500,
                    {"flapped", "no_edns"}}};
  run.hosts = {.distinct = 5, .asked = 5, .cache_hits = 7, .messages = 9};
  run.answers = {.asked = 6, .cache_hits = 8, .messages = 10};
  run.domains_per_s = 6.0;
  run.queries_per_s = 26.666;
  run.cpu_us_per_query = 2.5;
  run.rss_bytes = 1 << 20;
  run.notices = {"nothing is said of dane"};
  return run;
}

TEST(RunSummary, HasTheKeysOfTheInterfaceInOrder) {
  const Json json = Json::parse(ToJson(SmallRun()));
  EXPECT_THAT(
      KeysOf(json),
      ElementsAre("schema", "version", "started_at", "finished_at", "elapsed_s",
                  "runs", "input", "domains", "providers", "categories",
                  "findings", "mailboxes", "backends", "attribution",
                  "concentration", "unattributed", "countries", "networks",
                  "tlds", "queries", "resolvers", "notices", "hosts", "answers",
                  "rates", "cpu_us_per_query", "rss_bytes", "at_most_missing",
                  "counters"));
  EXPECT_THAT(KeysOf(json["input"]),
              ElementsAre("lines", "rows", "blank_or_comment", "invalid"));
  EXPECT_THAT(KeysOf(json["queries"]),
              ElementsAre("sent", "answered", "retried", "retried_in_vain",
                          "tcp", "strays", "kernel_drops", "by_outcome"));
  EXPECT_THAT(KeysOf(json["resolvers"][0]),
              ElementsAre("address", "sent", "answered", "loss", "rtt_p50_us",
                          "rtt_p95_us", "rtt_p99_us", "rate_qps",
                          "rate_limit_qps", "notes"));
}

TEST(RunSummary, HoldsTheNumbersOfTheRun) {
  const Json json = Json::parse(ToJson(SmallRun()));
  EXPECT_EQ(json["schema"], kSummarySchema);
  EXPECT_EQ(json["started_at"], "2025-11-22T00:10:35.000000Z");
  EXPECT_EQ(json["elapsed_s"], 1.5);
  EXPECT_EQ(json["input"]["lines"], 12);
  EXPECT_EQ(json["domains"].dump(),
            R"({"total":9,"with_mail":6,)"
            R"("by_status":{"ok":6,"null_mx":0,"nxdomain":3}})");
  EXPECT_EQ(json["queries"]["by_outcome"]["nxdomain"], 8);
  EXPECT_EQ(json["rates"]["queries_per_s"], 26.7);
  EXPECT_EQ(json["resolvers"][0]["loss"], 0.05);
  EXPECT_EQ(json["resolvers"][0]["rate_limit_qps"], 500);
  EXPECT_EQ(json["resolvers"][0]["notes"].dump(), R"(["flapped","no_edns"])");
}

TEST(RunSummary, SortsByDomainsThenNameWithShares) {
  const Json json = Json::parse(ToJson(SmallRun()));
  EXPECT_EQ(json["providers"].dump(),
            R"([{"id":"google","name":"Google","category":"mailbox",)"
            R"("domains":4,"share":0.666667},)"
            R"({"id":"aruba","name":"Aruba","category":"hosting",)"
            R"("domains":1,"share":0.166667},)"
            R"({"id":"zoho","name":"Zoho","category":"mailbox",)"
            R"("domains":1,"share":0.166667}])");
  EXPECT_EQ(json["categories"][0]["category"], "mailbox");
  EXPECT_EQ(json["tlds"].dump(),
            R"([{"tld":"com","domains":7,"share":0.777778,"with_mail":5,)"
            R"("providers":[]},)"
            R"({"tld":"de","domains":2,"share":0.222222,"with_mail":1,)"
            R"("providers":[{"id":"zoho","domains":1,"share":1.0}]}])");
}

TEST(RunSummary, TellsWhoIsBehindWhom) {
  const Json json = Json::parse(ToJson(SmallRun()));
  EXPECT_EQ(json["backends"].dump(),
            R"([{"gateway":"mimecast","domains":4,"share":0.666667,)"
            R"("seen":2,"unseen":1,"unknown":1,"several":1,)"
            R"("via":{"secondary_mx":1,"spf":1},)"
            R"("behind":[{"id":"google","domains":2,"share":0.5},)"
            R"({"id":"zoho","domains":1,"share":0.25}]}])");
  EXPECT_EQ(json["mailboxes"][1].dump(),
            R"({"id":"unseen","name":"","category":"","domains":2,)"
            R"("share":0.333333})");
}

TEST(RunSummary, TellsHowConcentratedMailIs) {
  const Json json = Json::parse(ToJson(SmallRun()));
  EXPECT_EQ(json["concentration"]["exchanges"].dump(),
            R"({"providers":3,"hhi":2777.8,)"
            R"("top":[{"n":1,"domains":3,"share":0.5},)"
            R"({"n":2,"domains":5,"share":0.833333}]})");
}

TEST(RunSummary, TellsWhatTheTableOfProvidersLacks) {
  const Json json = Json::parse(ToJson(SmallRun()));
  EXPECT_EQ(json["unattributed"].dump(),
            R"({"domains":1,"share":0.166667,"without_mx_domain":0,)"
            R"("mx_domains":1,)"
            R"("likely_providers":{"count":0,"domains":0,"share":0.0},)"
            R"("largest":[{"mx_domain":"host.example","domains":1,)"
            R"("share":0.166667,"customers":1,"likely_provider":false}]})");
  EXPECT_EQ(json["at_most_missing"].dump(), R"({"tld":0,"mx_domain":7})");
}

TEST(RunSummary, NetworksAreNullUnlessThereWasADatabase) {
  RunSummary run = SmallRun();
  EXPECT_TRUE(Json::parse(ToJson(run))["networks"].is_null());
  run.survey.networks_known = true;
  run.survey.networks = {{64500, "Example", 3}};
  run.survey.countries = {{"DE", 3}};
  const std::string json = ToJson(run);
  EXPECT_EQ(Json::parse(json)["networks"].dump(),
            R"([{"asn":64500,"name":"Example","domains":3,"share":0.5}])");
  EXPECT_EQ(Json::parse(json)["countries"].dump(),
            R"([{"country":"DE","domains":3,"share":0.5}])");
  EXPECT_EQ(ToJson(*ParseSummary(json)), json);
}

TEST(RunSummary, OfBeforeThereWereSurveysIsRead) {
  Json json = Json::parse(ToJson(SmallRun()));
  for (const char* key :
       {"mailboxes", "backends", "attribution", "concentration", "unattributed",
        "countries", "networks", "at_most_missing", "counters"}) {
    json.erase(key);
  }
  for (Json& tld : json["tlds"]) tld.erase("with_mail");
  const auto read = ParseSummary(json.dump());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->domains, 9);
  EXPECT_TRUE(read->survey.mailboxes.empty());
}

TEST(RunSummary, HasTheMostSevereFindingsFirst) {
  const Json json = Json::parse(ToJson(SmallRun()));
  EXPECT_EQ(json["findings"].dump(),
            R"([{"id":"addr_private","severity":"error","domains":1},)"
            R"({"id":"implicit_mx","severity":"warning","domains":3},)"
            R"({"id":"mx_target_cname","severity":"warning","domains":1},)"
            R"({"id":"single_mx","severity":"info","domains":4}])");
}

TEST(RunSummary, KeepsTheHundredLargestTlds) {
  RunSummary run;
  for (int i = 0; i < 250; ++i)
    run.tlds.push_back({std::to_string(i), i, 0, {}});
  const Json json = Json::parse(ToJson(run));
  EXPECT_EQ(json["tlds"].size(), 100u);
  EXPECT_EQ(json["tlds"][0]["tld"], "249");
  EXPECT_EQ(json["tlds"][99]["tld"], "150");
}

TEST(RunSummary, SaysNullWhereThereIsNoNumber) {
  RunSummary run;
  run.providers = {{"google", "Google", "mailbox", 0}};
  run.resolvers.emplace_back().address = "192.0.2.53:53";
  run.queries_per_s = std::nan("");
  const Json json = Json::parse(ToJson(run));
  EXPECT_TRUE(json["providers"][0]["share"].is_null());
  EXPECT_TRUE(json["resolvers"][0]["loss"].is_null());
  EXPECT_TRUE(json["resolvers"][0]["rtt_p99_us"].is_null());
  EXPECT_TRUE(json["resolvers"][0]["rate_limit_qps"].is_null());
  EXPECT_EQ(json["resolvers"][0]["notes"], Json::array());
  EXPECT_TRUE(json["rates"]["queries_per_s"].is_null());
  EXPECT_TRUE(json["cpu_us_per_query"].is_null());
  EXPECT_EQ(json["tlds"], Json::array());
  EXPECT_EQ(json["domains"]["by_status"], Json::object());
}

TEST(RunSummary, IsValidJsonWhateverTheNames) {
  RunSummary run;
  run.tlds = {{"a\xFF\"", 1, 0, {}}};
  EXPECT_EQ(Json::parse(ToJson(run))["tlds"][0]["tld"], "a\uFFFD\"");
}

TEST(RunSummary, IsWrittenWholeOrNotAtAll) {
  const TempDir dir;
  const std::string path = dir / "summary.json";
  ASSERT_TRUE(WriteSummary(SmallRun(), path).ok());
  EXPECT_EQ(ReadFile(path), ToJson(SmallRun()));
  EXPECT_FALSE(WriteSummary(SmallRun(), dir / "none/summary.json").ok());
}

TEST(RunSummary, IsReadBackFromItsJson) {
  RunSummary empty;
  empty.resolvers.emplace_back().address = "192.0.2.53:53";
  for (const RunSummary& run : {SmallRun(), empty}) {
    const auto read = ParseSummary(ToJson(run));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(ToJson(*read), ToJson(run));
  }
}

TEST(RunSummary, IsReadFromNothingElse) {
  const std::string json = ToJson(SmallRun());
  for (size_t size = 0; size + 1 < json.size(); size += 7) {
    EXPECT_FALSE(ParseSummary(json.substr(0, size)).ok()) << size;
  }
  for (const char* other : {"", "null", "[]", "{}", "{\"schema\":1}"}) {
    EXPECT_EQ(ParseSummary(other).status().code(), absl::StatusCode::kDataLoss);
  }
  Json changed = Json::parse(json);
  changed["schema"] = kSummarySchema + 1;
  EXPECT_FALSE(ParseSummary(changed.dump()).ok());
  changed["schema"] = kSummarySchema;
  changed["queries"]["sent"] = "many";
  EXPECT_FALSE(ParseSummary(changed.dump()).ok());
}

}  // namespace
}  // namespace mxscan
