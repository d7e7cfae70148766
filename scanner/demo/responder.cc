#include "scanner/demo/responder.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "scanner/demo/mangle.h"

namespace mxscan {
namespace {

constexpr int kPlainUdp = 512;
constexpr int kLargestUdp = 4096;

int LimitOf(const Query& query, Protocol protocol, const FaultPlan& plan,
            int room) {
  if (protocol == Protocol::kTcp) return room;
  if (plan.Has(FaultKind::kSmall)) return kPlainUdp;
  return std::clamp<int>(query.payload, kPlainUdp, kLargestUdp);
}

}  // namespace

Responder::Responder(const Recursor& recursor, FaultDealer dealer,
                     bool count_questions)
    : recursor_(recursor),
      dealer_(std::move(dealer)),
      count_questions_(count_questions),
      reply_(kRoom),
      forged_(kPlainUdp) {}

void Responder::Respond(absl::Span<const uint8_t> packet, const Served& served,
                        Nanos now, ReplySink& sink) {
  Query query;
  switch (ReadQuery(packet, query)) {
    case QueryForm::kGood: break;
    case QueryForm::kBad: return RespondBad(query, sink);
    case QueryForm::kNoQuery: ++counts_.malformed; return;
  }
  const Protocol protocol = served.protocol;
  const FaultPlan plan =
      dealer_.Deal(query, served.index, served.endpoint, protocol, now);
  Count(query, protocol, plan);
  if (plan.Has(FaultKind::kDrop)) return;
  const bool udp = protocol == Protocol::kUdp;
  if (!udp && plan.Has(FaultKind::kTcpClose)) return sink.Close();
  if (udp && plan.Has(FaultKind::kForgeBefore)) SendForged(query, sink);
  if (udp) SendBlindForgeries(query, plan.forgeries, sink);
  int size = Compose(query, protocol, plan);
  if (size > 0) {
    size = Spoil(query, plan, size);
    ReplyManner manner{plan.delay, ReplySource::kAsked,
                       plan.Has(FaultKind::kTcpCut)};
    if (plan.Has(FaultKind::kWrongSource)) {
      manner.source = dealer_.Random() % 2 == 0 ? ReplySource::kOtherPort
                                                : ReplySource::kOtherAddress;
    }
    const absl::Span<const uint8_t> reply(reply_.data(), size);
    Send(reply, manner, sink);
    if (plan.Has(FaultKind::kDuplicate)) Send(reply, manner, sink);
  }
  if (udp && plan.Has(FaultKind::kForgeAfter)) SendForged(query, sink);
}

// RFC 1035 §4.1.1: the id and FORMERR are all that can be said.
void Responder::RespondBad(const Query& query, ReplySink& sink) {
  ++counts_.malformed;
  Query bare;
  bare.id = query.id;
  bare.opcode = query.opcode;
  bare.recursion_desired = query.recursion_desired;
  ReplyWriter reply(absl::MakeSpan(reply_));
  reply.Begin(bare, kPlainUdp);
  reply.SetRcode(Rcode::kFormErr);
  const int size = reply.Finish();
  Send({reply_.data(), static_cast<size_t>(size)}, {}, sink);
}

void Responder::Count(const Query& query, Protocol protocol,
                      const FaultPlan& plan) {
  ++counts_.queries;
  ++(protocol == Protocol::kUdp ? counts_.udp : counts_.tcp);
  counts_.edns += query.edns;
  const int type = static_cast<int>(query.type);
  ++counts_.by_type[std::min(type, ServerCounts::kOtherTypes)];
  for (int kind = 0; plan.kinds != 0 && kind < kFaultKindCount; ++kind) {
    counts_.faults[kind] += plan.Has(static_cast<FaultKind>(kind));
  }
  if (count_questions_) {
    ++counts_.by_question[absl::StrCat(ToText(query.name()), " ",
                                       TypeWord(query.type))];
  }
}

// Writes the reply into reply_ and returns its size; 0 for silence.
int Responder::Compose(const Query& query, Protocol protocol,
                       const FaultPlan& plan) {
  ReplyWriter reply(absl::MakeSpan(reply_));
  reply.Begin(query, LimitOf(query, protocol, plan, kRoom));
  if (plan.rcode >= 0) {
    reply.SetRcode(static_cast<Rcode>(plan.rcode));
    reply.SetExtendedError(plan.extended_error);
  } else if (!recursor_.Reply(query, reply)) {
    return 0;
  }
  reply.SetAuthenticated(plan.Has(FaultKind::kAuthenticated));
  if (plan.Has(FaultKind::kTruncate) && protocol == Protocol::kUdp) {
    reply.Truncate();
  }
  const int size = reply.Finish();
  return plan.Has(FaultKind::kRewrite) ? Rewrite(query, size) : size;
}

// As resolvers do that send mistyped names to advertisements.
int Responder::Rewrite(const Query& query, int size) {
  constexpr std::array<uint8_t, 4> kAddress = {192, 0, 2, 99};
  constexpr uint32_t kTtl = 60;
  const bool nxdomain =
      (reply_[3] & 15) == static_cast<uint8_t>(Rcode::kNxDomain);
  if (!nxdomain || query.type != RrType::kA) return size;
  ReplyWriter reply(absl::MakeSpan(reply_));
  reply.Begin(query, kPlainUdp);
  reply.Add(Section::kAnswer, query.name(), query.type, kTtl, kAddress);
  return reply.Finish();
}

// Returns the new size of what is in reply_.
int Responder::Spoil(const Query& query, const FaultPlan& plan, int size) {
  if (plan.kinds == 0) return size;
  const absl::Span<uint8_t> reply =
      absl::MakeSpan(reply_).subspan(0, static_cast<size_t>(size));
  if (plan.Has(FaultKind::kLowerCase)) mangle::LowerCase(reply, query);
  if (plan.Has(FaultKind::kWrongId)) mangle::WrongId(reply, dealer_.Random());
  if (plan.Has(FaultKind::kWrongQuestion)) mangle::WrongQuestion(reply);
  if (plan.Has(FaultKind::kNotResponse)) mangle::NotResponse(reply);
  if (plan.Has(FaultKind::kGarbage)) mangle::Garbage(reply, dealer_.Random());
  if (plan.Has(FaultKind::kPointerLoop)) {
    size = mangle::PointerLoop(absl::MakeSpan(reply_), query);
  }
  if (plan.Has(FaultKind::kCut)) size = mangle::Cut(size, dealer_.Random());
  return size;
}

// A blind forger has the id, the address or the question wrong.
void Responder::SendForged(const Query& query, ReplySink& sink) {
  const int size = mangle::Forge(query, absl::MakeSpan(forged_));
  const absl::Span<uint8_t> packet(forged_.data(), static_cast<size_t>(size));
  ReplyManner manner;
  switch (dealer_.Random() % 3) {
    case 0: mangle::WrongId(packet, dealer_.Random()); break;
    case 1: mangle::WrongQuestion(packet); break;
    default: manner.source = ReplySource::kOtherPort; break;
  }
  Send(packet, manner, sink);
}

// As one who knows the question, the address and the port, and guesses the id.
// The letters are those of the name as it is written, in lower case.
void Responder::SendBlindForgeries(const Query& query, int count,
                                   ReplySink& sink) {
  if (count <= 0) return;
  const int size = mangle::Forge(query, absl::MakeSpan(forged_));
  const absl::Span<uint8_t> packet(forged_.data(), static_cast<size_t>(size));
  mangle::LowerCase(packet, query);
  for (int i = 0; i < count; ++i) {
    const uint64_t id = dealer_.Random();
    packet[0] = static_cast<uint8_t>(id >> 8);
    packet[1] = static_cast<uint8_t>(id);
    Send(packet, {}, sink);
  }
  counts_.faults[static_cast<int>(FaultKind::kForgeBlind)] += count - 1;
}

void Responder::Send(absl::Span<const uint8_t> packet,
                     const ReplyManner& manner, ReplySink& sink) {
  ++counts_.replies;
  sink.Send(packet, manner);
}

}  // namespace mxscan
