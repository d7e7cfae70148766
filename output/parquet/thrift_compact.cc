#include "output/parquet/thrift_compact.h"

#include <cassert>

namespace mxscan {
namespace {

// Types of fields, where a bool's value is in its type.
constexpr uint8_t kTrue = 1;
constexpr uint8_t kFalse = 2;
constexpr uint8_t kByte = 3;
constexpr uint8_t kI16 = 4;
constexpr uint8_t kI32 = 5;
constexpr uint8_t kI64 = 6;
constexpr uint8_t kBinary = 8;
constexpr uint8_t kList = 9;
constexpr uint8_t kStruct = 12;

}  // namespace

// A field's id is written as its distance to the one before.
void ThriftCompact::Header(int16_t id, uint8_t type) {
  const int distance = id - last_id_;
  assert(distance > 0);
  last_id_ = id;
  if (distance <= 15) {
    out_.push_back(static_cast<char>(distance << 4 | type));
    return;
  }
  out_.push_back(static_cast<char>(type));
  ZigZag(id);
}

void ThriftCompact::Varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) {
    out_.push_back(static_cast<char>(value | 0x80));
  }
  out_.push_back(static_cast<char>(value));
}

void ThriftCompact::ZigZag(int64_t value) {
  Varint(static_cast<uint64_t>(value) << 1 ^
         static_cast<uint64_t>(value >> 63));
}

void ThriftCompact::Bool(int16_t id, bool value) {
  Header(id, value ? kTrue : kFalse);
}

void ThriftCompact::Byte(int16_t id, int8_t value) {
  Header(id, kByte);
  out_.push_back(static_cast<char>(value));
}

void ThriftCompact::I16(int16_t id, int16_t value) {
  Header(id, kI16);
  ZigZag(value);
}

void ThriftCompact::I32(int16_t id, int32_t value) {
  Header(id, kI32);
  ZigZag(value);
}

void ThriftCompact::I64(int16_t id, int64_t value) {
  Header(id, kI64);
  ZigZag(value);
}

void ThriftCompact::Binary(int16_t id, std::string_view value) {
  Header(id, kBinary);
  BinaryElement(value);
}

void ThriftCompact::BeginStruct(int16_t id) {
  Header(id, kStruct);
  BeginStructElement();
}

void ThriftCompact::EndStruct() {
  out_.push_back(0);
  if (around_.empty()) return;  // The outermost.
  last_id_ = around_.back();
  around_.pop_back();
}

void ThriftCompact::EmptyStruct(int16_t id) {
  BeginStruct(id);
  EndStruct();
}

void ThriftCompact::BeginList(int16_t id, Type type, size_t size) {
  Header(id, kList);
  const auto tag = static_cast<uint8_t>(type);
  if (size < 15) {
    out_.push_back(static_cast<char>(size << 4 | tag));
    return;
  }
  out_.push_back(static_cast<char>(0xF0 | tag));
  Varint(size);
}

void ThriftCompact::BoolElement(bool value) {
  out_.push_back(static_cast<char>(value ? kTrue : kFalse));
}

void ThriftCompact::I32Element(int32_t value) { ZigZag(value); }

void ThriftCompact::I64Element(int64_t value) { ZigZag(value); }

void ThriftCompact::BinaryElement(std::string_view value) {
  Varint(value.size());
  out_.append(value);
}

void ThriftCompact::BeginStructElement() {
  around_.push_back(last_id_);
  last_id_ = 0;
}

}  // namespace mxscan
