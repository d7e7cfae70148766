#include "tests/scanner/demo/ask.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scanner/demo/server_counts.h"

namespace mxscan {
namespace {

std::string_view RcodeWord(int rcode) {
  constexpr std::string_view kWords[] = {"NOERROR",  "FORMERR", "SERVFAIL",
                                         "NXDOMAIN", "NOTIMP",  "REFUSED"};
  return rcode < 6 ? kWords[rcode] : "?";
}

std::string NameAt(const Message& message, uint32_t at) {
  Name name;
  message.ReadName(at, name);
  return ToText(name);
}

std::string Data(const Message& message, const Message::Record& record) {
  IpAddress address;
  switch (record.type) {
    case RrType::kA:
      std::ranges::copy(record.rdata, address.octets.begin());
      return ToText(address);
    case RrType::kAaaa:
      address.family = IpAddress::Family::kV6;
      std::ranges::copy(record.rdata, address.octets.begin());
      return ToText(address);
    case RrType::kMx:
      return absl::StrCat(record.rdata[0] << 8 | record.rdata[1], " ",
                          NameAt(message, record.rdata_at + 2));
    case RrType::kCname:
    case RrType::kDname:
    case RrType::kNs:
    case RrType::kSoa: return NameAt(message, record.rdata_at);
    default: return absl::StrCat(record.rdata.size(), " octets");
  }
}

}  // namespace

Packet QueryFor(std::string_view name, RrType type,
                const QueryOptions& options) {
  Question question;
  question.name = Name::FromText(name).value();
  question.type = type;
  Packet packet(kMaxQueryOctets);
  packet.resize(WriteQuery(question, options, packet.data()));
  return packet;
}

std::string Tell(const Packet& reply) {
  const std::optional<Message> message = Message::Read(reply);
  if (!message) return "unreadable";
  std::string text(RcodeWord(message->rcode()));
  if (message->truncated()) text += " TC";
  if (message->authenticated()) text += " AD";
  for (Message::Cursor at = message->records(); auto record = at.Next();) {
    absl::StrAppend(&text, record->section == Section::kAuthority ? " | " : " ",
                    NameAt(*message, record->owner_at), " ",
                    TypeWord(record->type), " ", Data(*message, *record), ";");
  }
  return text;
}

std::string Ask(const Recursor& recursor, std::string_view name, RrType type) {
  Caught caught;
  Responder responder(recursor, FaultDealer({}, 1, 1), false);
  responder.Respond(QueryFor(name, type), Served(), Nanos(0), caught);
  return caught.replies.empty() ? "silence"
                                : Tell(caught.replies.front().packet);
}

}  // namespace mxscan
