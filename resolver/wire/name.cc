#include "resolver/wire/name.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace mxscan {
namespace {

constexpr uint8_t kRoot[1] = {0};

constexpr bool IsDigit(uint8_t c) { return c >= '0' && c <= '9'; }

constexpr bool IsPlain(uint8_t c) {  // Stands for itself in text.
  return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '-' || c == '_';
}

// Sixteen octets side by side, which GCC and Clang take at once where the
// processor can.
typedef uint8_t Block __attribute__((vector_size(16)));
typedef uint64_t Words __attribute__((vector_size(16)));

// Whether all of `text` is plain, and what follows it up to the end of its last
// block, which can be read.
bool AreBlocksPlain(const char* text, int size) {
  Block odd = {};
  for (int i = 0; i < size; i += sizeof(Block)) {
    Block c;
    std::memcpy(&c, text + i, sizeof(c));
    odd |= ~reinterpret_cast<Block>((c - 'a' < 26) | (c - '0' < 10) |
                                    (c == '-') | (c == '_'));
  }
  const auto words = reinterpret_cast<Words>(odd);
  return (words[0] | words[1]) == 0;
}

// Between labels stand their lengths: puts `between` there.
void PartLabels(NameView name, char between, char* text) {
  const uint8_t* const octets = name.bytes().data();
  for (int at = octets[0] + 1; octets[at] != 0; at += octets[at] + 1) {
    text[at - 1] = between;
  }
}

// Writes a label that has an octet in need of escape.
char* WriteEscapedLabel(absl::Span<const uint8_t> label, char* out) {
  for (const uint8_t c : label) {
    if (IsPlain(c)) {
      *out++ = static_cast<char>(c);
    } else if (c == '.') {
      *out++ = '\\';
      *out++ = '.';
    } else {
      *out++ = '\\';
      *out++ = static_cast<char>('0' + c / 100);
      *out++ = static_cast<char>('0' + c / 10 % 10);
      *out++ = static_cast<char>('0' + c % 10);
    }
  }
  return out;
}

int WriteEscaped(NameView name, char* out) {
  char* at = out;
  const uint8_t* label = name.bytes().data();
  while (*label != 0) {
    if (at != out) *at++ = '.';
    at = WriteEscapedLabel({label + 1, *label}, at);
    label += 1 + *label;
  }
  return static_cast<int>(at - out);
}

// Reads the octet that an escape at `text` (behind the backslash) stands for,
// and takes it off. nullopt when the escape is broken.
std::optional<uint8_t> TakeEscaped(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  if (!IsDigit(text[0])) {
    const uint8_t octet = text[0];
    text.remove_prefix(1);
    return octet;
  }
  if (text.size() < 3 || !IsDigit(text[1]) || !IsDigit(text[2])) {
    return std::nullopt;
  }
  const int octet =
      (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
  if (octet > 255) return std::nullopt;
  text.remove_prefix(3);
  return static_cast<uint8_t>(octet);
}

// Reads one label and the dot behind it, if any, and takes both off. Returns
// the label's length, or -1 when it is none. `out` has room for a label.
int TakeLabel(std::string_view& text, uint8_t* out) {
  int length = 0;
  while (!text.empty() && text[0] != '.') {
    if (length == kMaxLabelOctets) return -1;
    std::optional<uint8_t> octet = static_cast<uint8_t>(text[0]);
    text.remove_prefix(1);
    if (*octet == '\\') octet = TakeEscaped(text);
    if (!octet.has_value()) return -1;
    out[length++] = LowerOctet(*octet);
  }
  if (!text.empty()) text.remove_prefix(1);
  return length == 0 ? -1 : length;
}

}  // namespace

NameView::NameView() : data_(kRoot), size_(1) {}

int NameView::LabelCount() const {
  int labels = 0;
  for (int at = 0; data_[at] != 0; at += data_[at] + 1) ++labels;
  return labels;
}

bool NameView::IsAtOrBelow(NameView ancestor) const {
  NameView here = *this;
  while (here.size_ > ancestor.size_) here = here.Parent();
  return here == ancestor;
}

uint64_t NameView::Hash(uint64_t seed) const {
  return XXH3_64bits_withSeed(data_, size_, seed);
}

std::optional<Name> Name::FromText(std::string_view text) {
  Name name;
  if (text == ".") return name;
  if (text.empty()) return std::nullopt;
  int size = 0;
  uint8_t label[kMaxLabelOctets];
  while (!text.empty()) {
    const int length = TakeLabel(text, label);
    // A label, its length octet, and the root must still find room.
    if (length < 0 || size + 1 + length + 1 > kMaxNameOctets) {
      return std::nullopt;
    }
    name.bytes_[size] = static_cast<uint8_t>(length);
    std::memcpy(&name.bytes_[size + 1], label, length);
    size += 1 + length;
  }
  name.bytes_[size] = 0;
  name.size_ = static_cast<uint8_t>(size + 1);
  return name;
}

std::optional<Name> Name::Join(absl::Span<const uint8_t> prefix,
                               NameView suffix) {
  if (prefix.size() + suffix.size() > kMaxNameOctets) return std::nullopt;
  Name name;
  if (!prefix.empty()) {
    std::memcpy(name.bytes_.data(), prefix.data(), prefix.size());
  }
  std::memcpy(&name.bytes_[prefix.size()], suffix.bytes().data(),
              suffix.size());
  name.size_ = static_cast<uint8_t>(prefix.size() + suffix.size());
  return name;
}

int WriteText(NameView name, char* out) {
  if (name.IsRoot()) {
    *out = '.';
    return 1;
  }
  // Nearly always every octet stands for itself: all are copied, and looked at
  // with something plain between labels and behind the last.
  const int size = name.size() - 2;
  std::memcpy(out, name.bytes().data() + 1, size);
  std::memset(out + size, '-', sizeof(Block));
  PartLabels(name, '-', out);
  if (!AreBlocksPlain(out, size)) return WriteEscaped(name, out);
  PartLabels(name, '.', out);
  return size;
}

void AppendText(NameView name, std::string& out) {
  char text[kMaxNameText];
  out.append(text, WriteText(name, text));
}

std::string ToText(NameView name) {
  std::string text;
  AppendText(name, text);
  return text;
}

}  // namespace mxscan
