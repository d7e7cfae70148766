// Reads what a client sent to the name server: header, one question, and
// whether EDNS came with it. The octets are not trusted: nothing outside the
// packet is read, and what is no query is said to be none.
//
// Pure: any thread.

#pragma once

#include <array>
#include <cstdint>

#include "absl/types/span.h"
#include "resolver/question.h"
#include "resolver/wire/name.h"

namespace mxscan {

inline constexpr int kDnsHeaderOctets = 12;

struct Query {
  uint16_t id = 0;
  uint8_t opcode = 0;
  bool recursion_desired = false;
  bool checking_disabled = false;
  bool edns = false;
  bool dnssec_ok = false;
  uint16_t payload = 512;  // The largest UDP answer that the client takes.
  RrType type = RrType::kA;
  uint16_t rr_class = 1;
  // The question section in the client's own letters; empty without one.
  absl::Span<const uint8_t> question;

  // The name asked, in lower case. REQUIRES: there is a question.
  NameView name() const { return NameView::Trusted({lower.data(), size}); }

  std::array<uint8_t, kMaxNameOctets> lower;
  uint8_t size = 0;
};

enum class QueryForm : uint8_t {
  kGood,     // One question; `query` is filled.
  kBad,      // A query that cannot be read: FORMERR, by its id.
  kNoQuery,  // Not a query at all: say nothing.
};

// `query.question` points into `packet`.
QueryForm ReadQuery(absl::Span<const uint8_t> packet, Query& query);

}  // namespace mxscan
