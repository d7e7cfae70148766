#include "scanner/pages/page_sink.h"

#include <algorithm>
#include <string>

#include "scanner/pages/domain_page.h"

namespace mxscan {
namespace {

constexpr int kWidest = 100;  // Longer lines are hard to read.

}  // namespace

PageSink::PageSink(const Terminal& terminal, const ProviderTable& providers)
    : terminal_(terminal),
      providers_(providers),
      out_(FileWriter::Borrow(terminal.fd, "standard output")) {}

absl::Status PageSink::Write(std::span<const Record> records) {
  for (const Record& record : records) {
    absl::Status shown = Show(record);
    if (!shown.ok()) return shown;
  }
  return absl::OkStatus();
}

// A status line may stand where the page goes: it is wiped away first, and
// drawn again below.
absl::Status PageSink::Show(const Record& record) {
  std::string text = terminal_.redraws ? "\r\x1b[J" : "";
  text += DomainPage(record, providers_,
                     {.columns = std::min(terminal_.Columns(), kWidest),
                      .colours = terminal_.colours,
                      .unicode = terminal_.unicode});
  text += '\n';
  return out_->Write(text);
}

absl::StatusOr<DurableMark> PageSink::Checkpoint() {
  return absl::FailedPreconditionError("a terminal keeps nothing");
}

}  // namespace mxscan
