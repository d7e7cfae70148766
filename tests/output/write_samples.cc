// Writes the rows that are hardest to write, through the writer thread, as
// rows.csv, rows.ndjson and rows.parquet into the directory named on the
// command line; and the octets of their `input` as hexadecimal lines into
// inputs.hex. Other programs' readers are then the judges (load_check.py).

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "output/open_sink.h"
#include "output/record.h"
#include "output/writer_thread.h"

namespace mxscan {
namespace {

constexpr std::string_view kList[] = {"192.0.2.1", "2001:db8::1", ""};
constexpr std::string_view kOne[] = {"google"};

std::vector<std::string> HostileInputs() {
  std::vector<std::string> inputs = {"example.com",
                                     "",
                                     " ",
                                     "=cmd|' /C calc'!A0",
                                     "\"",
                                     "\"\"",
                                     ",",
                                     ";",
                                     "a\nb",
                                     "a\r\nb",
                                     "\r",
                                     "a,b\"c\nd",
                                     "\\",
                                     "\\n",
                                     "null",
                                     "NULL",
                                     "[]",
                                     "{}",
                                     "#comment",
                                     "m\xC3\xBCller.de",
                                     "\xEF\xBB\xBF"
                                     "bom.example",
                                     std::string(1, '\0'),
                                     std::string("a\0b", 3),
                                     "\x7F",
                                     "\x1B[31mred"};
  for (const size_t size : {64u << 10, 1u << 20}) {
    inputs.push_back(std::string(size, 'x'));
    inputs.push_back(std::string(size, '"'));
    inputs.push_back(std::string(size, '\xFF'));
  }
  for (int octet = 0; octet < 256; ++octet) {
    inputs.push_back(std::string("x") + static_cast<char>(octet));
  }
  std::mt19937 random(2);
  for (int i = 0; i < 3'000; ++i) {
    std::string input(random() % 40, '\0');
    for (char& octet : input) octet = static_cast<char>(random());
    inputs.push_back(std::move(input));
  }
  return inputs;
}

// As many exchanges as asked for, every field null or empty in some of them.
std::span<const MxRecord> MxOf(size_t size, RecordBatch& batch) {
  const auto list = batch.Allocate<MxRecord>(size);
  for (size_t i = 0; i < size; ++i) {
    MxRecord& mx = list[i];
    mx.preference = static_cast<int32_t>(i * 10 % 65536);
    mx.exchange = batch.Keep("mx" + std::to_string(i) + ".example.com");
    mx.ttl = 4'294'967'295;
    mx.state = "ok";
    if (i % 2 == 1) mx.alias = R"(a\.b\032\(c\).example)";
    if (i % 3 == 1) mx.addresses = kList;
    if (i % 4 == 1) mx.unknown = kOne;
    if (i % 5 == 1) mx.provider = "google";
  }
  return list;
}

// Sets the columns whose bit is in `present`, so that each is null somewhere.
void SetColumns(uint32_t present, Record& record, RecordBatch& batch) {
  const auto has = [&present] {
    const bool bit = present & 1;
    present >>= 1;
    return bit;
  };
  if (has()) record.input_file = "lists/a,\"b\".txt";
  if (has()) record.domain = "example.com";
  if (has()) record.detail = "";
  if (has()) record.scanned_at_us = 1'763'770'235'000'001;
  if (has()) record.mx_count = 400;
  if (has()) record.alias = "alias.example";
  if (has()) record.mx = MxOf(present % 7, batch);
  if (has()) record.addresses = std::span(kList).first(present % 3);
  if (has()) record.primary_mx = "mx0.example.com";
  if (has()) record.provider = "unattributed";
  if (has()) record.providers = std::span(kOne).first(present % 2);
  if (has()) record.provider_name = "M\xC3\xBCller, \"Mail\"";
  if (has()) record.provider_category = "mailbox";
  if (has()) record.provider_via = "mx_suffix";
  if (has()) record.mx_domain = "example.com";
  if (has()) record.backend = std::span(kList).first(present % 3);
  if (has()) record.backend_via = "secondary_mx";
  if (has()) record.authenticated = present & 1;
  if (has()) record.resolver = "[2001:db8::53]:53";
  if (has()) record.protocol = "udp";
  if (has()) record.attempts = 2'147'483'647;
  if (has()) record.rtt_us = 0;
  if (has()) record.findings = std::span(kList).first(present % 2);
  if (has()) record.severity = "warning";
}

// All columns, none, all but one, only one, and then any.
std::vector<uint32_t> NullPatterns() {
  constexpr int kNullable = 24;
  std::vector<uint32_t> patterns = {~0u, 0u};
  for (int bit = 0; bit < kNullable; ++bit) {
    patterns.push_back(~(1u << bit));
    patterns.push_back(1u << bit);
  }
  std::mt19937 random(3);
  for (int i = 0; i < 500; ++i) patterns.push_back(random());
  return patterns;
}

class Samples {
 public:
  Samples(WriterThread& writer, const std::string& hex_path)
      : writer_(writer), inputs_(hex_path), batch_(writer.TakeEmpty()) {}

