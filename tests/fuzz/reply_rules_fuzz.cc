// Any octets in place of a reply: what counts repeats the question, unless it
// is an error, and what is handed on as an answer can be read. The first
// octet says by which way the octets came.

#include <cstdlib>

#include "resolver/reply_rules.h"

namespace {

using mxscan::Message;
using mxscan::Outcome;

constexpr uint8_t kSent[] = {3,   'W', 'w', 'W', 7,   'e', 'X',
                             'a', 'M', 'p', 'L', 'e', 3,   'c',
                             'O', 'm', 0,   0,   15,  0,   1};

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const bool tcp = data[0] & 1;
  const bool cut = !tcp && (data[0] & 2);
  const mxscan::Name name = *mxscan::Name::FromText("www.example.com");
  const mxscan::Asked asked = {
      kSent, tcp ? mxscan::Protocol::kTcp : mxscan::Protocol::kUdp};
  std::optional<Message> message;
  const auto judged =
      mxscan::JudgeReply(asked, {data + 1, size - 1}, cut, message);
  if (!judged) return 0;
  Check(message.has_value() || judged->outcome != Outcome::kAnswer);
  if (judged->outcome == Outcome::kAnswer) {
    Check(message->is_response() && message->opcode() == 0);
    Check(message->Asks(name, mxscan::RrType::kMx));
    for (Message::Cursor at = message->records(); at.Next();) {
    }
  }
  Check(!tcp || judged->outcome != Outcome::kTruncated);
  return 0;
}
