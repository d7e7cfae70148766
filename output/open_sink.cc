#include "output/open_sink.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "output/atomic_file.h"
#include "output/csv_sink.h"
#include "output/dataset_sink.h"
#include "output/file_writer.h"
#include "output/ndjson_sink.h"
#include "output/parquet/parquet_sink.h"
#include "output/sarif_sink.h"

namespace mxscan {
namespace {

constexpr std::string_view kSupported =
    "; supported are .csv, .ndjson and .jsonl, each also with .gz or .zst, "
    "and .parquet, and a path that ends in / for a dataset; for findings "
    ".sarif as well";

// Extensions that promise what we do not write. Any other is a mere name.
constexpr auto kForeign = std::to_array<std::string_view>({
    "arrow",
    "avro",
    "bz2",
    "db",
    "duckdb",
    "feather",
    "html",
    "json",
    "lz4",
    "orc",
    "sqlite",
    "tsv",
    "xlsx",
    "xml",
    "xz",
    "yaml",
    "zip",
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

Compression CompressionFor(std::string_view path) {
  const std::string extension = ExtensionOf(path);
  if (extension == "gz") return Compression::kGzip;
  if (extension == "zst") return Compression::kZstd;
  return Compression::kNone;
}

absl::Status Refuse(std::string_view path, std::string_view why,
                    std::string_view remedy = kSupported) {
  std::string message = "cannot write ";
  message.append(path).append(": ").append(why).append(remedy);
  return absl::InvalidArgumentError(message);
}

using OpenedBytes = absl::StatusOr<std::unique_ptr<ByteSink>>;

OpenedBytes OpenStandardOutput(Format format) {
  if (format == Format::kParquet && isatty(STDOUT_FILENO) == 1) {
    return Refuse("Parquet to a terminal", "it is binary",
                  "; name a file by -o, or redirect standard output");
  }
  return FileWriter::Borrow(STDOUT_FILENO, "standard output");
}

// These are of no use before their last byte is written.
bool IsWhole(Format format) {
  return format == Format::kParquet || format == Format::kSarif;
}

OpenedBytes OpenWhole(const std::string& path, bool resumable) {
  using Unfinished = AtomicFile::Unfinished;
  absl::StatusOr<std::unique_ptr<AtomicFile>> file = AtomicFile::Create(
      path, resumable ? Unfinished::kKept : Unfinished::kRemoved);
  if (!file.ok()) return file.status();
  return *std::move(file);
}

OpenedBytes ReopenWhole(const std::string& path, const FileMark& mark) {
  absl::StatusOr<std::unique_ptr<AtomicFile>> file =
      AtomicFile::Reopen(path, mark);
  if (!file.ok()) return file.status();
  return *std::move(file);
}

OpenedBytes OpenText(const std::string& path) {
  absl::StatusOr<std::unique_ptr<FileWriter>> file = FileWriter::Create(path);
  if (!file.ok()) return file.status();
  return *std::move(file);
}

OpenedBytes ReopenText(const std::string& path, const FileMark& mark) {
  absl::StatusOr<std::unique_ptr<FileWriter>> file =
      FileWriter::Reopen(path, mark);
  if (!file.ok()) return file.status();
  return *std::move(file);
}

OpenedBytes OpenBytes(const std::string& path, Format format,
                      const SinkOptions& options) {
  if (path == "-") return OpenStandardOutput(format);
  if (!IsWhole(format)) return OpenText(path);
  return OpenWhole(path, options.resumable);
}

ParquetOptions ParquetOptionsOf(const SinkOptions& options) {
  ParquetOptions parquet;
  parquet.bloom_filter = options.bloom_filter;
  parquet.version = options.version;
  parquet.key_values = {{"mxscan.providers", options.provider_table_version}};
  return parquet;
}

SarifOptions SarifOptionsOf(const SinkOptions& options) {
  SarifOptions sarif;
  sarif.version = options.version;
  sarif.rules = options.finding_rules;
  sarif.input_file = options.only_input;
  sarif.started_at_us = options.dataset.started_at_us;
  return sarif;
}

std::string_view NameOf(Format format) {
  switch (format) {
    case Format::kCsv: return "csv";
    case Format::kNdjson: return "ndjson";
    case Format::kParquet: return "parquet";
    case Format::kSarif: break;
  }
  return "sarif";
}

// Goes on with a file whose `bytes` end at `mark`.
absl::StatusOr<std::unique_ptr<Sink>> MakeSinkBehind(
    const DurableMark& mark, const FileFormat& format,
    std::unique_ptr<ByteSink> bytes, const SinkOptions& options) {
  if (format.format == Format::kParquet) {
    auto parquet = ParquetSink::GoOn(std::move(bytes), options.shape,
                                     ParquetOptionsOf(options), mark);
    if (!parquet.ok()) return parquet.status();
    return *std::move(parquet);
  }
  bytes = Compressed(format.compression, std::move(bytes));
  switch (format.format) {
    case Format::kCsv:
      return std::make_unique<CsvSink>(std::move(bytes), options.shape,
                                       CsvSink::Header::kLeftOut);
    case Format::kSarif: {
      SarifOptions sarif = SarifOptionsOf(options);
      sarif.has_header = true;
      sarif.has_results = !mark.added.empty();
      return std::make_unique<SarifSink>(std::move(bytes), sarif);
    }
    default: break;
  }
  return std::make_unique<NdjsonSink>(std::move(bytes), options.shape);
}

}  // namespace

absl::StatusOr<FileFormat> ParseFormat(std::string_view name) {
  const Compression compression = CompressionFor(name);
  const std::string_view plain = compression == Compression::kNone
                                     ? name
                                     : name.substr(0, name.rfind('.'));
  if (plain == "csv") return FileFormat{Format::kCsv, compression};
  if (plain == "ndjson") return FileFormat{Format::kNdjson, compression};
  if (name == "parquet") return FileFormat{Format::kParquet};
  std::string message = "unknown format ";
  message.append(name).append(
      "; supported are csv and ndjson, each also with .gz or .zst, and "
      "parquet");
  return absl::InvalidArgumentError(message);
}

std::string ToText(const FileFormat& format) {
  std::string text(NameOf(format.format));
  if (format.compression == Compression::kGzip) text.append(".gz");
  if (format.compression == Compression::kZstd) text.append(".zst");
  return text;
}

absl::StatusOr<FileFormat> FormatFor(std::string_view path,
                                     std::optional<FileFormat> asked) {
  if (path.empty()) return Refuse("an output", "its path is empty");
  if (path == "-") return asked.value_or(FileFormat());
  if (path.back() == '/') return asked.value_or(FileFormat{Format::kParquet});
  const Compression compression = CompressionFor(path);
  const bool compressed = compression != Compression::kNone;
  const std::string_view named =
      compressed ? path.substr(0, path.rfind('.')) : path;
  const std::string extension = ExtensionOf(named);
  if (compressed && extension == "parquet") {
    return Refuse(path, "Parquet is compressed within");
  }
  if (extension == "csv") return FileFormat{Format::kCsv, compression};
  if (extension == "ndjson" || extension == "jsonl") {
    return FileFormat{Format::kNdjson, compression};
  }
  if (extension == "parquet") return FileFormat{Format::kParquet};
  if (extension == "sarif") return FileFormat{Format::kSarif, compression};
  if (std::ranges::find(kForeign, extension) != kForeign.end()) {
    return Refuse(path, "there is no writer for ." + extension);
  }
  FileFormat format = asked.value_or(FileFormat());
  if (!compressed) return format;
  if (format.format == Format::kParquet) {
    return Refuse(path, "Parquet is compressed within");
  }
  format.compression = compression;
  return format;
}

std::unique_ptr<Sink> MakeSink(const FileFormat& format,
                               std::unique_ptr<ByteSink> bytes,
                               const SinkOptions& options) {
  switch (format.format) {
    case Format::kCsv:
      return std::make_unique<CsvSink>(
          Compressed(format.compression, std::move(bytes)), options.shape);
    case Format::kNdjson:
      return std::make_unique<NdjsonSink>(
          Compressed(format.compression, std::move(bytes)), options.shape);
    case Format::kSarif:
      return std::make_unique<SarifSink>(
          Compressed(format.compression, std::move(bytes)),
          SarifOptionsOf(options));
    case Format::kParquet: break;
  }
  return std::make_unique<ParquetSink>(std::move(bytes), options.shape,
                                       ParquetOptionsOf(options));
}

absl::StatusOr<std::unique_ptr<Sink>> OpenSink(const std::string& path,
                                               const FileFormat& format,
                                               const SinkOptions& options) {
  if (path.ends_with('/')) return DatasetSink::Create(path, format, options);
  OpenedBytes bytes = OpenBytes(path, format.format, options);
  if (!bytes.ok()) return bytes.status();
  return MakeSink(format, *std::move(bytes), options);
}

absl::StatusOr<std::unique_ptr<Sink>> ReopenSink(const std::string& path,
                                                 const FileFormat& format,
                                                 const SinkOptions& options,
                                                 const DurableMark& mark) {
  if (path.ends_with('/')) {
    return DatasetSink::GoOn(path, format, options, mark);
  }
  const absl::StatusOr<FileMark> file = ParseFileMark(mark.state);
  if (!file.ok()) return file.status();
  OpenedBytes bytes = IsWhole(format.format) ? ReopenWhole(path, *file)
                                             : ReopenText(path, *file);
  if (!bytes.ok()) return bytes.status();
  return MakeSinkBehind(mark, format, *std::move(bytes), options);
}

bool CanBeResumed(const std::string& path) {
  if (path == "-") return false;
  if (path.ends_with('/')) return true;
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return !std::filesystem::exists(status) ||
         std::filesystem::is_regular_file(status);
}

}  // namespace mxscan