  Record& Add(std::string_view input) {
    if (batch_->full()) {
      if (auto next = writer_.TakeEmpty()) {
        writer_.Push(std::exchange(batch_, std::move(next)));
      }
    }
    for (const char octet : input) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      inputs_ << kDigits[static_cast<uint8_t>(octet) >> 4]
              << kDigits[static_cast<uint8_t>(octet) & 15];
    }
    inputs_ << '\n';
    Record& record = batch_->Add();
    record.line = ++line_;
    record.input = batch_->Keep(input);
    record.status = "ok";
    return record;
  }

  // The batch that holds the last row.
  RecordBatch& batch() { return *batch_; }
  void End() { writer_.Push(std::move(batch_)); }

 private:
  WriterThread& writer_;
  std::ofstream inputs_;
  std::unique_ptr<RecordBatch> batch_;
  int64_t line_ = 0;
};

// About something whose octets are those of the row's input.
void AddFinding(Record& record, RecordBatch& batch) {
  const auto findings = batch.Allocate<FindingRecord>(1);
  findings[0].id = "single_mx";
  findings[0].severity = "warning";
  findings[0].subject = record.input;
  findings[0].detail = std::to_string(record.line).size() % 2 == 0
                           ? NullableText(record.input)
                           : std::nullopt;
  findings[0].message = record.input.empty() ? "empty" : record.input;
  record.domain = batch.Keep("d" + std::to_string(record.line) + ".example");
  record.finding_rows = findings;
}

absl::Status WriteSamples(const std::string& dir) {
  SinkOptions options;
  options.shape.several_inputs = true;
  std::vector<std::unique_ptr<Sink>> sinks;
  options.finding_rules = {{.id = "single_mx",
                            .severity = "warning",
                            .meaning = "There is {one}.",
                            .remedy = "Add another.",
                            .reference = "RFC 5321",
                            .help_uri = "https://example.com/5321",
                            .group = "mx"}};
  for (const std::string& path :
       {dir + "/rows.csv", dir + "/rows.ndjson", dir + "/rows.parquet",
        dir + "/findings.sarif", dir + "/findings.sarif.gz"}) {
    auto sink = OpenSink(path, *FormatFor(path), options);
    if (!sink.ok()) return sink.status();
    sinks.push_back(*std::move(sink));
  }
  WriterThread writer(std::move(sinks), nullptr);
  Samples samples(writer, dir + "/inputs.hex");
  for (const std::string& input : HostileInputs()) {
    Record& record = samples.Add(input);  // Which may begin another batch.
    AddFinding(record, samples.batch());
  }
  for (const uint32_t present : NullPatterns()) {
    Record& record = samples.Add("example.com");
    SetColumns(present, record, samples.batch());
  }
  for (const size_t size : {0u, 1u, 2u, 400u, 5'000u}) {
    Record& record = samples.Add("many.example");
    record.mx = MxOf(size, samples.batch());
  }
  samples.End();
  return writer.Finish();
}

}  // namespace
}  // namespace mxscan

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s DIR\n", argv[0]);
    return 2;
  }
  const absl::Status status = mxscan::WriteSamples(argv[1]);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
