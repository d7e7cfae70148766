#include "output/open_sink.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "absl/status/status.h"
#include "output/csv_sink.h"
#include "output/file_writer.h"
#include "output/ndjson_sink.h"

namespace mxscan {
namespace {

constexpr std::string_view kSupported =
    "; supported are .csv, .ndjson and .jsonl";

// Extensions that promise what we do not write. Any other is a mere name.
constexpr auto kForeign = std::to_array<std::string_view>({
    "arrow", "avro", "bz2", "db",  "duckdb",  "feather", "gz",
    "html",  "json", "lz4", "orc", "parquet", "sarif",   "sqlite",
    "tsv",   "xlsx", "xml", "xz",  "yaml",    "zip",     "zst",
});

// What follows the last dot of the last part of `path`, in lower case.
std::string ExtensionOf(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  const size_t dot = file.rfind('.');
  if (dot == std::string_view::npos) return "";
  std::string extension(file.substr(dot + 1));
  for (char& letter : extension) {
    letter = static_cast<char>(std::tolower(static_cast<uint8_t>(letter)));
  }
  return extension;
}

absl::Status Refuse(std::string_view path, std::string_view why) {
  std::string message = "cannot write ";
  message.append(path).append(": ").append(why).append(kSupported);
  return absl::InvalidArgumentError(message);
}

absl::StatusOr<std::unique_ptr<ByteSink>> OpenBytes(const std::string& path) {
  if (path == "-") return FileWriter::Borrow(STDOUT_FILENO, "standard output");
  absl::StatusOr<std::unique_ptr<FileWriter>> file = FileWriter::Create(path);
  if (!file.ok()) return file.status();
  return *std::move(file);
}

}  // namespace

absl::StatusOr<Format> ParseFormat(std::string_view name) {
  if (name == "csv") return Format::kCsv;
  if (name == "ndjson") return Format::kNdjson;
  std::string message = "unknown format ";
  message.append(name).append("; supported are csv and ndjson");
  return absl::InvalidArgumentError(message);
}

absl::StatusOr<Format> FormatFor(std::string_view path, Format unnamed) {
  if (path.empty()) return Refuse("an output", "its path is empty");
  if (path == "-") return unnamed;
  if (path.back() == '/') return Refuse(path, "it names a directory");
  const std::string extension = ExtensionOf(path);
  if (extension == "csv") return Format::kCsv;
  if (extension == "ndjson" || extension == "jsonl") return Format::kNdjson;
  if (std::ranges::find(kForeign, extension) == kForeign.end()) return unnamed;
  return Refuse(path, "there is no writer for ." + extension);
}

absl::StatusOr<std::unique_ptr<Sink>> OpenSink(const std::string& path,
                                               Format format,
                                               const RunShape& shape) {
  absl::StatusOr<std::unique_ptr<ByteSink>> bytes = OpenBytes(path);
  if (!bytes.ok()) return bytes.status();
  switch (format) {
    case Format::kCsv:
      return std::make_unique<CsvSink>(*std::move(bytes), shape);
    case Format::kNdjson:
      return std::make_unique<NdjsonSink>(*std::move(bytes), shape);
  }
  return Refuse(path, "unknown format");
}

}  // namespace mxscan
