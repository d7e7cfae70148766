// PacketBuilder makes DNS messages for tests, record by record, with every
// name compressed as a server would, and wrong on purpose where a test asks
// for it. It checks nothing. Names and addresses are given as text.
//
//   PacketBuilder("example.com", RrType::kMx)
//       .Mx("example.com", 10, "mx.example.com")
//       .Section(Section::kAdditional)
//       .A("mx.example.com", "192.0.2.1")
//       .Build()

#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "resolver/question.h"
#include "resolver/wire/message_reader.h"

namespace mxscan {

class PacketBuilder {
 public:
  using Bytes = std::vector<uint8_t>;

  // A response to (name, type) in class IN: NOERROR, RD, RA, no records.
  PacketBuilder(std::string_view name, RrType type);
  // A response without a question.
  PacketBuilder();

  PacketBuilder& Id(uint16_t id);
  PacketBuilder& Rcode(int rcode);  // Its low four bits.
  // Sets or clears bits of the header's flags.
  PacketBuilder& Set(uint16_t flags);
  PacketBuilder& Clear(uint16_t flags);
  static constexpr uint16_t kQr = 0x8000, kAa = 0x0400, kTc = 0x0200,
                            kRd = 0x0100, kRa = 0x0080, kAd = 0x0020;

  // Names from here on are (not) compressed. Begins with true.
  PacketBuilder& Compress(bool compress);
  // Records from here on are of this section (begins with the answer; it
  // never goes back), TTL (3600) and class (IN).
  PacketBuilder& Section(mxscan::Section section);
  PacketBuilder& Ttl(uint32_t ttl);
  PacketBuilder& Class(uint16_t rr_class);

  PacketBuilder& A(std::string_view owner, std::string_view address);
  PacketBuilder& Aaaa(std::string_view owner, std::string_view address);
  PacketBuilder& Mx(std::string_view owner, uint16_t preference,
                    std::string_view exchange);
  // Any type whose rdata is one name: NS, CNAME, PTR, DNAME.
  PacketBuilder& Named(std::string_view owner, RrType type,
                       std::string_view target);
  PacketBuilder& Soa(std::string_view owner, uint32_t minimum);
  PacketBuilder& Txt(std::string_view owner,
                     std::initializer_list<std::string_view> strings);
  PacketBuilder& Srv(std::string_view owner, std::string_view target);
  // Any rdata, as it is given.
  PacketBuilder& Raw(std::string_view owner, RrType type,
                     absl::Span<const uint8_t> rdata);
  // OPT with one extended error (RFC 8914) for each code.
  PacketBuilder& Opt(std::initializer_list<uint16_t> extended_errors = {},
                     uint8_t extended_rcode = 0);

  // Octets that belong to no record.
  PacketBuilder& Append(absl::Span<const uint8_t> octets);
  // Where the next octet comes.
  uint16_t size() const { return static_cast<uint16_t>(bytes_.size()); }
  // Writes over what is there: 0 to 3 are the question and the sections.
  PacketBuilder& Count(int which, uint16_t count);
  PacketBuilder& Poke(size_t at, uint8_t octet);

  const Bytes& Build() const { return bytes_; }

 private:
  void Put16(uint16_t value);
  void Put32(uint32_t value);
  void PutName(std::string_view text);
  uint16_t Get16(size_t at) const;
  void Write16(size_t at, uint16_t value);
  // Begins a record and counts it; returns where its rdata starts.
  size_t BeginRecord(std::string_view owner, RrType type);
  PacketBuilder& EndRecord(size_t rdata_at);

  Bytes bytes_;
  std::map<std::string, uint16_t> offsets_;  // Of names written, by octets.
  bool compress_ = true;
  mxscan::Section section_ = mxscan::Section::kAnswer;
  uint32_t ttl_ = 3600;
  uint16_t class_ = 1;
};

// The octets of `text` as a name; the test fails when it is none.
PacketBuilder::Bytes NameOctets(std::string_view text);

}  // namespace mxscan
