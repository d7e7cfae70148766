// Decides whether octets that came from the right place with the right id are
// a reply to the question asked, and what they say. Pure: any thread.
//
// What cannot be shown to repeat the question is not believed, however little
// it says: it may be forged, and the genuine reply still to come. The one
// exception is an error without a question section, which some servers send
// when they could not read the query (FORMERR above all): it settles nothing,
// and costs no more than an attempt.

#pragma once

#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "resolver/question.h"
#include "resolver/wire/message_reader.h"

namespace mxscan {

// What a reply must repeat.
struct Asked {
  absl::Span<const uint8_t> section;  // The question section as it was sent.
  Protocol protocol;
};

struct Judgement {
  Outcome outcome;
  bool case_preserved;
};

// nullopt for what does not count. When it counts and is a sound message,
// `message` holds it; otherwise `message` is empty. `cut` says that the
// datagram went on beyond `octets`.
std::optional<Judgement> JudgeReply(const Asked& asked,
                                    absl::Span<const uint8_t> octets, bool cut,
                                    std::optional<Message>& message);

}  // namespace mxscan
