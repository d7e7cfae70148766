#include "tests/resolver/resolver/simulated_network.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "resolver/wire/query_writer.h"

namespace mxscan {
namespace {

Name N(std::string_view text) { return *Name::FromText(text); }

void Append(std::vector<uint8_t>& out, NameView name) {
  out.insert(out.end(), name.bytes().begin(), name.bytes().end());
}

void Append16(std::vector<uint8_t>& out, size_t value) {
  out.push_back(static_cast<uint8_t>(value >> 8));
  out.push_back(static_cast<uint8_t>(value));
}

void AppendRecord(std::vector<uint8_t>& out, const Rr& rr) {
  Append(out, N(rr.owner));
  Append16(out, static_cast<size_t>(rr.type));
  Append16(out, 1);
  Append16(out, 0);
  Append16(out, 300);
  Append16(out, rr.rdata.size());
  out.insert(out.end(), rr.rdata.begin(), rr.rdata.end());
}

// The header and the question of a reply to `query`.
std::vector<uint8_t> BeginReply(const SeenQuery& query, int flags) {
  std::vector<uint8_t> packet(kMaxQueryOctets);
  QueryOptions options;
  options.edns = false;
  packet.resize(WriteQuery(query.question, options, packet.data()));
  packet[2] |= 0x80 | flags >> 8;
  packet[3] |= 0x80 | (flags & 0xff);
  return packet;
}

Outcome ByHeader(const Message& message) {
  if (message.truncated()) return Outcome::kTruncated;
  switch (message.rcode()) {
    case 0:
    case 3: return Outcome::kAnswer;
    case 2: return Outcome::kServFail;
    case 5: return Outcome::kRefused;
    case 1:
    case 4: return Outcome::kFormErr;
    default: return Outcome::kMalformed;
  }
}

}  // namespace

Rr A(std::string_view owner, uint8_t last_octet) {
  return {owner, RrType::kA, {192, 0, 2, last_octet}};
}

Rr Mx(std::string_view owner, std::string_view exchange) {
  std::vector<uint8_t> rdata = {0, 10};
  Append(rdata, N(exchange));
  return {owner, RrType::kMx, rdata};
}

Rr Cname(std::string_view owner, std::string_view target) {
  std::vector<uint8_t> rdata;
  Append(rdata, N(target));
  return {owner, RrType::kCname, rdata};
}

Rr Soa(std::string_view owner) {
  std::vector<uint8_t> rdata;
  Append(rdata, N("ns.example"));
  Append(rdata, N("root.example"));
  rdata.resize(rdata.size() + 20);
  return {owner, RrType::kSoa, rdata};
}

Reaction Say(const SeenQuery& query, std::initializer_list<Rr> records) {
  Reaction reaction;
  reaction.packet = BeginReply(query, 0);
  for (const Rr& rr : records) {
    AppendRecord(reaction.packet, rr);
    ++reaction.packet[rr.type == RrType::kSoa ? 9 : 7];
  }
  return reaction;
}

Reaction SayRcode(const SeenQuery& query, int rcode) {
  Reaction reaction;
  reaction.packet = BeginReply(query, rcode);
  return reaction;
}

Reaction SayTruncated(const SeenQuery& query) {
  Reaction reaction;
  reaction.packet = BeginReply(query, 0x0200);
  return reaction;
}

Reaction SayNobodyListens() { return {}; }

Reaction SayGarbage() {
  Reaction reaction;
  reaction.garbage = true;
  return reaction;
}

bool SimulatedNetwork::Start(const AttemptRequest& request, AttemptId* id) {
  if (attempts_.size() >= most_alive) return false;
  *id = static_cast<AttemptId>(++last_id_);
  SeenQuery query;
  query.question = *request.question;
  query.question.name = Name(request.name);
  query.upstream = request.upstream;
  query.protocol = request.protocol;
  query.edns = request.edns;
  query.mixed_case = request.mixed_case;
  query.at = now_;
  burst_ = queries.empty() || queries.back().at != now_ ? 1 : burst_ + 1;
  largest_burst = std::max(largest_burst, burst_);
  queries.push_back(query);
  ++(request.protocol == Protocol::kUdp ? stats_.sent_udp : stats_.sent_tcp);
  attempts_[*id] = {request.token, now_, false};
  for (Reaction& reaction : servers_[request.upstream](query)) {
    const Nanos at = now_ + reaction.delay;
    events_.emplace(at, Event{*id, false, std::move(reaction)});
  }
  events_.emplace(now_ + request.timeout, Event{*id, true, {}});
  return true;
}

void SimulatedNetwork::Release(AttemptId id) { attempts_.erase(id); }

void SimulatedNetwork::Run(ResolverCore& core, Nanos limit) {
  const Nanos end = now_ + limit;
  while (core.outstanding() > 0 && now_ < end) {
    HandOut(core);
    Nanos next = core.OnTurn(now_);
    if (!events_.empty()) next = std::min(next, events_.begin()->first);
    now_ = std::clamp(next, now_, end);
  }
}

void SimulatedNetwork::HandOut(ResolverCore& core) {
  while (!events_.empty() && events_.begin()->first <= now_) {
    const Event event = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    HandOut(core, event);
  }
}

void SimulatedNetwork::HandOut(ResolverCore& core, const Event& event) {
  const auto found = attempts_.find(event.id);
  if (found == attempts_.end()) {
    if (!event.silence) ++stats_.strays;
    return;
  }
  const uint32_t token = found->second.token;
  if (event.silence) {
    found->second.silent = true;
    return core.OnSilence(event.id, token);
  }
  const Reaction& said = event.reaction;
  const std::optional<Message> message =
      said.packet.empty() ? std::nullopt : Message::Read(said.packet);
  Reply reply{Outcome::kUnreachable, nullptr, now_ - found->second.sent,
              found->second.silent, said.case_preserved};
  if (said.garbage) reply.outcome = Outcome::kMalformed;
  if (message.has_value()) {
    reply.outcome = ByHeader(*message);
    reply.message = &*message;
  }
  core.OnReply(event.id, token, reply);
}

}  // namespace mxscan
