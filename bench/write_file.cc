// Writes rows like a scan's into a file, as `-o PATH` does, and says what that
// took of the processor; making the rows is not counted. bench/output_table
// prints a table of it.
//
//   write_file PATH ROWS    prints the seconds

#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "bench/varied_rows.h"
#include "output/open_sink.h"

namespace mxscan {
namespace {

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) * 1e-9;
}

absl::StatusOr<double> WriteFile(const std::string& path, int64_t rows) {
  const absl::StatusOr<FileFormat> format = FormatFor(path);
  if (!format.ok()) return format.status();
  const auto sink = OpenSink(path, *format, SinkOptions());
  if (!sink.ok()) return sink.status();
  double seconds = 0;
  RecordBatch batch;
  for (int64_t line = 0; line < rows;) {
    batch.clear();
    while (!batch.full() && line < rows) AddVariedRow(batch, ++line);
    const double start = CpuSeconds();
    const absl::Status written = (*sink)->Write(batch.rows());
    if (!written.ok()) return written;
    seconds += CpuSeconds() - start;
  }
  const double start = CpuSeconds();
  const absl::Status finished = (*sink)->Finish();
  if (!finished.ok()) return finished;
  return seconds + CpuSeconds() - start;
}

}  // namespace
}  // namespace mxscan

int main(int argc, char** argv) {
  const int64_t rows = argc == 3 ? std::atoll(argv[2]) : 0;
  if (rows <= 0) {
    std::fprintf(stderr, "usage: %s PATH ROWS\n", argv[0]);
    return 2;
  }
  const absl::StatusOr<double> seconds = mxscan::WriteFile(argv[1], rows);
  if (!seconds.ok()) {
    std::fprintf(stderr, "%s\n", seconds.status().ToString().c_str());
    return 1;
  }
  std::printf("%.6f\n", *seconds);
  return 0;
}
