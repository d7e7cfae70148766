// Reading inputs, from octets to normalised domains. One item is one line.

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "bench/support/allocations_per_item.h"
#include "scanner/input/csv_source.h"
#include "scanner/input/line_source.h"
#include "scanner/input/zone_source.h"

namespace mxscan {
namespace {

// Octets of a list that is made while it is read, so that its size costs no
// memory: `Write` appends the lines of one domain and says how many.
template <int Write(int64_t, std::string&)>
class MadeBytes : public ByteSource {
 public:
  explicit MadeBytes(int64_t lines) : lines_(lines) {}

  absl::StatusOr<size_t> Read(absl::Span<char> out) override {
    if (at_ == text_.size()) Make();
    const size_t length = std::min(out.size(), text_.size() - at_);
    std::copy_n(text_.data() + at_, length, out.data());
    at_ += length;
    read_ += static_cast<int64_t>(length);
    return length;
  }
  int64_t bytes_read() const override { return read_; }
  std::optional<int64_t> bytes_total() const override { return std::nullopt; }

 private:
  void Make() {
    constexpr size_t kChunk = size_t{256} << 10;
    text_.clear();
    at_ = 0;
    while (made_ < lines_ && text_.size() < kChunk) {
      made_ += Write(domain_++, text_);
    }
  }

  const int64_t lines_;
  int64_t made_ = 0;
  int64_t domain_ = 0;
  int64_t read_ = 0;
  std::string text_;
  size_t at_ = 0;
};

// As a registry publishes it: two name servers, now and then DS, glue, NSEC3.
int WriteZone(int64_t domain, std::string& text) {
  const std::string name = absl::StrCat("example", domain, ".com.");
  const auto record = [&](const char* rest, const std::string& data) {
    absl::StrAppend(&text, name, rest, data, "\n");
  };
  record("\t172800\tin\tns\t", "ns1.hosting.example.");
  record("\t172800\tin\tns\t", "ns2.hosting.example.");
  if (domain % 8 != 0) return 2;
  record("\t86400\tin\tds\t",
         "370 13 2 BE74359954660069D5C63D200C39F5603827D7");
  record("\t86400\tin\trrsig\t", "ds 13 2 86400 20260901 20260825 4459 com. A");
  absl::StrAppend(&text, "ns1.", name, "\t172800\tin\ta\t192.0.2.1\n");
  absl::StrAppend(&text, "CK0POJMG874LJREF7EFN8430QVIT8BSM.com.\t900\tin\t",
                  "nsec3\t1 1 0 - CK0Q2D6NI4I7EQH8NA30NS61O48UL8G5 NS SOA\n");
  return 6;
}

int WriteRanked(int64_t domain, std::string& text) {
  absl::StrAppend(&text, domain + 1, ",example", domain, ".com\r\n");
  return 1;
}

int WriteLine(int64_t domain, std::string& text) {
  absl::StrAppend(&text, "example", domain, ".com\n");
  return 1;
}

double PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Reads all; the time to make the lines is in it.
template <class Source>
void ReadAll(benchmark::State& state, Source& source) {
  InputLine line;
  int64_t names = 0;
  while (*source.Next(line)) ++names;
  state.counters["domains"] = static_cast<double>(names);
  state.counters["peak_MB"] = PeakMegabytes();
}

void BM_Lines(benchmark::State& state) {
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    MadeBytes<WriteLine> bytes(state.range(0));
    LineSource source(bytes, 0);
    ReadAll(state, source);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_Ranked(benchmark::State& state) {
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    MadeBytes<WriteRanked> bytes(state.range(0));
    CsvSource source(bytes, {});
    ReadAll(state, source);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_Zone(benchmark::State& state) {
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    MadeBytes<WriteZone> bytes(state.range(0));
    ZoneSource source(bytes, "com.zone", 0);
    ReadAll(state, source);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// What making the lines costs by itself, to be taken off.
void BM_MakeZone(benchmark::State& state) {
  std::string out(size_t{1} << 20, '\0');
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    MadeBytes<WriteZone> bytes(state.range(0));
    while (*bytes.Read(absl::MakeSpan(&out[0], out.size())) > 0) {
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(BM_Lines)->Arg(1'000'000);
BENCHMARK(BM_Ranked)->Arg(1'000'000);
BENCHMARK(BM_Zone)->Arg(1'000'000)->Arg(10'000'000);
BENCHMARK(BM_MakeZone)->Arg(10'000'000);

}  // namespace
}  // namespace mxscan
