// What a row costs on its way into text. One item is one row, of a domain with
// two exchanges and four addresses; `bytes_per_row` is what it comes to.

#include <benchmark/benchmark.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bench/support/allocations_per_item.h"
#include "bench/varied_rows.h"
#include "output/byte_sink.h"
#include "output/codec.h"
#include "output/csv_sink.h"
#include "output/ndjson_sink.h"
#include "output/parquet/parquet_sink.h"
#include "output/record.h"
#include "output/timestamp.h"
#include "output/utf8.h"
#include "output/writer_thread.h"

namespace mxscan {
namespace {

// Counts bytes and drops them.
class NoBytes final : public ByteSink {
 public:
  explicit NoBytes(int64_t& bytes) : bytes_(bytes) {}

  absl::Status Write(std::string_view chunk) override {
    bytes_ += static_cast<int64_t>(chunk.size());
    return absl::OkStatus();
  }
  absl::StatusOr<FileMark> Checkpoint() override { return FileMark(); }
  absl::Status Close() override { return absl::OkStatus(); }

 private:
  int64_t& bytes_;
};

// Writes one batch again and again, as a warm writer does.
template <typename TextSink>
void BM_WriteRows(benchmark::State& state) {
  RecordBatch batch;
  for (int line = 1; !batch.full(); ++line) AddRow(batch, 1'000'000 + line);
  int64_t bytes = 0;
  int64_t rows = 0;
  TextSink sink(std::make_unique<NoBytes>(bytes), RunShape());
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(sink.Write(batch.rows()).ok());
    rows += static_cast<int64_t>(batch.size());
  }
  sink.Finish().IgnoreError();
  state.SetItemsProcessed(rows);
  state.SetBytesProcessed(bytes);
  state.counters["bytes_per_row"] =
      static_cast<double>(bytes) / static_cast<double>(rows);
}
BENCHMARK_TEMPLATE(BM_WriteRows, CsvSink);
BENCHMARK_TEMPLATE(BM_WriteRows, NdjsonSink);

using MakeSink = std::unique_ptr<Sink> (*)(std::unique_ptr<ByteSink> bytes);

std::unique_ptr<Sink> Parquet(std::unique_ptr<ByteSink> bytes) {
  return std::make_unique<ParquetSink>(std::move(bytes), RunShape(),
                                       ParquetOptions());
}

std::unique_ptr<Sink> ParquetWithBloom(std::unique_ptr<ByteSink> bytes) {
  ParquetOptions options;
  options.bloom_filter = true;
  return std::make_unique<ParquetSink>(std::move(bytes), RunShape(), options);
}

template <typename TextSink, Compression kCompression>
std::unique_ptr<Sink> Text(std::unique_ptr<ByteSink> bytes) {
  return std::make_unique<TextSink>(Compressed(kCompression, std::move(bytes)),
                                    RunShape());
}

// Writes files of half a million rows, all different, as a scan does. Making
// the rows is not counted.
template <MakeSink kMake>
void BM_WriteFile(benchmark::State& state) {
  constexpr int64_t kFileRows = 500'000;
  RecordBatch batch;
  int64_t bytes = 0;
  int64_t rows = 0;
  for (auto _ : state) {
    const auto sink = kMake(std::make_unique<NoBytes>(bytes));
    for (int64_t line = 0; line < kFileRows;) {
      state.PauseTiming();
      batch.clear();
      while (!batch.full() && line < kFileRows) AddVariedRow(batch, ++line);
      state.ResumeTiming();
      benchmark::DoNotOptimize(sink->Write(batch.rows()).ok());
    }
    sink->Finish().IgnoreError();
    rows += kFileRows;
  }
  state.SetItemsProcessed(rows);
  state.counters["bytes_per_row"] =
      static_cast<double>(bytes) / static_cast<double>(rows);
}
BENCHMARK_TEMPLATE(BM_WriteFile, Parquet);
BENCHMARK_TEMPLATE(BM_WriteFile, ParquetWithBloom);
BENCHMARK_TEMPLATE(BM_WriteFile, Text<CsvSink, Compression::kNone>);
BENCHMARK_TEMPLATE(BM_WriteFile, Text<CsvSink, Compression::kZstd>);
BENCHMARK_TEMPLATE(BM_WriteFile, Text<CsvSink, Compression::kGzip>);
BENCHMARK_TEMPLATE(BM_WriteFile, Text<NdjsonSink, Compression::kNone>);
BENCHMARK_TEMPLATE(BM_WriteFile, Text<NdjsonSink, Compression::kZstd>);
BENCHMARK_TEMPLATE(BM_WriteFile, Text<NdjsonSink, Compression::kGzip>);

void BM_FillBatch(benchmark::State& state) {
  RecordBatch batch;
  int64_t rows = 0;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    batch.clear();
    while (!batch.full()) AddRow(batch, ++rows);
  }
  state.SetItemsProcessed(rows);
}
BENCHMARK(BM_FillBatch);

// Filling on this thread and CSV on the writer's, with the hand-over between.
void BM_WriterThread(benchmark::State& state) {
  int64_t bytes = 0;
  int64_t rows = 0;
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(
      std::make_unique<CsvSink>(std::make_unique<NoBytes>(bytes), RunShape()));
  WriterThread writer(std::move(sinks), nullptr);
  std::unique_ptr<RecordBatch> batch = writer.TakeEmpty();
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    while (!batch->full()) AddRow(*batch, ++rows);
    std::unique_ptr<RecordBatch> next = writer.TakeEmpty();
    while (next == nullptr) {
      std::this_thread::yield();
      next = writer.TakeEmpty();
    }
    writer.Push(std::exchange(batch, std::move(next)));
  }
  writer.Finish().IgnoreError();
  state.SetItemsProcessed(rows);
}
BENCHMARK(BM_WriterThread)->UseRealTime();

void BM_FormatTimestamp(benchmark::State& state) {
  int64_t time = 1'763'770'235'123'456;
  const AllocationsPerItem allocations(state);
  for (auto _ : state) benchmark::DoNotOptimize(FormatTimestamp(time += 977));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_FormatTimestamp);

void BM_ValidUtf8(benchmark::State& state) {
  std::string scratch;
  std::string_view text = "aspmx.l.google.com";
  const AllocationsPerItem allocations(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(text);
    benchmark::DoNotOptimize(ValidUtf8(text, scratch));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ValidUtf8);

}  // namespace
}  // namespace mxscan
