// Spoils a finished reply in the ways that a faulty server, a broken path or a
// forger would. Each works in place on a sound reply of `size` octets.
//
// Pure: randomness is the caller's. Any thread.

#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "scanner/demo/query_reader.h"

namespace mxscan::mangle {

// Another id, never the right one.
void WrongId(absl::Span<uint8_t> reply, uint64_t random);

// Asks for another name (or, at the root, another type).
void WrongQuestion(absl::Span<uint8_t> reply);

// QR = 0.
void NotResponse(absl::Span<uint8_t> reply);

// Random octets behind the id.
void Garbage(absl::Span<uint8_t> reply, uint64_t random);

// The question's name in lower case.
void LowerCase(absl::Span<uint8_t> reply, const Query& query);

// One answer record, whose owner is a pointer to itself. Returns the new size.
// REQUIRES: `room` holds a sound reply to `query`, and 12 octets more than its
// header and question take.
int PointerLoop(absl::Span<uint8_t> room, const Query& query);

// How much of `size` octets is left when the end is cut off.
int Cut(int size, uint64_t random);

// A forged answer to `query`, complete but for what makes it a forgery.
// Returns its size. REQUIRES: `room` has at least 512 octets.
int Forge(const Query& query, absl::Span<uint8_t> room);

}  // namespace mxscan::mangle
