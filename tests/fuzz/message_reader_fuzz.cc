// The input is a packet. The fast reader must agree with the slow one about
// it, and whatever it takes must be readable to the last name; the answer
// built of it must hold what it says.

#include <cstdint>
#include <cstdlib>
#include <optional>

#include "resolver/answer.h"
#include "resolver/wire/message_reader.h"
#include "tests/resolver/wire/slow_reader.h"

namespace mxscan {
namespace {

void Require(bool promise) {
  if (!promise) std::abort();
}

void RequireValid(NameView name) {
  char text[kMaxNameText];
  Require(WriteText(name, text) <= kMaxNameText);
  int octets = 1;
  for (NameView at = name; !at.IsRoot(); at = at.Parent()) {
    octets += 1 + at.bytes()[0];
  }
  Require(octets == name.size() && octets <= kMaxNameOctets);
}

// Where the first name in the rdata stands; nullopt when there is none.
std::optional<uint32_t> NameInRdata(const Message::Record& record) {
  switch (record.type) {
    case RrType::kNs:
    case RrType::kCname:
    case RrType::kSoa:
    case RrType::kPtr:
    case RrType::kDname: return record.rdata_at;
    case RrType::kMx: return record.rdata_at + 2;
    case RrType::kSrv: return record.rdata_at + 6;
    default: return std::nullopt;
  }
}

void ReadAll(const Message& message) {
  Name name;
  for (Message::Cursor at = message.records(); auto record = at.Next();) {
    message.ReadName(record->owner_at, name);
    RequireValid(name);
    const std::optional<uint32_t> inside = NameInRdata(*record);
    if (!inside.has_value()) continue;
    message.ReadName(*inside, name);
    RequireValid(name);
  }
  message.ForEachExtendedError([](uint16_t) {});
}

void Build(const Message& message) {
  Question question;
  message.ReadName(message.question_at(), question.name);
  question.type = message.question_type();
  AnswerBuilder builder;
  builder.Begin(question);
  const Outcome outcome = builder.Add(message);
  const Answer answer = builder.Finish({.outcome = outcome});
  Require(answer.name() == question.name);
  Require(answer.end() == builder.end());
  Require(answer.step_count() <= kMaxAliasSteps);
  int counted = 0;
  for (int i = 0; i < answer.record_count(); ++i) {
    RequireValid(answer.record(i).owner);
    counted += answer.Counts(answer.record(i));
  }
  Require((outcome == Outcome::kAnswer) == (counted > 0) ||
          outcome == Outcome::kLoop);
}

}  // namespace
}  // namespace mxscan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::Span<const uint8_t> packet(data, size);
  const std::optional<mxscan::Message> message = mxscan::Message::Read(packet);
  mxscan::Require(message.has_value() ==
                  (mxscan::FlawOf(packet) == mxscan::Flaw::kNone));
  if (!message.has_value()) return 0;
  mxscan::ReadAll(*message);
  if (message->has_question()) mxscan::Build(*message);
  return 0;
}
