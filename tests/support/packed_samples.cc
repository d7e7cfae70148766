#include "tests/support/packed_samples.h"

#include <cstddef>
#include <cstdint>

namespace mxscan {
namespace {

constexpr uint8_t kGzipAb[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00,
                               0x00, 0x02, 0x03, 0x4b, 0xd4, 0x4b, 0x49,
                               0xe5, 0x4a, 0x02, 0x11, 0x00, 0x4c, 0x59,
                               0xb6, 0xaf, 0x0a, 0x00, 0x00, 0x00};
constexpr uint8_t kGzipC[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00,
                              0x00, 0x02, 0x03, 0x4b, 0xd6, 0x4b, 0x49,
                              0xe5, 0x02, 0x00, 0x8d, 0x37, 0xdc, 0xef,
                              0x05, 0x00, 0x00, 0x00};

constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";
constexpr size_t kMostInBlock = size_t{128} << 10;
constexpr unsigned kRaw = 0;
constexpr unsigned kRepeated = 1;

template <size_t size>
std::string Text(const uint8_t (&octets)[size]) {
  return std::string(reinterpret_cast<const char*>(octets), size);
}

// No checksum, no content size; a window of 1 MiB.
std::string FrameHeader() {
  return std::string(kZstdMagic) + std::string("\x00\x50", 2);
}

std::string BlockHeader(size_t size, unsigned type, bool last) {
  const auto bits =
      static_cast<uint32_t>(size << 3 | type << 1 | (last ? 1U : 0U));
  return {static_cast<char>(bits), static_cast<char>(bits >> 8),
          static_cast<char>(bits >> 16)};
}

}  // namespace

std::string GzipAb() { return Text(kGzipAb); }
std::string GzipC() { return Text(kGzipC); }

std::string ZstdFrame(std::string_view text) {
  return FrameHeader() + BlockHeader(text.size(), kRaw, true) +
         std::string(text);
}

std::string ZstdBomb(char octet, int count) {
  std::string frame = FrameHeader();
  for (int i = 0; i < count; ++i) {
    frame += BlockHeader(kMostInBlock, kRepeated, i == count - 1) + octet;
  }
  return frame;
}

std::string ZstdSkippable(std::string_view content) {
  std::string frame = "\x5a\x2a\x4d\x18";
  for (int shift = 0; shift < 32; shift += 8) {
    frame.push_back(static_cast<char>(content.size() >> shift));
  }
  return frame + std::string(content);
}

}  // namespace mxscan
