// NullableView is a text or a list that may be null, as std::optional of a view
// is, but as large as the view alone: one whose data is a null pointer is null.
// So that null never stands for empty, an empty view without data, such as
// std::string_view(), is given an address when it is put in.
//
// It owns nothing: what it views must outlive it.

#pragma once

#include <cassert>
#include <concepts>
#include <optional>
#include <span>
#include <string_view>

namespace mxscan {

template <typename View>
class NullableView {
 public:
  constexpr NullableView() = default;  // Null.
  constexpr NullableView(std::nullopt_t) {}

  // Not null, be it empty.
  template <std::convertible_to<View> T>
  constexpr NullableView(const T& view) : view_(WithData(view)) {}

  // Makes it an empty view; makes it null.
  constexpr void emplace() { *this = View(); }
  constexpr void reset() { *this = std::nullopt; }

  constexpr bool has_value() const { return view_.data() != nullptr; }
  constexpr explicit operator bool() const { return has_value(); }

  // REQUIRES: has_value().
  constexpr const View& operator*() const {
    assert(has_value());
    return view_;
  }
  constexpr const View* operator->() const { return &**this; }

  constexpr View value_or(View other) const {
    return has_value() ? view_ : other;
  }

  // Null is equal to null alone. REQUIRES: views that can be compared.
  friend constexpr bool operator==(const NullableView& one,
                                   const NullableView& other) {
    return one.has_value() == other.has_value() && one.view_ == other.view_;
  }

 private:
  using Element = typename View::value_type;
  static constexpr Element kNowhere = {};

  static constexpr View WithData(View view) {
    return view.data() != nullptr ? view : View(&kNowhere, 0);
  }

  View view_;
};

using NullableText = NullableView<std::string_view>;
template <typename T>
using NullableList = NullableView<std::span<const T>>;

}  // namespace mxscan
