#include "scanner/demo/server_counts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "rapidjson/stringbuffer.h"
#include "rapidjson/writer.h"

namespace mxscan {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void Write(const char* key, int64_t value, Writer& json) {
  json.Key(key);
  json.Int64(value);
}

void Write(const Peaks& peaks, Writer& json) {
  json.StartObject();
  Write("tenth", peaks.tenth, json);
  Write("second", peaks.second, json);
  json.EndObject();
}

void WritePeaks(const ServerCounts& counts, Writer& json) {
  json.Key("peak");
  Write(PeaksOf(counts, -1), json);
  json.Key("peaks");
  json.StartArray();
  const int last = counts.arrivals.rbegin()->first.first;
  for (int i = 0; i <= last; ++i) Write(PeaksOf(counts, i), json);
  json.EndArray();
}

}  // namespace

std::string TypeWord(RrType type) {
  switch (type) {
    case RrType::kA: return "A";
    case RrType::kNs: return "NS";
    case RrType::kCname: return "CNAME";
    case RrType::kSoa: return "SOA";
    case RrType::kPtr: return "PTR";
    case RrType::kMx: return "MX";
    case RrType::kTxt: return "TXT";
    case RrType::kAaaa: return "AAAA";
    case RrType::kDname: return "DNAME";
    case RrType::kTlsa: return "TLSA";
    default: break;
  }
  return absl::StrCat("TYPE", static_cast<int>(type));
}

void ServerCounts::Add(const ServerCounts& other) {
  queries += other.queries;
  udp += other.udp;
  tcp += other.tcp;
  edns += other.edns;
  malformed += other.malformed;
  replies += other.replies;
  tcp_connections += other.tcp_connections;
  overdue += other.overdue;
  for (size_t i = 0; i < by_type.size(); ++i) by_type[i] += other.by_type[i];
  for (size_t i = 0; i < faults.size(); ++i) faults[i] += other.faults[i];
  for (const auto& [question, count] : other.by_question) {
    by_question[question] += count;
  }
  for (const auto& [when, count] : other.arrivals) arrivals[when] += count;
}

void ServerCounts::AddArrival(int endpoint, std::chrono::nanoseconds at) {
  constexpr std::chrono::milliseconds kTenth(100);
  ++arrivals[{endpoint, at / kTenth}];
}

Peaks PeaksOf(const ServerCounts& counts, int endpoint) {
  std::map<int64_t, int64_t> tenths;
  for (const auto& [when, count] : counts.arrivals) {
    if (endpoint < 0 || when.first == endpoint) tenths[when.second] += count;
  }
  Peaks peaks;
  for (auto first = tenths.begin(); first != tenths.end(); ++first) {
    peaks.tenth = std::max(peaks.tenth, first->second);
    int64_t second = 0;
    for (auto at = first; at != tenths.end(); ++at) {
      if (at->first >= first->first + 10) break;
      second += at->second;
    }
    peaks.second = std::max(peaks.second, second);
  }
  return peaks;
}

std::string ToJson(const ServerCounts& counts) {
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  Write("queries", counts.queries, json);
  Write("udp", counts.udp, json);
  Write("tcp", counts.tcp, json);
  Write("edns", counts.edns, json);
  Write("malformed", counts.malformed, json);
  Write("replies", counts.replies, json);
  Write("tcp_connections", counts.tcp_connections, json);
  Write("overdue", counts.overdue, json);
  json.Key("types");
  json.StartObject();
  for (int type = 0; type <= ServerCounts::kOtherTypes; ++type) {
    if (counts.by_type[type] == 0) continue;
    const std::string word = type == ServerCounts::kOtherTypes
                                 ? "other"
                                 : TypeWord(static_cast<RrType>(type));
    Write(word.c_str(), counts.by_type[type], json);
  }
  json.EndObject();
  json.Key("faults");
  json.StartObject();
  for (int kind = 0; kind < kFaultKindCount; ++kind) {
    if (counts.faults[kind] == 0) continue;
    Write(std::string(FaultWord(static_cast<FaultKind>(kind))).c_str(),
          counts.faults[kind], json);
  }
  json.EndObject();
  if (!counts.arrivals.empty()) WritePeaks(counts, json);
  if (!counts.by_question.empty()) {
    json.Key("questions");
    json.StartObject();
    for (const auto& [question, count] : counts.by_question) {
      Write(question.c_str(), count, json);
    }
    json.EndObject();
  }
  json.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace mxscan
