// ThriftCompact writes values in Thrift's compact protocol, in which all
// metadata of a Parquet file is. It writes only, and only the types that
// parquet.thrift uses. Ids of fields must rise within a struct. One thread.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mxscan {

class ThriftCompact {
 public:
  // Types of list elements, as they stand on the wire.
  enum class Type : uint8_t {
    kBool = 2,
    kI32 = 5,
    kI64 = 6,
    kBinary = 8,
    kStruct = 12,
  };

  // Appends to `out`, which must outlive this. The outermost struct is open.
  explicit ThriftCompact(std::string& out) : out_(out) {}

  void Bool(int16_t id, bool value);
  void Byte(int16_t id, int8_t value);
  void I16(int16_t id, int16_t value);
  void I32(int16_t id, int32_t value);
  void I64(int16_t id, int64_t value);
  void Binary(int16_t id, std::string_view value);

  // A field that is a struct: its own fields follow, up to EndStruct, which
  // ends the outermost one as well.
  void BeginStruct(int16_t id);
  void EndStruct();

  // A struct without fields: how parquet.thrift spells a choice.
  void EmptyStruct(int16_t id);

  // A field that is a list: `size` elements follow by the functions below.
  void BeginList(int16_t id, Type type, size_t size);
  void BoolElement(bool value);
  void I32Element(int32_t value);
  void I64Element(int64_t value);
  void BinaryElement(std::string_view value);
  void BeginStructElement();
  void EncodedElement(std::string_view element) { out_.append(element); }

 private:
  void Header(int16_t id, uint8_t type);
  void Varint(uint64_t value);
  void ZigZag(int64_t value);

  std::string& out_;
  int16_t last_id_ = 0;          // Of the open struct.
  std::vector<int16_t> around_;  // The same of the structs around it.
};

}  // namespace mxscan
