// Messages by chance: sound ones with every kind of record that is read, and
// what becomes of them when octets change on the way. The same generator gives
// the same messages.

#pragma once

#include <random>

#include "tests/support/packet_builder.h"

namespace mxscan {

using Random = std::minstd_rand;

// A message that has no flaw, nearly always. (OPT, truncation, a missing
// question, foreign classes and types come now and then.)
PacketBuilder::Bytes RandomMessage(Random& random);

// `packet` with one thing wrong: an octet changed, put in or left out, an end
// cut off, a part repeated, a pointer bent.
PacketBuilder::Bytes Mutated(PacketBuilder::Bytes packet, Random& random);

}  // namespace mxscan
