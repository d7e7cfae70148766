#include "scanner/commands/host_rows.h"

#include <optional>

#include "scanner/task/words.h"

namespace mxscan {
namespace {

// Null rather than empty: nothing in these columns is ever an empty text.
TextTable::TextCell CellOf(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

absl::Status HostRows::Run() {
  InputLine line;
  while (true) {
    const absl::StatusOr<bool> more = source_.Next(line);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (absl::Status written = Write(line); !written.ok()) return written;
    rows_.fetch_add(1, std::memory_order_relaxed);
  }
  return absl::OkStatus();
}

std::string_view HostRows::HostOf(const InputLine& line) {
  Name name = line.domain;
  if (!line.valid()) {
    // Users write no escapes, but our own rows have them where a label of an
    // exchange holds odd octets.
    if (line.input.find('\\') == line.input.npos) return {};
    const std::optional<Name> escaped = Name::FromText(line.input);
    if (!escaped.has_value() || escaped->view().IsRoot()) return {};
    name = *escaped;
  }
  const int length = WriteText(name, text_.data());
  return {text_.data(), static_cast<size_t>(length)};
}

absl::Status HostRows::Write(const InputLine& line) {
  const std::string_view host = HostOf(line);
  HostVerdict verdict;
  if (!host.empty()) verdict = classifier_.ClassifyHost(host);
  const std::array<TextTable::TextCell, kColumns.size()> cells = {
      host.empty() ? line.input : host, CellOf(verdict.provider),
      CellOf(verdict.provider_name),    CellOf(verdict.provider_category),
      CellOf(WordFor(verdict.via)),     CellOf(verdict.mx_domain)};
  const std::lock_guard<std::mutex> lock(writing_);
  for (const std::unique_ptr<TextTable>& table : tables_) {
    if (absl::Status status = table->Write(cells); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status HostRows::Flush() {
  const std::lock_guard<std::mutex> lock(writing_);
  for (const std::unique_ptr<TextTable>& table : tables_) {
    if (absl::Status status = table->Flush(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace mxscan
