#include <zstd.h>
#include <zstd_errors.h>

#include "scanner/input/expander.h"

namespace mxscan {
namespace {

class ZstdExpander final : public Expander {
 public:
  ZstdExpander() : stream_(ZSTD_createDStream()) {}
  ~ZstdExpander() override { ZSTD_freeDStream(stream_); }

  absl::StatusOr<Step> Expand(absl::Span<const char> in,
                              absl::Span<char> out) override {
    if (stream_ == nullptr) {
      return absl::InternalError("there is no memory to expand it");
    }
    if (!damage_.ok()) return damage_;
    ZSTD_inBuffer from = {in.data(), in.size(), 0};
    ZSTD_outBuffer to = {out.data(), out.size(), 0};
    const size_t left = ZSTD_decompressStream(stream_, &to, &from);
    if (ZSTD_isError(left) != 0) {
      // What came before it is given first.
      damage_ = Explain(left);
      if (to.pos == 0) return damage_;
    }
    whole_ = left == 0;
    return Step{from.pos, to.pos};
  }

  bool whole() const override { return whole_; }

 private:
  // The library's own cap on a window, 128 MiB, keeps memory flat.
  static absl::Status Explain(size_t error) {
    if (ZSTD_getErrorCode(error) == ZSTD_error_frameParameter_windowTooLarge) {
      return absl::DataLossError(
          "its window is above 128 MiB (--long); compress it without");
    }
    return absl::DataLossError(ZSTD_getErrorName(error));
  }

  ZSTD_DStream* const stream_;
  bool whole_ = true;
  absl::Status damage_;
};

}  // namespace

std::unique_ptr<Expander> MakeZstdExpander() {
  return std::make_unique<ZstdExpander>();
}

}  // namespace mxscan
