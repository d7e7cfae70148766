#include <zlib.h>

#include <algorithm>
#include <climits>

#include "scanner/input/expander.h"

namespace mxscan {
namespace {

// As many as there are, but no more than zlib can count.
uInt Count(size_t size) {
  return static_cast<uInt>(std::min<size_t>(size, UINT_MAX));
}

class GzipExpander final : public Expander {
 public:
  GzipExpander() {
    constexpr int kGzipOnly = 16;
    ready_ = inflateInit2(&stream_, MAX_WBITS + kGzipOnly) == Z_OK;
  }
  ~GzipExpander() override { inflateEnd(&stream_); }

  absl::StatusOr<Step> Expand(absl::Span<const char> in,
                              absl::Span<char> out) override;
  bool whole() const override { return between_members_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
  bool between_members_ = true;
  bool padded_ = false;
  absl::Status damage_;
};

absl::StatusOr<Expander::Step> GzipExpander::Expand(absl::Span<const char> in,
                                                    absl::Span<char> out) {
  if (!damage_.ok()) return damage_;
  if (!ready_) return absl::InternalError("there is no memory to expand it");
  if (between_members_) {
    // Tapes and some archives fill the last block up with zeros.
    const size_t zeros =
        std::find_if(in.begin(), in.end(), [](char c) { return c != 0; }) -
        in.begin();
    padded_ = padded_ || zeros > 0;
    if (zeros > 0) return Step{zeros, 0};
    if (padded_ || inflateReset(&stream_) != Z_OK) {
      return absl::DataLossError("something else follows its last member");
    }
    between_members_ = false;
  }
  stream_.next_in =
      reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // Only read.
  stream_.avail_in = Count(in.size());
  stream_.next_out = reinterpret_cast<Bytef*>(out.data());
  stream_.avail_out = Count(out.size());
  const int result = inflate(&stream_, Z_NO_FLUSH);
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
    // What came before it is given first.
    damage_ =
        absl::DataLossError(stream_.msg != nullptr ? stream_.msg : "no memory");
    if (stream_.avail_out == Count(out.size())) return damage_;
  }
  between_members_ = result == Z_STREAM_END;
  return Step{Count(in.size()) - stream_.avail_in,
              Count(out.size()) - stream_.avail_out};
}

}  // namespace

std::unique_ptr<Expander> MakeGzipExpander() {
  return std::make_unique<GzipExpander>();
}

}  // namespace mxscan
