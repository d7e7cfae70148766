// Short words for the tests of the name server: make a query, catch replies,
// read what a reply says as text.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/wire/message_reader.h"
#include "resolver/wire/query_writer.h"
#include "scanner/demo/recursor.h"
#include "scanner/demo/responder.h"

namespace mxscan {

using Packet = std::vector<uint8_t>;

Packet QueryFor(std::string_view name, RrType type,
                const QueryOptions& options = {});

// One reply as a line: the rcode, then each record as `owner TYPE data`, with
// `| ` before the authority section.
std::string Tell(const Packet& reply);

// What the recursor answers; "silence" for none.
std::string Ask(const Recursor& recursor, std::string_view name, RrType type);

// Keeps what a responder sends.
class Caught : public ReplySink {
 public:
  struct Reply {
    Packet packet;
    ReplyManner manner;
  };

  void Send(absl::Span<const uint8_t> packet,
            const ReplyManner& manner) override {
    replies.push_back({{packet.begin(), packet.end()}, manner});
  }
  void Close() override { closed = true; }

  std::vector<Reply> replies;
  bool closed = false;
};

}  // namespace mxscan
