// Cell is the value of one column in one row, or null, that is "not asked". It
// views what the row does.
//
// Of 16 octets, it goes in two registers, which a std::variant of as much as a
// view and its kind does not: a row has dozens, each made and looked at once.

#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "output/nullable_view.h"
#include "output/record.h"

namespace mxscan {

class Cell {
 public:
  using Texts = std::span<const std::string_view>;
  using Exchanges = std::span<const MxRecord>;

  enum class Kind : uint8_t {
    kNull,
    kInteger,
    kBool,
    kText,
    kTexts,
    kExchanges
  };

  Cell() = default;  // Null.
  Cell(int64_t value) : integer_(value), kind_(Kind::kInteger) {}
  Cell(int32_t value) : Cell(int64_t{value}) {}
  Cell(bool value) : integer_(value), kind_(Kind::kBool) {}
  Cell(const void*) = delete;  // A literal would be true, and no text.
  // REQUIRES: of what is viewed there are fewer than 2^32.
  Cell(std::string_view text) : Cell(text, Kind::kText) {}
  Cell(Texts texts) : Cell(texts, Kind::kTexts) {}
  Cell(Exchanges exchanges) : Cell(exchanges, Kind::kExchanges) {}

  // Null where `value` is.
  template <typename T>
  Cell(const std::optional<T>& value) : Cell(value ? Cell(*value) : Cell()) {}
  template <typename View>
  Cell(const NullableView<View>& view) : Cell(view ? Cell(*view) : Cell()) {}

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }

  // REQUIRES: this is its kind.
  int64_t integer() const {
    assert(kind_ == Kind::kInteger);
    return integer_;
  }
  bool boolean() const {
    assert(kind_ == Kind::kBool);
    return integer_ != 0;
  }
  std::string_view text() const {
    assert(kind_ == Kind::kText);
    return {static_cast<const char*>(data_), size_};
  }
  Texts texts() const {
    assert(kind_ == Kind::kTexts);
    return {static_cast<const std::string_view*>(data_), size_};
  }
  Exchanges exchanges() const {
    assert(kind_ == Kind::kExchanges);
    return {static_cast<const MxRecord*>(data_), size_};
  }

 private:
  template <typename View>
  Cell(const View& view, Kind kind)
      : data_(view.data()),
        size_(static_cast<uint32_t>(view.size())),
        kind_(kind) {
    assert(size_ == view.size());
  }

  union {
    int64_t integer_ = 0;
    const void* data_;
  };
  uint32_t size_ = 0;
  Kind kind_ = Kind::kNull;
};

static_assert(sizeof(Cell) == 16 && std::is_trivially_copyable_v<Cell>);

}  // namespace mxscan
