// Cell is the value of one column in one row, or null, that is "not asked". It
// views what the row does.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "output/record.h"

namespace mxscan {

using Cell =
    std::variant<std::monostate, int64_t, bool, std::string_view,
                 std::span<const std::string_view>, std::span<const MxRecord>>;

inline bool IsNull(const Cell& cell) { return cell.index() == 0; }

template <typename T>
Cell ToCell(const T& value) {
  return Cell(value);
}

inline Cell ToCell(const int32_t& value) { return Cell(int64_t{value}); }

template <typename T>
Cell ToCell(const std::optional<T>& value) {
  return value ? ToCell(*value) : Cell();
}

template <typename View>
Cell ToCell(const NullableView<View>& view) {
  return view ? ToCell(*view) : Cell();
}

}  // namespace mxscan
