// Rows as a scan leaves them, for measurements: every column has a value, and
// what differs between domains differs here too. The same for the same line.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "output/record.h"

namespace mxscan {

inline MxRecord KeepExchange(RecordBatch& batch, int preference,
                             std::string_view exchange) {
  MxRecord mx;
  mx.preference = preference;
  mx.exchange = batch.Keep(exchange);
  mx.ttl = 3600;
  mx.state = "ok";
  const auto addresses = batch.Allocate<std::string_view>(2);
  addresses[0] = batch.Keep("142.250.27.27");
  addresses[1] = batch.Keep("2a00:1450:4025:401::1b");
  mx.addresses = addresses;
  mx.provider = "google";
  return mx;
}

// One row as a scan leaves it, with its text copied into the batch.
inline Record& AddRow(RecordBatch& batch, int64_t line) {
  const auto mx = batch.Allocate<MxRecord>(2);
  mx[0] = KeepExchange(batch, 1, "aspmx.l.google.com");
  mx[1] = KeepExchange(batch, 5, "alt1.aspmx.l.google.com");
  const auto providers = batch.Allocate<std::string_view>(1);
  providers[0] = "google";
  Record& record = batch.Add();
  record.line = line;
  record.input = batch.Keep("some-domain.example");
  record.domain = record.input;
  record.status = "ok";
  record.scanned_at_us = 1'763'770'235'123'456 + line;
  record.mx_count = 2;
  record.mx = mx;
  record.primary_mx = mx[0].exchange;
  record.provider = "google";
  record.providers = providers;
  record.provider_name = "Google Workspace";
  record.provider_category = "mailbox";
  record.provider_via = "mx_suffix";
  record.mx_domain = batch.Keep("google.com");
  record.authenticated = false;
  record.resolver = "192.0.2.53:53";
  record.protocol = "udp";
  record.attempts = 1;
  record.rtt_us = 18'234;
  const auto findings = batch.Allocate<std::string_view>(1);
  findings[0] = "ipv6_missing";
  record.findings = findings;
  record.severity = "info";
  return record;
}

// A number that looks like chance, the same for the same line.
inline uint64_t Scatter(int64_t line) {
  return static_cast<uint64_t>(line) * 0x9E3779B97F4A7C15;
}

// The same row, but with what differs between domains: names, times, and, for
// one row in three, exchanges of its own.
inline void AddVariedRow(RecordBatch& batch, int64_t line) {
  const uint64_t chance = Scatter(line);
  const std::string name = "domain" + std::to_string(chance >> 40);
  Record& record = AddRow(batch, line);
  record.input = batch.Keep(name + ".example");
  record.domain = record.input;
  record.rtt_us = 9'000 + static_cast<int64_t>(chance >> 20 & 0xFFFF);
  record.scanned_at_us = 1'763'770'235'000'000 + line * 101;
  if (chance % 3 != 0) return;
  const auto mx = batch.Allocate<MxRecord>(2);
  mx[0] = KeepExchange(batch, 10, "mx1." + name + ".example");
  mx[1] = KeepExchange(batch, 20, "mx2." + name + ".example");
  record.mx = mx;
  record.primary_mx = mx[0].exchange;
  record.provider = "own_name";
  record.mx_domain = record.domain;
}

}  // namespace mxscan
