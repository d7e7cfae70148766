#include "resolver/wire/query_writer.h"

#include <bit>
#include <cstring>

namespace mxscan {
namespace {

constexpr uint16_t kRecursionDesired = 0x0100;
constexpr uint16_t kAuthenticData = 0x0020;
constexpr uint16_t kCheckingDisabled = 0x0010;
constexpr uint16_t kClassIn = 1;
constexpr int kHeaderOctets = 12;
constexpr int kOptOctets = 11;

uint8_t* Put16(uint8_t* out, uint16_t value) {
  out[0] = static_cast<uint8_t>(value >> 8);
  out[1] = static_cast<uint8_t>(value);
  return out + 2;
}

uint16_t HeaderBits(const QueryFlags& flags) {
  uint16_t bits = 0;
  if (flags.recursion_desired) bits |= kRecursionDesired | kAuthenticData;
  if (flags.checking_disabled) bits |= kCheckingDisabled;
  return bits;
}

uint8_t* PutHeader(uint8_t* out, uint16_t id, const QueryFlags& flags) {
  out = Put16(out, id);
  out = Put16(out, HeaderBits(flags));
  out = Put16(out, 1);                    // Questions.
  out = Put16(out, 0);                    // Answers.
  out = Put16(out, 0);                    // Authorities.
  return Put16(out, flags.edns ? 1 : 0);  // Additionals: OPT.
}

// Eight octets as InCase has them, the first of which is at `offset`.
void PutInCase8(const uint8_t* from, int offset, uint64_t case_mask,
                uint8_t* out) {
  uint64_t octets;
  std::memcpy(&octets, from, 8);
  // Bit i of the mask into octet i, and from there to where cases differ.
  const uint64_t bits = std::rotr(case_mask, offset % 64) & 0xff;
  const uint64_t each = (bits * 0x0101010101010101) & 0x8040201008040201;
  const uint64_t upper =
      ((each + 0x7f7f7f7f7f7f7f7f) & 0x8080808080808080) >> 2;
  octets ^= upper & LettersIn(octets, 'a', 'z');
  std::memcpy(out, &octets, 8);
}

// The last eight octets are perhaps written twice.
uint8_t* PutName(uint8_t* out, NameView name, uint64_t case_mask) {
  const uint8_t* const octets = name.bytes().data();
  const int size = name.size();
  if (size < 8 || std::endian::native != std::endian::little) {
    for (int i = 0; i < size; ++i) out[i] = InCase(octets[i], i, case_mask);
    return out + size;
  }
  for (int i = 0; i + 8 < size; i += 8) {
    PutInCase8(octets + i, i, case_mask, out + i);
  }
  PutInCase8(octets + size - 8, size - 8, case_mask, out + size - 8);
  return out + size;
}

uint8_t* PutOpt(uint8_t* out, bool dnssec_ok) {
  *out++ = 0;  // Owner: the root.
  out = Put16(out, static_cast<uint16_t>(RrType::kOpt));
  out = Put16(out, kEdnsPayload);
  out = Put16(out, 0);  // Extended rcode, version 0.
  out = Put16(out, dnssec_ok ? 0x8000 : 0);
  return Put16(out, 0);  // No options.
}

}  // namespace

int WriteSection(NameView name, RrType type, uint64_t case_mask, uint8_t* out) {
  uint8_t* at = PutName(out, name, case_mask);
  at = Put16(at, static_cast<uint16_t>(type));
  at = Put16(at, kClassIn);
  return static_cast<int>(at - out);
}

int QueryOctets(int section_octets, const QueryFlags& flags) {
  return kHeaderOctets + section_octets + (flags.edns ? kOptOctets : 0);
}

int WriteQueryAround(absl::Span<const uint8_t> section, uint16_t id,
                     const QueryFlags& flags, uint8_t* out) {
  uint8_t* at = PutHeader(out, id, flags);
  std::memcpy(at, section.data(), section.size());
  at += section.size();
  if (flags.edns) at = PutOpt(at, flags.dnssec_ok);
  return static_cast<int>(at - out);
}

int WriteQuery(const Question& question, const QueryOptions& options,
               uint8_t* out) {
  uint8_t section[kMaxSectionOctets];
  const int size =
      WriteSection(question.name, question.type, options.case_mask, section);
  const QueryFlags flags = {question.recursion_desired, question.dnssec_ok,
                            question.checking_disabled, options.edns};
  return WriteQueryAround({section, static_cast<size_t>(size)}, options.id,
                          flags, out);
}

}  // namespace mxscan
