// HostRows reads hosts from a source and writes a row for each to every table:
// what `mxscan classify` does, without the program around it.
//
// Run has a thread of its own and may wait for input for ever; Flush is for
// another thread meanwhile, so that rows do not wait with it.

#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "output/text_table.h"
#include "resolver/wire/name.h"
#include "scanner/classify/classifier.h"
#include "scanner/input/domain_source.h"

namespace mxscan {

class HostRows {
 public:
  static constexpr std::array<std::string_view, 6> kColumns = {
      "host",         "provider", "provider_name", "provider_category",
      "provider_via", "mx_domain"};

  // All must outlive the rows; every table has kColumns.
  HostRows(DomainSource& source, Classifier& classifier,
           const std::vector<std::unique_ptr<TextTable>>& tables)
      : source_(source), classifier_(classifier), tables_(tables) {}

  // Reads to the end, or until the source is stopped; the rows written by
  // then are whole. Errors are those of the source and of the tables.
  absl::Status Run();

  // Hands what was written to the operating system. Any thread.
  absl::Status Flush();

  int64_t rows() const { return rows_.load(std::memory_order_relaxed); }

 private:
  // The name of the exchange that `line` is, as text in `text_`; empty when
  // it is none.
  std::string_view HostOf(const InputLine& line);
  absl::Status Write(const InputLine& line);

  DomainSource& source_;
  Classifier& classifier_;
  const std::vector<std::unique_ptr<TextTable>>& tables_;
  std::mutex writing_;  // Guards the tables.
  std::atomic<int64_t> rows_{0};
  std::array<char, kMaxNameText> text_;
};

}  // namespace mxscan
