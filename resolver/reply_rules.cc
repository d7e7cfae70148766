#include "resolver/reply_rules.h"

#include <cstring>

namespace mxscan {
namespace {

constexpr size_t kHeaderOctets = 12;
constexpr size_t kQuestionTail = 4;  // Type and class.
constexpr uint8_t kResponse = 0x80;  // Octet 2: QR, opcode, AA, TC, RD.
constexpr uint8_t kOpcode = 0x78;
constexpr uint8_t kTruncated = 0x02;

// https://www.iana.org/assignments/dns-parameters
enum Rcode : uint16_t {
  kNoError = 0,
  kFormErr = 1,
  kServFail = 2,
  kNxDomain = 3,
  kNotImp = 4,
  kRefused = 5,
  kBadVers = 16,
};

Outcome ByRcode(uint16_t rcode) {
  switch (rcode) {
    case kNoError:
    case kNxDomain: return Outcome::kAnswer;
    case kServFail: return Outcome::kServFail;
    case kRefused: return Outcome::kRefused;
    case kFormErr:
    case kNotImp:
    case kBadVers: return Outcome::kFormErr;
    default: return Outcome::kMalformed;
  }
}

uint16_t Read16(absl::Span<const uint8_t> octets, size_t at) {
  return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

// REQUIRES: `octets` have a question section. Nearly every reply has the very
// octets that were sent.
bool HasQuestionAsSent(const Asked& asked, absl::Span<const uint8_t> octets) {
  return octets.size() >= kHeaderOctets + asked.section.size() &&
         std::memcmp(octets.data() + kHeaderOctets, asked.section.data(),
                     asked.section.size()) == 0;
}

// The same name in any letter case, the same type, class IN: of octets that
// need be no sound message. (Lengths of labels are below 64, and so are no
// letters; no pointer fits into the first name of a message.)
bool RepeatsQuestion(const Asked& asked, absl::Span<const uint8_t> octets) {
  const absl::Span<const uint8_t> sent = asked.section;
  if (octets.size() < kHeaderOctets + sent.size()) return false;
  if (Read16(octets, 4) != 1) return false;
  const absl::Span<const uint8_t> got = octets.subspan(kHeaderOctets);
  const size_t name_size = sent.size() - kQuestionTail;
  for (size_t i = 0; i < name_size; ++i) {
    if (LowerOctet(got[i]) != LowerOctet(sent[i])) return false;
  }
  return std::memcmp(got.data() + name_size, sent.data() + name_size,
                     kQuestionTail) == 0;
}

// The header, and perhaps the question, are all that can be believed.
std::optional<Judgement> JudgeUnsound(const Asked& asked,
                                      absl::Span<const uint8_t> octets,
                                      bool cut) {
  Outcome outcome = ByRcode(octets[3] & 0x0f);
  const bool bare_error =
      octets.size() == kHeaderOctets && outcome != Outcome::kAnswer;
  if (!bare_error && !RepeatsQuestion(asked, octets)) return std::nullopt;
  if (outcome == Outcome::kAnswer) {
    const bool truncated = cut || (octets[2] & kTruncated) != 0;
    outcome = truncated && asked.protocol == Protocol::kUdp
                  ? Outcome::kTruncated
                  : Outcome::kMalformed;
  }
  return Judgement{outcome, true};
}

// Over TCP nothing may be truncated, and there is nowhere else to ask.
Outcome OutcomeOf(const Message& message, Protocol protocol) {
  if (!message.truncated()) return ByRcode(message.rcode());
  return protocol == Protocol::kUdp ? Outcome::kTruncated : Outcome::kMalformed;
}

std::optional<Judgement> JudgeSound(const Asked& asked,
                                    const Message& message) {
  if (!message.has_question()) {
    const Outcome error = ByRcode(message.rcode());
    if (error == Outcome::kAnswer) return std::nullopt;
    return Judgement{error, true};
  }
  const Outcome outcome = OutcomeOf(message, asked.protocol);
  if (HasQuestionAsSent(asked, message.packet())) {
    return Judgement{outcome, true};
  }
  if (!RepeatsQuestion(asked, message.packet())) return std::nullopt;
  return Judgement{outcome, false};
}

}  // namespace

std::optional<Judgement> JudgeReply(const Asked& asked,
                                    absl::Span<const uint8_t> octets, bool cut,
                                    std::optional<Message>& message) {
  message.reset();
  if (octets.size() < kHeaderOctets) return std::nullopt;
  if ((octets[2] & (kResponse | kOpcode)) != kResponse) return std::nullopt;
  if (!cut) message = Message::Read(octets);
  if (!message.has_value()) return JudgeUnsound(asked, octets, cut);
  const std::optional<Judgement> judged = JudgeSound(asked, *message);
  if (judged && judged->outcome == Outcome::kMalformed) message.reset();
  return judged;
}

}  // namespace mxscan
